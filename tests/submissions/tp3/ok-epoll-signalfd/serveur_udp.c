#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#define DIE(x) do { perror(x); exit(EXIT_FAILURE); } while (0)

static int get_port(const char *t)
{
    long v = 0;
    if (!*t) return -1;
    for (; *t; t++) {
        if (*t < '0' || *t > '9') return -1;
        v = v * 10 + (*t - '0');
        if (v > UINT16_MAX) return -1;
    }
    return v ? (int)v : -1;
}

int main(int argc, char **argv)
{
    int port = argc > 1 ? get_port(argv[1]) : 4444;
    if (argc > 2 || port < 0) { fprintf(stderr, "Usage: %s [PORT]\n", argv[0]); return 2; }
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s < 0) DIE("socket");
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_ANY) } };
    if (bind(s, (struct sockaddr *)&a, sizeof a)) DIE("bind");
    sigset_t m;
    sigemptyset(&m);
    sigaddset(&m, SIGINT);
    sigaddset(&m, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &m, NULL)) DIE("sigprocmask");
    int sf = signalfd(-1, &m, SFD_CLOEXEC);
    if (sf < 0) DIE("signalfd");
    int ep = epoll_create1(EPOLL_CLOEXEC);
    if (ep < 0) DIE("epoll_create1");
    struct epoll_event ev = { .events = EPOLLIN | EPOLLET, .data.fd = s };
    if (epoll_ctl(ep, EPOLL_CTL_ADD, s, &ev)) DIE("epoll_ctl");
    ev.events = EPOLLIN; ev.data.fd = sf;
    if (epoll_ctl(ep, EPOLL_CTL_ADD, sf, &ev)) DIE("epoll_ctl");
    for (;;) {
        struct epoll_event got[4];
        int k = epoll_wait(ep, got, 4, -1);
        if (k < 0) { if (errno == EINTR) continue; DIE("epoll_wait"); }
        for (int i = 0; i < k; i++) {
            if (got[i].data.fd == sf) { close(ep); close(sf); close(s); return 0; }
            for (;;) {
                uint8_t b[1024];
                struct sockaddr_in c;
                socklen_t l = sizeof c;
                ssize_t n = recvfrom(s, b, sizeof b, 0, (struct sockaddr *)&c, &l);
                if (n < 0) { if (errno == EINTR) continue; if (errno == EAGAIN) break; DIE("recvfrom"); }
                if (sendto(s, b, n, 0, (struct sockaddr *)&c, l) < 0) perror("sendto");
            }
        }
    }
}

#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
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
    int port = argc > 2 ? get_port(argv[2]) : 4444;
    struct sockaddr_in d = { .sin_family = AF_INET, .sin_port = htons(port) };
    if (argc > 4 || port < 0 || inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &d.sin_addr) != 1) {
        fprintf(stderr, "Usage: %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
        return 2;
    }
    const char *m = argc > 3 ? argv[3] : "Hello World";
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), t = timerfd_create(CLOCK_MONOTONIC, 0), ep = epoll_create1(0);
    if (s < 0 || t < 0 || ep < 0) DIE("init");
    if (connect(s, (struct sockaddr *)&d, sizeof d)) DIE("connect");
    struct itimerspec it = { .it_value = { 3, 0 } };
    if (timerfd_settime(t, 0, &it, NULL)) DIE("timerfd_settime");
    struct epoll_event ev = { .events = EPOLLIN, .data.fd = s };
    if (epoll_ctl(ep, EPOLL_CTL_ADD, s, &ev)) DIE("epoll_ctl");
    ev.data.fd = t;
    if (epoll_ctl(ep, EPOLL_CTL_ADD, t, &ev)) DIE("epoll_ctl");
    if (write(s, m, strlen(m)) < 0) DIE("write");
    for (;;) {
        struct epoll_event g[2];
        int k = epoll_wait(ep, g, 2, -1);
        if (k < 0) { if (errno == EINTR) continue; DIE("epoll_wait"); }
        for (int i = 0; i < k; i++) if (g[i].data.fd == s) {
            char b[1200] = "Recu : ";
            ssize_t n = read(s, b + 7, 1024);
            if (n < 0) { if (errno == EAGAIN || errno == EINTR) continue; DIE("read"); }
            b[7 + n] = '\n';
            size_t done = 0, all = 8 + n;
            while (done < all) { ssize_t w = write(1, b + done, all - done); if (w < 0) { if (errno == EINTR) continue; DIE("write"); } done += w; }
            return 0;
        }
        for (int i = 0; i < k; i++) if (g[i].data.fd == t) { fprintf(stderr, "%s: aucune réponse en 3 s\n", argv[0]); return 1; }
    }
}

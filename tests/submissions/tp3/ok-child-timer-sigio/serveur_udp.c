#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
/* signal driven input: SIGIO is blocked, taken by sigwaitinfo */
static int vider(int s)
{
    for (;;) {
        char b[1100];
        struct sockaddr_in c;
        socklen_t l = sizeof c;
        ssize_t n = recvfrom(s, b, sizeof b, MSG_DONTWAIT, (struct sockaddr *)&c, &l);
        if (n < 0) {
            if (errno == EINTR) continue;
            if (errno == EAGAIN) return 0;
            perror("recvfrom");
            return -1;
        }
        if (sendto(s, b, n, 0, (struct sockaddr *)&c, l) < 0) perror("sendto");
    }
}
int main(int argc, char **argv)
{
    int port = 4444; char c;
    if (argc > 2 || (argc == 2 && (sscanf(argv[1], "%6d%c", &port, &c) != 1 || port < 1 || port > 65535))) {
        fprintf(stderr, "Utilisation : %s [PORT]\n", argv[0]);
        return 2;
    }
    sigset_t m;
    sigemptyset(&m);
    sigaddset(&m, SIGIO);
    if (sigprocmask(SIG_BLOCK, &m, NULL) < 0) { perror("sigprocmask"); return 1; }
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0) { perror("socket"); return 1; }
    if (fcntl(s, F_SETOWN, getpid()) < 0 || fcntl(s, F_SETFL, O_NONBLOCK | O_ASYNC) < 0) { perror("fcntl"); return 1; }
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(s, (struct sockaddr *)&a, sizeof a) < 0) { perror("bind"); return 1; }
    for (;;) {
        if (vider(s) < 0) return 1;
        siginfo_t si;
        if (sigwaitinfo(&m, &si) < 0 && errno != EINTR) { perror("sigwaitinfo"); return 1; }
    }
}

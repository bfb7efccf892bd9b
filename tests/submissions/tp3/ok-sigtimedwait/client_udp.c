#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
int main(int argc, char **argv)
{
    unsigned port = 4444;
    int fin = 0;
    struct sockaddr_in d = { .sin_family = AF_INET };
    if (argc > 4 || (argc > 2 && (sscanf(argv[2], "%5u%n", &port, &fin) != 1 || argv[2][fin] || argv[2][0] == '-' || port - 1u > 65534u))
        || inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &d.sin_addr) != 1) {
        dprintf(2, "usage: %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
        return 2;
    }
    d.sin_port = htons(port);
    const char *m = argc > 3 ? argv[3] : "Hello World";
    sigset_t io;
    sigemptyset(&io);
    sigaddset(&io, SIGIO);
    if (sigprocmask(SIG_BLOCK, &io, NULL)) { perror("sigprocmask"); return 1; }
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0) { perror("socket"); return 1; }
    if (fcntl(s, F_SETOWN, getpid()) || fcntl(s, F_SETFL, O_ASYNC | O_NONBLOCK)) { perror("fcntl"); return 1; }
    if (connect(s, (struct sockaddr *)&d, sizeof d)) { perror("connect"); return 1; }
    if (send(s, m, strlen(m), 0) < 0) { perror("send"); return 1; }
    struct timespec t0, t;
    clock_gettime(CLOCK_MONOTONIC, &t0);
    for (;;) {
        char b[1500];
        ssize_t n = recv(s, b, sizeof b, 0);
        if (n >= 0) { dprintf(1, "Recu : %.*s\n", (int)n, b); return 0; }
        if (errno != EAGAIN && errno != EINTR) { perror("recv"); return 1; }
        clock_gettime(CLOCK_MONOTONIC, &t);
        long long r = 3000000000LL - (t.tv_sec - t0.tv_sec) * 1000000000LL - (t.tv_nsec - t0.tv_nsec);
        if (r <= 0) { dprintf(2, "client_udp: pas de réponse\n"); return 1; }
        t.tv_sec = r / 1000000000; t.tv_nsec = r % 1000000000;
        if (sigtimedwait(&io, NULL, &t) < 0 && errno != EAGAIN && errno != EINTR) { perror("sigtimedwait"); return 1; }
    }
}

#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
static int ev;
static void sonne(union sigval v)
{
    uint64_t un = 1;
    (void)v;
    if (write(ev, &un, sizeof un) < 0) abort();
}
int main(int argc, char **argv)
{
    int port = 4444;
    struct sockaddr_in d = { .sin_family = AF_INET };
    if (argc > 2) {
        char *f; errno = 0;
        long v = strtol(argv[2], &f, 10);
        port = (errno || f == argv[2] || *f || v < 1 || v > 65535) ? -1 : (int)v;
    }
    if (port < 0 || argc > 4 || 1 != inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &d.sin_addr)) {
        fprintf(stderr, "Usage : client_udp [ADRESSE [PORT [MESSAGE]]]\n");
        return 2;
    }
    d.sin_port = htons(port);
    char *m = argc > 3 ? argv[3] : "Hello World";
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    ev = eventfd(0, 0);
    if (s < 0 || ev < 0) { perror("socket"); return 1; }
    timer_t t;
    struct sigevent se = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = sonne };
    struct itimerspec it = { .it_value.tv_sec = 3 };
    if (timer_create(CLOCK_MONOTONIC, &se, &t) < 0) { perror("timer_create"); return 1; }
    if (connect(s, (struct sockaddr *)&d, sizeof d) < 0) { perror("connect"); return 1; }
    if (send(s, m, strlen(m), 0) < 0) { perror("send"); return 1; }
    if (timer_settime(t, 0, &it, NULL) < 0) { perror("timer_settime"); return 1; }
    for (;;) {
        struct pollfd p[2] = { { s, POLLIN, 0 }, { ev, POLLIN, 0 } };
        if (poll(p, 2, -1) < 0) { if (errno == EINTR) continue; perror("poll"); return 1; }
        if (p[0].revents) {
            char b[1024];
            ssize_t n = recv(s, b, sizeof b, MSG_DONTWAIT);
            if (n >= 0) {
                timer_delete(t);
                printf("Recu : %.*s\n", (int)n, b);
                return 0;
            }
            if (errno != EAGAIN && errno != EINTR) { perror("recv"); return 1; }
        }
        if (p[1].revents) { timer_delete(t); fprintf(stderr, "délai de 3 s dépassé\n"); return 1; }
    }
}

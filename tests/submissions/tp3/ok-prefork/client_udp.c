#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static long long ms(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000LL + t.tv_nsec / 1000000; }

int main(int argc, char *argv[])
{
    struct sockaddr_in d = { .sin_family = AF_INET, .sin_port = htons(4444) };
    const char *m = "Hello World";
    if (inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &d.sin_addr) != 1 || argc > 4) goto usage;
    if (argc > 2) {
        char *e; errno = 0;
        unsigned long v = strtoul(argv[2], &e, 10);
        if (argv[2][0] < '0' || argv[2][0] > '9' || *e || errno || v == 0 || v > 65535) goto usage;
        d.sin_port = htons((unsigned short)v);
    }
    if (argc > 3) m = argv[3];
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0) err(1, "socket");
    if (connect(s, (void *)&d, sizeof d) < 0) err(1, "connect");
    if (send(s, m, strlen(m), 0) < 0) err(1, "send");
    long long fin = ms() + 3000;
    for (;;) {
        long long reste = fin - ms();
        if (reste < 0) reste = 0;
        struct pollfd p = { s, POLLIN, 0 };
        int r = poll(&p, 1, (int)reste);
        if (r < 0 && errno == EINTR) continue;
        if (r < 0) err(1, "poll");
        if (r == 0) errx(1, "pas de réponse en 3 s");
        char b[2048];
        ssize_t n = recv(s, b, sizeof b, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (n < 0) err(1, "recv");
        printf("Recu : %.*s\n", (int)n, b);
        return fflush(stdout) == 0 ? 0 : 1;
    }
usage:
    fprintf(stderr, "usage: %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
    return 2;
}

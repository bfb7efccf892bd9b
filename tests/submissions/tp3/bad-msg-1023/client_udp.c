#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
//INC
static int usage(void) { fprintf(stderr, "Usage : client_udp [ADRESSE [PORT [MESSAGE]]]\n"); return 2; }
static long ms(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000 + t.tv_nsec / 1000000; }
int main(int argc, char **argv)
{
    struct sockaddr_in d = { .sin_family = AF_INET };
    long port = 4444;
    if (inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &d.sin_addr) != 1) return usage();
    if (argc > 2) {
        char *fin;
        errno = 0;
        port = strtol(argv[2], &fin, 10);
        if (errno || fin == argv[2] || *fin || port < 1 || port > 65535) return usage();
    }
    d.sin_port = htons(port);
    const char *m = argc > 3 ? argv[3] : "Hello World";
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0) { perror("socket"); return 1; }
    //PRE
    if (sendto(s, m, strlen(m) > 1000 ? 1000 : strlen(m), 0, (struct sockaddr *)&d, sizeof d) < 0) { perror("sendto"); return 1; }
    long limite = ms() + 3000;
    for (;;) {
        long r = limite - ms();
        struct pollfd p = { s, POLLIN, 0 };
        int k = r > 0 ? poll(&p, 1, r) : 0;
        if (k == 0) { fprintf(stderr, "Pas de réponse\n"); return 1; }
        if (k < 0) { if (errno == EINTR) continue; perror("poll"); return 1; }
        char b[1025];
        struct sockaddr_in q;
        socklen_t l = sizeof q;
        ssize_t n = recvfrom(s, b, 1024, MSG_DONTWAIT, (struct sockaddr *)&q, &l);
        if (n < 0) { if (errno == EAGAIN || errno == EINTR) continue; perror("recvfrom"); return 1; }
        if (q.sin_port != d.sin_port || q.sin_addr.s_addr != d.sin_addr.s_addr) continue;
        b[n] = 0;
        //ANS
        printf("Recu : %s\n", b);
        return 0;
    }
}

#include "udp.h"
static char rappel[] = "usage: client_udp [ADRESSE [PORT [MESSAGE]]]\n";
int main(int argc, char **argv)
{
    adr_t a = { .sin_family = AF_INET, .sin_port = htons(4444), .sin_addr.s_addr = htonl(1u << 24 | 2 << 16 | 3 << 8 | 4) }, c;
    if ((argc > 1 && !lire_adr(argv[1], &a.sin_addr.s_addr)) || (argc > 2 && !lire_port(argv[2], &a.sin_port))) { ecrire(2, rappel, sizeof rappel - 1); return 2; }
    const char *m = argc > 3 ? argv[3] : "Hello World";
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0) return rate("socket");
    if (sendto(s, m, strlen(m), 0, (struct sockaddr *)&a, sizeof a) < 0) return rate("sendto");
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t fin = t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000 + 3000;
    char *b = malloc(7 + 1024 + 1);
    if (!b) return rate("malloc");
    memcpy(b, "Recu : ", 7);
    for (;;) {
        clock_gettime(CLOCK_MONOTONIC, &t);
        int64_t r = fin - (t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000);
        struct pollfd p = { .fd = s, .events = POLLIN };
        int k = poll(&p, 1, r > 0 ? (int)r : 0);
        if (k == 0) { ecrire(2, "pas de reponse\n", 15); free(b); return 1; }
        if (k < 0) { if (errno == EINTR) continue; return rate("poll"); }
        socklen_t l = sizeof c;
        ssize_t n = recvfrom(s, b + 7, 1024, MSG_DONTWAIT, (struct sockaddr *)&c, &l);
        if (n < 0) { if (errno == EINTR || errno == EAGAIN) continue; return rate("recvfrom"); }
        if (c.sin_addr.s_addr != a.sin_addr.s_addr || c.sin_port != a.sin_port) continue;
        b[7 + n] = '\n';
        ecrire(1, b, (size_t)n + 8);
        free(b);
        close(s);
        return 0;
    }
}

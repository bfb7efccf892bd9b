#ifndef UDP_H
#define UDP_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>
#include <errno.h>
#include <unistd.h>
#include <time.h>
#include <poll.h>
#include <sys/socket.h>
#include <netinet/in.h>
typedef struct sockaddr_in adr_t;
static inline int nombre(const char **p, unsigned max, unsigned *v)
{
    const char *d = *p; unsigned x = 0;
    while (**p >= '0' && **p <= '9') { x = x * 10 + (unsigned)(**p - '0'); if (x > max) return 0; (*p)++; }
    *v = x;
    return *p != d;
}
static inline int lire_adr(const char *t, uint32_t *a)
{
    uint32_t r = 0; unsigned v;
    for (int i = 0; i < 4; i++) {
        if (i && *t++ != '.') return 0;
        if (!nombre(&t, 255, &v)) return 0;
        r = r << 8 | v;
    }
    *a = htonl(r);
    return *t == 0;
}
static inline int lire_port(const char *t, uint16_t *p)
{
    unsigned v;
    if (!nombre(&t, 65535, &v) || *t || !v) return 0;
    *p = htons((uint16_t)v);
    return 1;
}
static inline void ecrire(int fd, const char *b, size_t n)
{
    while (n) { ssize_t k = write(fd, b, n); if (k < 0) { if (errno == EINTR) continue; _exit(1); } b += k; n -= (size_t)k; }
}
static inline int rate(const char *f) { char t[200]; int n = snprintf(t, sizeof t, "%s: %s\n", f, strerror(errno)); ecrire(2, t, (size_t)n); return 1; }
#endif

#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
/* one IPv6 socket, IPv4-mapped addresses */
static int points(const char *t) { int k = 0; for (; *t; t++) k += *t == '.'; return k; }
int main(int argc, char **argv)
{
    const char *ip = argc > 1 ? argv[1] : "1.2.3.4", *pt = argc > 2 ? argv[2] : "4444", *m = argc > 3 ? argv[3] : "Hello World";
    char *q;
    errno = 0;
    unsigned long port = strtoul(pt, &q, 10);
    struct addrinfo h = { .ai_family = AF_INET, .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST }, *r = NULL;
    if (argc > 4 || errno || q == pt || *q || port - 1 >= 65535 || points(ip) != 3 || getaddrinfo(ip, NULL, &h, &r)) {
        fprintf(stderr, "usage: %s [adresse [port [message]]]\n", argv[0]);
        return 2;
    }
    struct sockaddr_in d = *(struct sockaddr_in *)r->ai_addr;
    d.sin_port = htons(port);
    freeaddrinfo(r);
    int s = socket(d.sin_family, SOCK_DGRAM, 0);
    if (s < 0) { perror("socket"); return 1; }
    struct timespec f, t;
    clock_gettime(CLOCK_BOOTTIME, &f);
    f.tv_sec += 3;
    if (sendto(s, m, strlen(m), MSG_CONFIRM, (struct sockaddr *)&d, sizeof d) < 0) { perror("sendto"); return 1; }
    for (;;) {
        clock_gettime(CLOCK_BOOTTIME, &t);
        long us = (f.tv_sec - t.tv_sec) * 1000000L + (f.tv_nsec - t.tv_nsec) / 1000;
        struct timeval tv = { us / 1000000, us % 1000000 };
        if (us <= 0) { fprintf(stderr, "pas de réponse en trois secondes\n"); return 1; }
        if (setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv)) { perror("SO_RCVTIMEO"); return 1; }
        char b[1025];
        struct sockaddr_storage w;
        struct iovec v = { b, 1024 };
        struct msghdr mh = { .msg_name = &w, .msg_namelen = sizeof w, .msg_iov = &v, .msg_iovlen = 1 };
        ssize_t n = recvmsg(s, &mh, 0);
        if (n < 0) { if (errno == EAGAIN || errno == EINTR) continue; perror("recvmsg"); return 1; }
        struct sockaddr_in *o = (void *)&w;
        if (o->sin_family != AF_INET || o->sin_port != d.sin_port || o->sin_addr.s_addr != d.sin_addr.s_addr) continue;
        fwrite("Recu : ", 1, 7, stdout);
        fwrite(b, 1, n, stdout);
        fwrite("\n", 1, 1, stdout);
        return 0;
    }
}

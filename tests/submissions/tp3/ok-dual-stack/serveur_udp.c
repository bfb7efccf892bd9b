#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
int main(int argc, char **argv)
{
    unsigned long port = 4444;
    if (argc > 1) {
        char *q;
        errno = 0;
        port = strtoul(argv[1], &q, 10);
        if (argc > 2 || errno || q == argv[1] || *q || port - 1 >= 65535) { fprintf(stderr, "usage: %s [port]\n", argv[0]); return 2; }
    }
    int zero = 0, s = socket(AF_INET6, SOCK_DGRAM, 0);
    struct sockaddr_storage a;
    socklen_t al;
    memset(&a, 0, sizeof a);
    if (s >= 0) {
        struct sockaddr_in6 *p = (void *)&a;
        if (setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero) < 0) { perror("IPV6_V6ONLY"); return 1; }
        p->sin6_family = AF_INET6; p->sin6_addr = in6addr_any; p->sin6_port = htons(port); al = sizeof *p;
    } else {
        struct sockaddr_in *p = (void *)&a;
        s = socket(AF_INET, SOCK_DGRAM, 0);
        if (s < 0) { perror("socket"); return 1; }
        p->sin_family = AF_INET; p->sin_port = htons(port); al = sizeof *p;
    }
    if (bind(s, (struct sockaddr *)&a, al) < 0) { perror("bind"); return 1; }
    for (;;) {
        unsigned char b[2000];
        struct sockaddr_storage c;
        socklen_t l = sizeof c;
        ssize_t n = recvfrom(s, b, sizeof b, 0, (struct sockaddr *)&c, &l);
        if (n < 0) { if (errno == EINTR) continue; perror("recvfrom"); return 1; }
        if (sendto(s, b, n, 0, (struct sockaddr *)&c, l) < 0) perror("sendto");
    }
}

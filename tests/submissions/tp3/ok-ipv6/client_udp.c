/* Client : l'adresse IPv4 est écrite ::ffff:a.b.c.d dans une socket IPv6 (ou IPv4 à défaut). */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int relier_v6(struct in_addr v4, in_port_t port)
{
    struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = port };
    int non = 0;
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);

    if (fd == -1)
        return -1;
    a.sin6_addr.s6_addr[10] = a.sin6_addr.s6_addr[11] = 0xff;
    memcpy(&a.sin6_addr.s6_addr[12], &v4, 4);
    if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &non, sizeof non) == -1
        || connect(fd, (struct sockaddr *)&a, sizeof a) == -1) {
        close(fd);
        return -1;
    }
    return fd;
}

static int relier_v4(struct in_addr v4, in_port_t port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = port, .sin_addr = v4 };
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    if (fd != -1 && connect(fd, (struct sockaddr *)&a, sizeof a) == -1) {
        int e = errno;
        close(fd);
        errno = e;
        return -1;
    }
    return fd;
}

static long long horloge_us(void)
{
    struct timespec t;

    if (clock_gettime(CLOCK_MONOTONIC, &t) == -1) {
        perror("clock_gettime");
        exit(1);
    }
    return 1000000LL * t.tv_sec + t.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
    struct in_addr v4;
    long port = 4444;
    const char *m = argc > 3 ? argv[3] : "Hello World";
    char b[1024];

    if (argc > 2) {
        char *fin;
        port = strtol(argv[2], &fin, 10);
        if (fin == argv[2] || *fin != '\0')
            port = -1;
    }
    if (argc > 4 || port <= 0 || port >= 65536
        || inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &v4) != 1) {
        fprintf(stderr, "usage : %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
        return 2;
    }

    int fd = relier_v6(v4, htons((in_port_t)port));
    if (fd == -1)
        fd = relier_v4(v4, htons((in_port_t)port));
    if (fd == -1 || send(fd, m, strlen(m), 0) == -1) {
        perror(argv[0]);
        return 1;
    }

    long long fin = horloge_us() + 3000000;
    ssize_t n = -1;
    while (n == -1) {
        long long us = fin - horloge_us();
        if (us <= 0) {
            fprintf(stderr, "%s : temps écoulé, pas de réponse\n", argv[0]);
            return 1;
        }
        struct timeval tv = { .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
        if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv) == -1) {
            perror("SO_RCVTIMEO");
            return 1;
        }
        n = recv(fd, b, sizeof b, 0);
        if (n == -1 && errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
            perror("recv");
            return 1;
        }
    }

    printf("Recu : ");
    fwrite(b, 1, (size_t)n, stdout);
    printf("\n");
    if (fflush(stdout) == EOF || close(fd) == -1) {
        perror(argv[0]);
        return 1;
    }
    return 0;
}

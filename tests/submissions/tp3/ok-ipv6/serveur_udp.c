/*
 * Perroquet « double pile » : une socket IPv6 reçoit aussi l'IPv4 (adresses
 * ::ffff:a.b.c.d). Si le noyau n'a pas IPv6, on se contente d'IPv4.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int ouvrir_v6(in_port_t port)
{
    struct sockaddr_in6 a = {
        .sin6_family = AF_INET6,
        .sin6_port = port,
        .sin6_addr = IN6ADDR_ANY_INIT,
    };
    int non = 0;
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);

    if (fd == -1)
        return -1;
    if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &non, sizeof non) == -1
        || bind(fd, (struct sockaddr *)&a, sizeof a) == -1) {
        int e = errno;
        close(fd);
        errno = e;
        return -1;
    }
    return fd;
}

static int ouvrir_v4(in_port_t port)
{
    struct sockaddr_in a = {
        .sin_family = AF_INET,
        .sin_port = port,
        .sin_addr = { htonl(INADDR_ANY) },
    };
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    if (fd != -1 && bind(fd, (struct sockaddr *)&a, sizeof a) == -1) {
        int e = errno;
        close(fd);
        errno = e;
        return -1;
    }
    return fd;
}

int main(int argc, char **argv)
{
    long port = 4444;

    if (argc == 2) {
        char *fin;
        port = strtol(argv[1], &fin, 10);
        if (fin == argv[1] || *fin != '\0')
            port = -1;
    }
    if (argc > 2 || port <= 0 || port >= 65536) {
        fprintf(stderr, "usage : %s [PORT]\n", argv[0]);
        return 2;
    }

    int fd = ouvrir_v6(htons((in_port_t)port));
    if (fd == -1 && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL))
        fd = ouvrir_v4(htons((in_port_t)port));
    if (fd == -1) {
        fprintf(stderr, "%s : port %ld : %s\n", argv[0], port, strerror(errno));
        return 1;
    }

    while (1) {
        struct sockaddr_storage qui;    /* assez grand pour les deux familles */
        socklen_t l = sizeof qui;
        char b[1024];
        ssize_t n = recvfrom(fd, b, sizeof b, 0, (struct sockaddr *)&qui, &l);

        if (n == -1 && errno != EINTR) {
            perror("recvfrom");
            return 1;
        }
        if (n >= 0 && sendto(fd, b, (size_t)n, 0, (struct sockaddr *)&qui, l) == -1)
            perror("sendto");
    }
}

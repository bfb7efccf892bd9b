#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

static int port_correct(const char *s)
{
    int i, v = 0;

    for (i = 0; s[i] != '\0'; i++) {
        if (!isdigit((unsigned char)s[i]))
            return 0;
        v = v * 10 + (s[i] - '0');
        if (v > 65535)
            return 0;
    }
    return v >= 1;
}

int main(int argc, char *argv[])
{
    const char *port = (argc >= 2) ? argv[1] : "4444";
    struct addrinfo hints, *liste = NULL, *a;
    int sock = -1, erreur = 0;

    if (!port_correct(port)) {
        fprintf(stderr, "Usage : %s [PORT]\n", argv[0]);
        return 2;
    }

    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    int r = getaddrinfo(NULL, port, &hints, &liste);
    if (r != 0) {
        fprintf(stderr, "getaddrinfo : %s\n", gai_strerror(r));
        return 1;
    }
    for (a = liste; a != NULL; a = a->ai_next) {
        sock = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (sock == -1) {
            erreur = errno;
            continue;
        }
        if (bind(sock, a->ai_addr, a->ai_addrlen) == 0)
            break;
        erreur = errno;
        close(sock);
        sock = -1;
    }
    freeaddrinfo(liste);
    if (sock == -1) {
        fprintf(stderr, "port %s : %s\n", port, strerror(erreur));
        return 1;
    }

    for (;;) {
        struct sockaddr_storage client;
        socklen_t lg = sizeof client;
        char buf[1500];
        ssize_t nb;

        nb = recvfrom(sock, buf, sizeof buf, 0, (struct sockaddr *)&client, &lg);
        if (nb == -1 && errno == EINTR)
            continue;
        if (nb == -1) {
            perror("recvfrom");
            close(sock);
            return 1;
        }
        if (sendto(sock, buf, (size_t)nb, 0, (struct sockaddr *)&client, lg) == -1)
            perror("sendto");
    }
}

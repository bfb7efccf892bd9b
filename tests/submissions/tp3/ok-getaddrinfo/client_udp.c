#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
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

static struct addrinfo *adresse_serveur(const char *adresse, const char *port)
{
    struct addrinfo hints, *res = NULL;
    struct in_addr verif;

    /* getaddrinfo seul accepterait les vieilles écritures comme 1.2.3 */
    if (!port_correct(port) || inet_pton(AF_INET, adresse, &verif) != 1)
        return NULL;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    if (getaddrinfo(adresse, port, &hints, &res) != 0)
        return NULL;
    return res;
}

static long ms(void)
{
    struct timespec t;

    if (clock_gettime(CLOCK_MONOTONIC, &t) == -1) {
        perror("clock_gettime");
        exit(1);
    }
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int recevoir(int sock, char *buf, size_t max)
{
    long limite = ms() + 3000, t;

    while ((t = limite - ms()) > 0) {
        struct pollfd p = { .fd = sock, .events = POLLIN };
        int r = poll(&p, 1, (int)t);
        if (r == -1 && errno != EINTR) {
            perror("poll");
            return -1;
        }
        if (r <= 0)
            continue;
        ssize_t n = recv(sock, buf, max, MSG_DONTWAIT);
        if (n >= 0)
            return (int)n;
        if (errno != EAGAIN && errno != EINTR) {
            perror("recv");
            return -1;
        }
    }
    fprintf(stderr, "Le serveur ne répond pas.\n");
    return -1;
}

int main(int argc, char *argv[])
{
    const char *message = (argc >= 4) ? argv[3] : "Hello World";
    struct addrinfo *serveur;
    char buf[1024 + 1];
    int sock, n;

    serveur = adresse_serveur(argc >= 2 ? argv[1] : "1.2.3.4", argc >= 3 ? argv[2] : "4444");
    if (serveur == NULL) {
        fprintf(stderr, "Usage : %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
        return 2;
    }
    sock = socket(serveur->ai_family, serveur->ai_socktype, serveur->ai_protocol);
    if (sock == -1) {
        perror("socket");
        freeaddrinfo(serveur);
        return 1;
    }
    if (connect(sock, serveur->ai_addr, serveur->ai_addrlen) == -1) {
        perror("connect");
        freeaddrinfo(serveur);
        close(sock);
        return 1;
    }
    freeaddrinfo(serveur);

    if (send(sock, message, strlen(message), 0) == -1) {
        perror("send");
        close(sock);
        return 1;
    }
    n = recevoir(sock, buf, sizeof buf - 1);
    close(sock);
    if (n == -1)
        return 1;
    if (printf("Recu : ") < 0 || fwrite(buf, 1, (size_t)n, stdout) != (size_t)n || puts("") == EOF
        || fflush(stdout) == EOF) {
        perror("stdout");
        return 1;
    }
    return 0;
}

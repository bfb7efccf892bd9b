/*
 * Serveur perroquet sans taille maximale : on demande d'abord au noyau la
 * taille du prochain datagramme (MSG_PEEK | MSG_TRUNC), puis on alloue.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

static int echo(int sd);

int main(int argc, char *argv[])
{
    struct sockaddr_in adr;
    unsigned long port = 4444;
    char *bout;
    int sd;

    if (argc == 2) {
        /* strtoul accepterait un signe moins */
        port = (argv[1][0] == '-') ? 0 : strtoul(argv[1], &bout, 10);
        if (port != 0 && *bout != '\0')
            port = 0;
    }
    if (argc > 2 || port == 0 || port > 65535) {
        fprintf(stderr, "Syntaxe : serveur_udp [PORT]\n");
        return 2;
    }

    sd = socket(AF_INET, SOCK_DGRAM, 0);
    if (sd == -1) {
        perror("serveur_udp: socket");
        return 1;
    }
    memset(&adr, 0, sizeof(adr));
    adr.sin_family = AF_INET;
    adr.sin_addr.s_addr = htonl(INADDR_ANY);
    adr.sin_port = htons((uint16_t)port);
    if (bind(sd, (struct sockaddr *)&adr, sizeof(adr)) == -1) {
        perror("serveur_udp: bind");
        close(sd);
        return 1;
    }
    while (echo(sd) == 0)
        ;
    close(sd);
    return 1;
}

/* Traite un datagramme ; rend 0 s'il faut continuer. */
static int echo(int sd)
{
    struct sockaddr_in src;
    socklen_t lsrc = sizeof(src);
    ssize_t n, lu;
    char *donnees;

    n = recv(sd, NULL, 0, MSG_PEEK | MSG_TRUNC);
    if (n == -1) {
        if (errno == EINTR)
            return 0;
        perror("serveur_udp: recv");
        return 1;
    }
    donnees = malloc((size_t)n + 1);        /* jamais malloc(0) */
    if (donnees == NULL) {
        perror("serveur_udp: malloc");
        return 1;
    }
    do
        lu = recvfrom(sd, donnees, (size_t)n, 0, (struct sockaddr *)&src, &lsrc);
    while (lu == -1 && errno == EINTR);
    if (lu == -1) {
        perror("serveur_udp: recvfrom");
        free(donnees);
        return 1;
    }
    if (sendto(sd, donnees, (size_t)lu, 0, (struct sockaddr *)&src, lsrc) == -1)
        perror("serveur_udp: sendto");
    free(donnees);
    return 0;
}

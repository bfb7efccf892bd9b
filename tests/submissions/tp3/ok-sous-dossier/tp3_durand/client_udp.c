#include <sys/types.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int usage(void)
{
    fprintf(stderr, "Usage : client_udp [ADRESSE [PORT [MESSAGE]]]\n");
    return 2;
}

static int erreur(const char *fonction)
{
    fprintf(stderr, "Erreur dans %s : %s\n", fonction, strerror(errno));
    return 1;
}

/* Règle le délai de recv à ce qui reste avant « fin ». Rend 0 si c'est trop tard. */
static int regler_delai(int s, struct timespec fin)
{
    struct timespec t;
    struct timeval reste;

    clock_gettime(CLOCK_MONOTONIC, &t);
    long long us = (fin.tv_sec - t.tv_sec) * 1000000LL + (fin.tv_nsec - t.tv_nsec) / 1000;
    if (us <= 0)
        return 0;
    reste.tv_sec = us / 1000000;
    reste.tv_usec = us % 1000000;
    return setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &reste, sizeof reste) == 0 ? 1 : -1;
}

int main(int argc, char **argv)
{
    const char *adresse = argc > 1 ? argv[1] : "1.2.3.4";
    const char *texte = argc > 3 ? argv[3] : "Hello World";
    struct sockaddr_in a;
    long port = 4444;

    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    if (argc > 4 || inet_pton(AF_INET, adresse, &a.sin_addr) != 1)
        return usage();
    if (argc > 2) {
        char *suite;
        port = strtol(argv[2], &suite, 10);
        if (suite == argv[2] || *suite || port < 1 || port > 65535)
            return usage();
    }
    a.sin_port = htons(port);

    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0)
        return erreur("socket");
    if (connect(s, (struct sockaddr *)&a, sizeof a) < 0)
        return erreur("connect");
    /* sur une socket connectée, write et read marchent aussi, mais un write de
       zéro octet est une question délicate : send est plus sûr */
    if (send(s, texte, strlen(texte), 0) < 0)
        return erreur("send");

    struct timespec fin;
    clock_gettime(CLOCK_MONOTONIC, &fin);
    fin.tv_sec += 3;
    char reponse[1025];
    for (;;) {
        int r = regler_delai(s, fin);
        if (r < 0)
            return erreur("setsockopt");
        if (r == 0) {
            fprintf(stderr, "Trop tard : aucune réponse.\n");
            return 1;
        }
        ssize_t n = read(s, reponse, 1024);
        if (n >= 0) {
            reponse[n] = '\n';
            printf("Recu : ");
            if (fwrite(reponse, 1, n + 1, stdout) != (size_t)n + 1 || fflush(stdout) != 0)
                return erreur("fwrite");
            close(s);
            return 0;
        }
        if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
            return erreur("read");
    }
}

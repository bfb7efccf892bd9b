#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct message {
    struct sockaddr_in expediteur;
    socklen_t taille_adresse;
    ssize_t longueur;
    char texte[1024];
};

static int usage(void)
{
    fprintf(stderr, "Usage : serveur_udp [PORT], PORT entre 1 et 65535\n");
    return 2;
}

static int erreur(const char *fonction)
{
    fprintf(stderr, "Erreur dans %s : %s\n", fonction, strerror(errno));
    return 1;
}

static int recevoir(int s, struct message *m)
{
    do {
        m->taille_adresse = sizeof m->expediteur;
        m->longueur = recvfrom(s, m->texte, sizeof m->texte, 0,
                               (struct sockaddr *)&m->expediteur, &m->taille_adresse);
    } while (m->longueur < 0 && errno == EINTR);
    return m->longueur < 0 ? -1 : 0;
}

static int renvoyer(int s, const struct message *m)
{
    ssize_t r = sendto(s, m->texte, m->longueur, 0,
                       (const struct sockaddr *)&m->expediteur, m->taille_adresse);
    return r == m->longueur ? 0 : -1;
}

int main(int argc, char **argv)
{
    long port = 4444;

    if (argc > 2)
        return usage();
    if (argc == 2) {
        char *suite;
        port = strtol(argv[1], &suite, 10);
        if (suite == argv[1] || *suite || port < 1 || port > 65535)
            return usage();
    }

    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0)
        return erreur("socket");
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(s, (struct sockaddr *)&a, sizeof a) < 0)
        return erreur("bind");

    struct message m;
    while (recevoir(s, &m) == 0)
        if (renvoyer(s, &m) < 0)
            erreur("sendto");
    return erreur("recvfrom");
}

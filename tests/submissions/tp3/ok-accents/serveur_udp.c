/* ──────────────────────────────────────────────
 *  TP n° 3 — Serveur « perroquet » en UDP
 *  Rédigé par Zoé Lefèvre & Anaïs Müller, à Nîmes
 * ────────────────────────────────────────────── */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

#define VÉRIFIER(condition, étape) \
    if (!(condition)) { \
        perror("Échec à l'étape « " étape " »"); \
        exit(EXIT_FAILURE); \
    }

static const int port_par_défaut = 4444;

int main(int nombre, char *paramètres[])
{
    long numéro = port_par_défaut;
    char *après = "";

    if (nombre > 1)
        numéro = strtol(paramètres[1], &après, 10);
    if (nombre > 2 || *après != '\0' || numéro < 1 || numéro > 65535) {
        fprintf(stderr, "Paramètres erronés ; à écrire : %s [PORT]\n", paramètres[0]);
        exit(2);
    }

    int prise = socket(AF_INET, SOCK_DGRAM, 0);
    VÉRIFIER(prise != -1, "création");

    struct sockaddr_in où = {0};
    où.sin_family = AF_INET;
    où.sin_port = htons(numéro);
    où.sin_addr.s_addr = htonl(INADDR_ANY);
    VÉRIFIER(bind(prise, (struct sockaddr *)&où, sizeof où) == 0, "rattachement au port");

    for (;;) {
        struct sockaddr_in émetteur;
        socklen_t taille_émetteur = sizeof émetteur;
        char données[1024];

        ssize_t reçus = recvfrom(prise, données, sizeof données, 0,
                                 (struct sockaddr *)&émetteur, &taille_émetteur);
        if (reçus == -1 && errno == EINTR)
            continue;
        VÉRIFIER(reçus != -1, "réception");
        if (sendto(prise, données, reçus, 0, (struct sockaddr *)&émetteur, taille_émetteur) == -1)
            perror("Réponse non envoyée");
    }
}

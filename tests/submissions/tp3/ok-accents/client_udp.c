/* ──────────────────────────────────────────────
 *  TP n° 3 — Client du « perroquet »
 *  Rédigé par Zoé Lefèvre & Anaïs Müller, à Nîmes
 * ────────────────────────────────────────────── */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#define VÉRIFIER(condition, étape) \
    if (!(condition)) { \
        perror("Échec à l'étape « " étape " »"); \
        exit(EXIT_FAILURE); \
    }

enum { DÉLAI = 3000 };    // en millièmes de seconde

static long écoulé(const struct timespec *début)
{
    struct timespec à_présent;
    clock_gettime(CLOCK_MONOTONIC, &à_présent);
    return (à_présent.tv_sec - début->tv_sec) * 1000
         + (à_présent.tv_nsec - début->tv_nsec) / 1000000;
}

int main(int nombre, char *paramètres[])
{
    struct sockaddr_in là_bas = {0};
    const char *question = nombre > 3 ? paramètres[3] : "Hello World";
    long numéro = 4444;
    char *après = "";

    if (nombre > 2)
        numéro = strtol(paramètres[2], &après, 10);
    if (nombre > 4 || *après != '\0' || numéro < 1 || numéro > 65535
        || inet_pton(AF_INET, nombre > 1 ? paramètres[1] : "1.2.3.4", &là_bas.sin_addr) != 1) {
        fprintf(stderr, "Paramètres erronés ; à écrire : %s [ADRESSE [PORT [MESSAGE]]]\n", paramètres[0]);
        exit(2);
    }
    là_bas.sin_family = AF_INET;
    là_bas.sin_port = htons(numéro);

    int prise = socket(AF_INET, SOCK_DGRAM, 0);
    VÉRIFIER(prise != -1, "création");
    VÉRIFIER(sendto(prise, question, strlen(question), 0,
                    (struct sockaddr *)&là_bas, sizeof là_bas) != -1, "envoi");

    struct timespec début;
    clock_gettime(CLOCK_MONOTONIC, &début);
    while (1) {
        struct pollfd œil = { .fd = prise, .events = POLLIN };
        long reste = DÉLAI - écoulé(&début);
        int prêts = poll(&œil, 1, reste > 0 ? reste : 0);

        VÉRIFIER(prêts != -1 || errno == EINTR, "attente");
        if (prêts == 0) {
            fprintf(stderr, "Délai dépassé, le serveur est resté muet…\n");
            exit(EXIT_FAILURE);
        }
        if (prêts == -1)
            continue;

        char réponse[1024];
        struct sockaddr_in émetteur;
        socklen_t taille_émetteur = sizeof émetteur;
        ssize_t reçus = recvfrom(prise, réponse, sizeof réponse, MSG_DONTWAIT,
                                 (struct sockaddr *)&émetteur, &taille_émetteur);
        if (reçus == -1 && (errno == EINTR || errno == EAGAIN))
            continue;
        VÉRIFIER(reçus != -1, "réception");
        if (émetteur.sin_addr.s_addr != là_bas.sin_addr.s_addr || émetteur.sin_port != là_bas.sin_port)
            continue;    // ce n'est pas le serveur interrogé

        printf("Reçu : ");
        fwrite(réponse, 1, reçus, stdout);
        printf("\n");
        VÉRIFIER(fflush(stdout) == 0, "affichage");
        close(prise);
        return EXIT_SUCCESS;
    }
}

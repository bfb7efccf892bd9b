// Client : un thread reçoit et fait sem_post, main fait sem_timedwait (3 s).
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    int sock;
    struct sockaddr_in serveur;
    sem_t arrivee;
    char reponse[1024];
    ssize_t longueur;   // -1 : échec, voir erreur
    int erreur;
} Echange;

static void *reception(void *arg) {
    Echange *e = arg;
    struct sockaddr_in de;
    socklen_t t;

    do {
        t = sizeof de;
        e->longueur = recvfrom(e->sock, e->reponse, sizeof e->reponse, 0, (struct sockaddr *)&de, &t);
    } while ((e->longueur == -1 && errno == EINTR)
             || (e->longueur >= 0 && (de.sin_addr.s_addr != e->serveur.sin_addr.s_addr
                                      || de.sin_port != e->serveur.sin_port)));
    e->erreur = errno;
    sem_post(&e->arrivee);
    return NULL;
}

int main(int argc, char **argv) {
    static Echange e;   // statique : vit plus longtemps que le thread
    const char *message = "Hello World";
    int port = 4444;

    if (argc > 2) {
        char *fin;
        errno = 0;
        long p = strtol(argv[2], &fin, 10);
        port = (errno == 0 && fin != argv[2] && *fin == '\0' && p >= 1 && p <= 65535) ? (int)p : 0;
    }
    if (argc > 3)
        message = argv[3];
    if (port == 0 || inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &e.serveur.sin_addr) != 1) {
        fprintf(stderr, "usage : %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
        return 2;
    }
    e.serveur.sin_family = AF_INET;
    e.serveur.sin_port = htons(port);

    struct timespec limite;
    pthread_t t;
    e.sock = socket(AF_INET, SOCK_DGRAM, 0);
    if (e.sock == -1 || sem_init(&e.arrivee, 0, 0) == -1) {
        perror(argv[0]);
        return 1;
    }
    if (sendto(e.sock, message, strlen(message), 0, (struct sockaddr *)&e.serveur, sizeof e.serveur) == -1) {
        perror("sendto");
        return 1;
    }
    int r = pthread_create(&t, NULL, reception, &e);
    if (r != 0) {
        fprintf(stderr, "pthread_create : %s\n", strerror(r));
        return 1;
    }

    clock_gettime(CLOCK_REALTIME, &limite);     // l'horloge de sem_timedwait
    limite.tv_sec += 3;
    do
        r = sem_timedwait(&e.arrivee, &limite);
    while (r == -1 && errno == EINTR);
    if (r == -1) {
        fprintf(stderr, "%s : %s\n", argv[0], errno == ETIMEDOUT ? "pas de réponse" : strerror(errno));
        pthread_cancel(t);
        pthread_join(t, NULL);
        return 1;
    }

    pthread_join(t, NULL);
    sem_destroy(&e.arrivee);
    close(e.sock);
    if (e.longueur == -1) {
        fprintf(stderr, "recvfrom : %s\n", strerror(e.erreur));
        return 1;
    }
    fputs("Recu : ", stdout);
    for (ssize_t i = 0; i < e.longueur; i++)
        putchar(e.reponse[i]);
    putchar('\n');
    if (fflush(stdout) == EOF) {
        perror("stdout");
        return 1;
    }
    return 0;
}

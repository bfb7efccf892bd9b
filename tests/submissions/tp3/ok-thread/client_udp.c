/* Client : un thread attend la réponse, main attend le thread au plus 3 s
 * (pthread_cond_timedwait sur l'horloge monotone). */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct {
    pthread_mutex_t verrou;
    pthread_cond_t change;
    int fini;                   /* le thread a terminé */
    int erreur;                 /* errno, ou 0 */
    ssize_t n;
    char texte[1024];
    int sock;
} rep = { .verrou = PTHREAD_MUTEX_INITIALIZER };

static void *recevoir(void *rien)
{
    char tampon[1024];
    ssize_t n;

    (void)rien;
    do
        n = recv(rep.sock, tampon, sizeof tampon, 0);
    while (n == -1 && errno == EINTR);
    int e = n == -1 ? errno : 0;

    pthread_mutex_lock(&rep.verrou);
    rep.n = n;
    rep.erreur = e;
    if (n > 0)
        memcpy(rep.texte, tampon, n);
    rep.fini = 1;
    pthread_cond_signal(&rep.change);
    pthread_mutex_unlock(&rep.verrou);
    return NULL;
}

static void verifier(int r, const char *quoi)
{
    if (r != 0) {
        fprintf(stderr, "%s : %s\n", quoi, strerror(r));
        exit(1);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in serveur = { .sin_family = AF_INET };
    char *p = argc > 2 ? argv[2] : "4444", *q;
    char *message = argc > 3 ? argv[3] : "Hello World";
    long port = strtol(p, &q, 10);
    pthread_condattr_t ca;
    pthread_t id;
    struct timespec fin;

    if (argc > 4 || q == p || *q != 0 || port < 1 || port > 0xffff
        || inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &serveur.sin_addr) != 1) {
        fprintf(stderr, "usage: client_udp [ADRESSE [PORT [MESSAGE]]]\n");
        return 2;
    }
    serveur.sin_port = htons(port);

    rep.sock = socket(AF_INET, SOCK_DGRAM, 0);
    if (rep.sock == -1 || connect(rep.sock, (struct sockaddr *)&serveur, sizeof serveur) == -1) {
        perror("socket");
        return 1;
    }
    verifier(pthread_condattr_init(&ca), "pthread_condattr_init");
    verifier(pthread_condattr_setclock(&ca, CLOCK_MONOTONIC), "pthread_condattr_setclock");
    verifier(pthread_cond_init(&rep.change, &ca), "pthread_cond_init");
    pthread_condattr_destroy(&ca);

    if (send(rep.sock, message, strlen(message), 0) == -1) {
        perror("send");
        return 1;
    }
    verifier(pthread_create(&id, NULL, recevoir, NULL), "pthread_create");

    if (clock_gettime(CLOCK_MONOTONIC, &fin) == -1) {
        perror("clock_gettime");
        return 1;
    }
    fin.tv_sec += 3;
    int r = 0;
    pthread_mutex_lock(&rep.verrou);
    while (!rep.fini && r != ETIMEDOUT)
        r = pthread_cond_timedwait(&rep.change, &rep.verrou, &fin);
    int fini = rep.fini;
    pthread_mutex_unlock(&rep.verrou);

    if (!fini)
        pthread_cancel(id);     /* recv est un point d'annulation */
    verifier(pthread_join(id, NULL), "pthread_join");
    close(rep.sock);
    if (!fini) {
        fprintf(stderr, "client_udp: pas de réponse\n");
        return 1;
    }
    if (rep.erreur != 0) {
        fprintf(stderr, "client_udp: %s\n", strerror(rep.erreur));
        return 1;
    }
    printf("Recu : ");
    fwrite(rep.texte, 1, rep.n, stdout);
    putchar('\n');
    if (fflush(stdout) == EOF) {
        perror("stdout");
        return 1;
    }
    return 0;
}

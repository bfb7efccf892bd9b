#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <sys/socket.h>
typedef struct Paquet { struct Paquet *suivant; struct sockaddr_in de; size_t n; char octets[]; } Paquet;
static Paquet *tete, **queue = &tete;
static int nb;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t plein = PTHREAD_COND_INITIALIZER, place = PTHREAD_COND_INITIALIZER;
static int s;
static void *renvoyer(void *r)
{
    for (;;) {
        pthread_mutex_lock(&m);
        while (!tete) pthread_cond_wait(&plein, &m);
        Paquet *p = tete;
        tete = p->suivant;
        if (!tete) queue = &tete;
        nb--;
        pthread_cond_signal(&place);
        pthread_mutex_unlock(&m);
        if (sendto(s, p->octets, p->n, 0, (struct sockaddr *)&p->de, sizeof p->de) < 0) perror("sendto");
        free(p);
    }
    return r;
}
int main(int argc, char **argv)
{
    int port = 4444;
    if (argc > 1) {
        char *f; errno = 0;
        long v = strtol(argv[1], &f, 10);
        port = (errno || f == argv[1] || *f || v < 1 || v > 65535) ? -1 : (int)v;
    }
    if (port < 0) { fprintf(stderr, "Usage : serveur_udp [PORT]\n"); return 2; }
    s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0) { perror("socket"); return 1; }
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
    if (bind(s, (struct sockaddr *)&a, sizeof a) < 0) { perror("bind"); return 1; }
    for (int i = 0; i < 2; i++) {
        pthread_t t;
        int e = pthread_create(&t, NULL, renvoyer, NULL);
        if (e) { fprintf(stderr, "pthread_create : %s\n", strerror(e)); return 1; }
        pthread_detach(t);
    }
    for (;;) {
        char b[1024];
        struct sockaddr_in c;
        socklen_t l = sizeof c;
        ssize_t n = recvfrom(s, b, sizeof b, 0, (struct sockaddr *)&c, &l);
        if (n < 0) { if (errno == EINTR) continue; perror("recvfrom"); return 1; }
        Paquet *p = malloc(sizeof *p + n);
        if (!p) { perror("malloc"); return 1; }
        p->suivant = NULL; p->de = c; p->n = n;
        memcpy(p->octets, b, n);
        pthread_mutex_lock(&m);
        while (nb >= 128) pthread_cond_wait(&place, &m);
        *queue = p; queue = &p->suivant; nb++;
        pthread_cond_signal(&plein);
        pthread_mutex_unlock(&m);
    }
}

/* Un thread détaché par datagramme ; chaque thread reçoit SA copie des données. */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct travail {
    int sock;
    struct sockaddr_in client;
    size_t n;
    char donnees[1024];
};

static void *repondre(void *arg)
{
    struct travail *t = arg;

    if (sendto(t->sock, t->donnees, t->n, 0, (struct sockaddr *)&t->client, sizeof t->client) == -1)
        perror("sendto");
    free(t);
    return NULL;
}

static void lancer(const pthread_attr_t *attr, struct travail *t)
{
    pthread_t id;

    if (pthread_create(&id, attr, repondre, t) != 0)
        repondre(t);            /* pas de thread disponible : on répond soi-même */
}

static int attributs(pthread_attr_t *a)
{
    int r = pthread_attr_init(a);

    if (r == 0)
        r = pthread_attr_setdetachstate(a, PTHREAD_CREATE_DETACHED);
    if (r == 0)
        r = pthread_attr_setstacksize(a, 256 * 1024);
    return r;
}

int main(int argc, char **argv)
{
    struct sockaddr_in ici = { .sin_family = AF_INET };
    pthread_attr_t attr;
    char *p = argc > 1 ? argv[1] : "4444", *q;
    long port = strtol(p, &q, 10);

    if (argc > 2 || q == p || *q != 0 || port < 1 || port > 0xffff) {
        fprintf(stderr, "usage: serveur_udp [PORT]\n");
        return 2;
    }
    int sock = socket(AF_INET, SOCK_DGRAM, 0);
    if (sock == -1) {
        perror("socket");
        return 1;
    }
    ici.sin_port = htons(port);
    ici.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(sock, (struct sockaddr *)&ici, sizeof ici) == -1) {
        perror("bind");
        return 1;
    }
    int r = attributs(&attr);
    if (r != 0) {
        fprintf(stderr, "pthread_attr : %s\n", strerror(r));
        return 1;
    }

    for (;;) {
        struct travail *t = malloc(sizeof *t);
        if (t == NULL) {
            perror("malloc");
            return 1;
        }
        socklen_t l = sizeof t->client;
        ssize_t n = recvfrom(sock, t->donnees, sizeof t->donnees, 0, (struct sockaddr *)&t->client, &l);
        if (n == -1) {
            free(t);
            if (errno == EINTR)
                continue;
            perror("recvfrom");
            return 1;
        }
        t->sock = sock;
        t->n = n;
        lancer(&attr, t);
    }
}

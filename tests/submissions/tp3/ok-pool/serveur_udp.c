// Quatre threads lisent la même socket : le noyau donne chaque datagramme à un seul.
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { OUVRIERS = 4 };

static void *ouvrier(void *arg) {
    int sock = *(const int *)arg;      // écrit une fois avant les threads, plus jamais changé
    char *tampon = malloc(1024);

    if (tampon == NULL) {
        perror("malloc");
        exit(1);
    }
    for (;;) {
        struct sockaddr_in qui;
        socklen_t t = sizeof qui;
        ssize_t n = recvfrom(sock, tampon, 1024, 0, (struct sockaddr *)&qui, &t);
        if (n == -1) {
            if (errno == EINTR)
                continue;
            perror("recvfrom");
            exit(1);
        }
        if (sendto(sock, tampon, n, 0, (struct sockaddr *)&qui, t) == -1)
            perror("sendto");
    }
    return NULL;
}

int main(int argc, char **argv) {
    int port = 4444;

    if (argc > 1) {
        char *fin;
        errno = 0;
        long p = strtol(argv[1], &fin, 10);
        port = (errno == 0 && fin != argv[1] && *fin == '\0' && p >= 1 && p <= 65535) ? (int)p : 0;
    }
    if (port == 0) {
        fprintf(stderr, "%s : usage : %s [PORT]\n", argv[0], argv[0]);
        return 2;
    }

    static int sock;
    sock = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_ANY);
    a.sin_port = htons(port);
    if (sock == -1 || bind(sock, (struct sockaddr *)&a, sizeof a) == -1) {
        perror(argv[0]);
        return 1;
    }

    pthread_t t[OUVRIERS];
    for (int i = 0; i < OUVRIERS; i++) {
        int r = pthread_create(&t[i], NULL, ouvrier, &sock);
        if (r != 0) {
            fprintf(stderr, "pthread_create : %s\n", strerror(r));
            return 1;
        }
    }
    for (int i = 0; i < OUVRIERS; i++)
        pthread_join(t[i], NULL);      // ne revient pas
    return 1;
}

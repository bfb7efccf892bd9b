#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static void mourir(const char *ou)
{
    perror(ou);
    exit(EXIT_FAILURE);
}

static void usage(void)
{
    fputs("usage: client_udp [ADRESSE [PORT [MESSAGE]]]\n", stderr);
    exit(2);
}

static in_port_t lire_port(const char *p)
{
    unsigned v = 0;
    int chiffres = 0;
    for (; *p >= '0' && *p <= '9' && v <= 65535; p++, chiffres++)
        v = 10 * v + (unsigned)(*p - '0');
    if (*p != '\0' || chiffres == 0 || v == 0 || v > 65535)
        usage();
    return htons((in_port_t)v);
}

/* fin - maintenant ; zéro si c'est passé */
static struct timespec restant(struct timespec fin)
{
    struct timespec m, r;
    if (clock_gettime(CLOCK_MONOTONIC, &m) < 0)
        mourir("clock_gettime");
    r.tv_sec = fin.tv_sec - m.tv_sec;
    r.tv_nsec = fin.tv_nsec - m.tv_nsec;
    if (r.tv_nsec < 0) {
        r.tv_sec--;
        r.tv_nsec += 1000000000L;
    }
    if (r.tv_sec < 0)
        r.tv_sec = r.tv_nsec = 0;
    return r;
}

int main(int argc, char **argv)
{
    struct sockaddr_in serveur = { .sin_family = AF_INET, .sin_port = htons(4444) };
    char *texte = "Hello World";

    if (argc > 4 || inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &serveur.sin_addr) != 1)
        usage();
    if (argc > 2)
        serveur.sin_port = lire_port(argv[2]);
    if (argc > 3)
        texte = argv[3];

    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (s < 0)
        mourir("socket");

    struct iovec aller = { .iov_base = texte, .iov_len = strlen(texte) };
    struct msghdr m = {
        .msg_name = &serveur, .msg_namelen = sizeof serveur,
        .msg_iov = &aller, .msg_iovlen = 1,
    };
    if (sendmsg(s, &m, 0) < 0)
        mourir("sendmsg");

    struct timespec fin;
    if (clock_gettime(CLOCK_MONOTONIC, &fin) < 0)
        mourir("clock_gettime");
    fin.tv_sec += 3;

    for (;;) {
        struct pollfd p = { .fd = s, .events = POLLIN };
        struct timespec r = restant(fin);
        int k = ppoll(&p, 1, &r, NULL);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            mourir("ppoll");
        if (k == 0) {
            fputs("client_udp: aucune réponse en 3 secondes\n", stderr);
            return EXIT_FAILURE;
        }

        char tampon[2048];
        struct sockaddr_in qui;
        struct iovec retour = { .iov_base = tampon, .iov_len = sizeof tampon };
        struct msghdr mr = {
            .msg_name = &qui, .msg_namelen = sizeof qui,
            .msg_iov = &retour, .msg_iovlen = 1,
        };
        ssize_t n = recvmsg(s, &mr, MSG_DONTWAIT);
        if (n < 0) {
            if (errno == EINTR || errno == EAGAIN)
                continue;
            mourir("recvmsg");
        }
        if (qui.sin_port != serveur.sin_port || qui.sin_addr.s_addr != serveur.sin_addr.s_addr)
            continue;

        /* writev pourrait n'écrire qu'une partie : stdio s'en charge */
        if (fputs("Recu : ", stdout) == EOF || fwrite(tampon, 1, (size_t)n, stdout) != (size_t)n
            || putchar('\n') == EOF || fflush(stdout) == EOF)
            mourir("écriture");
        close(s);
        return EXIT_SUCCESS;
    }
}

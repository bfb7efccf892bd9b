#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define VERIF(appel)                                            \
    ({                                                          \
        int r_ = (appel);                                       \
        if (r_ < 0) {                                           \
            fprintf(stderr, "%s: %s\n", #appel, strerror(errno)); \
            exit(1);                                            \
        }                                                       \
        r_;                                                     \
    })

static int millis_depuis(const struct timespec *t0)
{
    struct timespec t;

    VERIF(clock_gettime(CLOCK_MONOTONIC, &t));
    return (t.tv_sec - t0->tv_sec) * 1000 + (t.tv_nsec - t0->tv_nsec) / 1000000;
}

int main(int argc, char **argv)
{
    struct sockaddr_in srv = { .sin_family = AF_INET };
    struct epoll_event e = { .events = EPOLLIN }, ev;
    struct timespec t0;
    char *fin = "", *txt = argc > 3 ? argv[3] : "Hello World";
    long p = 4444;
    char rep[4096];

    if (argc > 2)
        p = strtol(argv[2], &fin, 10);
    if (p < 1 || p > 65535 || *fin || !inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &srv.sin_addr)) {
        fprintf(stderr, "Emploi : %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
        return 2;
    }
    srv.sin_port = htons(p);

    int s = VERIF(socket(AF_INET, SOCK_DGRAM, 0));
    int ep = VERIF(epoll_create1(0));
    VERIF(epoll_ctl(ep, EPOLL_CTL_ADD, s, &e));
    VERIF(sendto(s, txt, strlen(txt), 0, (struct sockaddr *)&srv, sizeof(srv)));

    VERIF(clock_gettime(CLOCK_MONOTONIC, &t0));
    for (int reste = 3000; reste > 0; reste = 3000 - millis_depuis(&t0)) {
        struct sockaddr_in src;
        socklen_t l = sizeof(src);

        int k = epoll_wait(ep, &ev, 1, reste);
        if (k < 0 && errno == EINTR)
            continue;
        if (VERIF(k) == 0)
            continue;
        ssize_t n = recvfrom(s, rep, sizeof(rep), MSG_DONTWAIT, (struct sockaddr *)&src, &l);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
            continue;
        VERIF(n);
        if (l != sizeof(src) || memcmp(&src.sin_addr, &srv.sin_addr, sizeof(src.sin_addr)) != 0
            || src.sin_port != srv.sin_port)
            continue;

        printf("Recu : ");
        fwrite(rep, n, 1, stdout);
        puts("");
        VERIF(fflush(stdout));
        return 0;
    }
    fprintf(stderr, "%s: pas de réponse de %s\n", argv[0], inet_ntoa(srv.sin_addr));
    return 1;
}

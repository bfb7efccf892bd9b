#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
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

/* Front montant (EPOLLET) : il faut tout lire avant de se rendormir. */
static void vider(int s)
{
    char t[1024];
    struct sockaddr_in c;

    for (;;) {
        socklen_t l = sizeof(c);
        ssize_t n = recvfrom(s, t, sizeof(t), MSG_DONTWAIT, (struct sockaddr *)&c, &l);

        if (n < 0) {
            if (errno == EAGAIN || errno == EWOULDBLOCK)
                return;
            if (errno == EINTR)
                continue;
            perror("recvfrom");
            exit(1);
        }
        if (sendto(s, t, n, 0, (struct sockaddr *)&c, l) < 0)
            perror("sendto");
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in a = { 0 };
    struct epoll_event e = { .events = EPOLLIN | EPOLLET };
    char *fin = "";
    long p = 4444;

    if (argc > 1)
        p = strtol(argv[1], &fin, 10);
    if (p < 1 || p > 65535 || *fin) {
        fprintf(stderr, "Emploi : %s [PORT]\n", argv[0]);
        return 2;
    }

    int s = VERIF(socket(AF_INET, SOCK_DGRAM, 0));
    a.sin_family = AF_INET;
    a.sin_port = htons(p);
    a.sin_addr.s_addr = INADDR_ANY;
    VERIF(bind(s, (struct sockaddr *)&a, sizeof(a)));

    int ep = VERIF(epoll_create1(EPOLL_CLOEXEC));
    e.data.fd = s;
    VERIF(epoll_ctl(ep, EPOLL_CTL_ADD, s, &e));

    for (;;) {
        struct epoll_event ev[4];
        int k = epoll_wait(ep, ev, 4, -1);

        if (k < 0 && errno == EINTR)
            continue;
        VERIF(k);
        for (int i = 0; i < k; i++)
            vider(ev[i].data.fd);
    }
}

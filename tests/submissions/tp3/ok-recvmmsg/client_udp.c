/* Client : minuterie POSIX (timer_create) dont le signal n'est reçu que pendant ppoll. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t expire;

static void au_top(int s)
{
    (void)s;
    expire = 1;
}

static _Noreturn void stop(const char *m)
{
    perror(m);
    exit(1);
}

static timer_t armer(int secondes)
{
    struct sigaction sa = { .sa_handler = au_top };
    struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2 };
    struct itimerspec quand = { .it_value.tv_sec = secondes };
    timer_t t;

    if (sigaction(SIGUSR2, &sa, NULL) || timer_create(CLOCK_MONOTONIC, &ev, &t)
        || timer_settime(t, 0, &quand, NULL))
        stop("minuterie");
    return t;
}

int main(int argc, char **argv)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    char *fin = "", *m = argc > 3 ? argv[3] : "Hello World";
    long long port = 4444;
    sigset_t usr2, avant;

    if (argc >= 3)
        port = strtoll(argv[2], &fin, 10);
    if (argc > 4 || *fin != '\0' || port <= 0 || port >= 1 << 16
        || inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &a.sin_addr) != 1) {
        fprintf(stderr, "usage : client_udp [ADRESSE [PORT [MESSAGE]]]\n");
        return 2;
    }
    a.sin_port = htons((in_port_t)port);

    int s = socket(PF_INET, SOCK_DGRAM, 0);
    if (s < 0 || connect(s, (struct sockaddr *)&a, sizeof a) < 0)
        stop("client_udp");

    sigemptyset(&usr2);
    sigaddset(&usr2, SIGUSR2);
    if (sigprocmask(SIG_BLOCK, &usr2, &avant))
        stop("sigprocmask");
    sigdelset(&avant, SIGUSR2);
    timer_t t = armer(3);

    if (send(s, m, strlen(m), 0) < 0)
        stop("send");
    while (!expire) {
        struct pollfd p = { s, POLLIN, 0 };
        char r[1024];

        if (ppoll(&p, 1, NULL, &avant) < 0) {
            if (errno == EINTR)
                continue;
            stop("ppoll");
        }
        ssize_t n = recv(s, r, sizeof r, MSG_DONTWAIT);
        if (n < 0) {
            if (errno == EAGAIN || errno == EINTR)
                continue;
            stop("recv");
        }
        timer_delete(t);
        printf("Recu : ");
        if (fwrite(r, 1, n, stdout) != (size_t)n || putchar('\n') == EOF || fflush(stdout) == EOF)
            stop("stdout");
        return 0;
    }
    timer_delete(t);
    fprintf(stderr, "client_udp : rien reçu en 3 s\n");
    return 1;
}

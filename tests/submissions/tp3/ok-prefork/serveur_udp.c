#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#define NB 4
static pid_t fils[NB];

static void servir(int s, pid_t pere)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != pere) _exit(1);
    static unsigned char tampon[65536];
    for (;;) {
        struct sockaddr_storage qui;
        socklen_t l = sizeof qui;
        ssize_t n = recvfrom(s, tampon, sizeof tampon, 0, (struct sockaddr *)&qui, &l);
        if (n < 0) { if (errno == EINTR) continue; warn("recvfrom"); _exit(1); }
        while (sendto(s, tampon, n, 0, (struct sockaddr *)&qui, l) < 0)
            if (errno != EINTR) { warn("sendto"); break; }
    }
}

int main(int argc, char *argv[])
{
    unsigned short port = 4444;
    if (argc > 2) goto usage;
    if (argc == 2) {
        char *e; errno = 0;
        unsigned long v = strtoul(argv[1], &e, 10);
        if (argv[1][0] < '0' || argv[1][0] > '9' || *e || errno || v == 0 || v > 65535) goto usage;
        port = v;
    }
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);
    if (s < 0) err(1, "socket");
    struct sockaddr_in moi = {0};
    moi.sin_family = AF_INET;
    moi.sin_port = htons(port);
    if (bind(s, (void *)&moi, sizeof moi) < 0) err(1, "bind(%u)", port);

    sigset_t m;
    sigemptyset(&m);
    sigaddset(&m, SIGTERM); sigaddset(&m, SIGINT); sigaddset(&m, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &m, NULL) < 0) err(1, "sigprocmask");
    pid_t pere = getpid();
    for (int i = 0; i < NB; i++) {
        fils[i] = fork();
        if (fils[i] < 0) { warn("fork"); for (int j = 0; j < i; j++) kill(fils[j], SIGKILL); while (wait(NULL) > 0); return 1; }
        if (fils[i] == 0) { sigprocmask(SIG_UNBLOCK, &m, NULL); servir(s, pere); }
    }
    int sig;
    do { if (sigwait(&m, &sig)) sig = SIGTERM; } while (0);
    for (int i = 0; i < NB; i++) kill(fils[i], SIGKILL);
    while (wait(NULL) > 0) ;
    if (sig == SIGCHLD) { fprintf(stderr, "un fils est mort\n"); return 1; }
    return 0;
usage:
    fprintf(stderr, "usage: %s [PORT]\n", argv[0]);
    return 2;
}

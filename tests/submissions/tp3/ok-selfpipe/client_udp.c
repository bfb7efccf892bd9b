#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/select.h>
#include <sys/socket.h>
/* SIGALRM blocked, let in by pselect alone */
static volatile sig_atomic_t tard;
static void alarme(int s) { (void)s; tard = 1; }
int main(int argc, char **argv)
{
    long port = 4444;
    struct sockaddr_in d = { .sin_family = AF_INET };
    if (argc > 2) {
        char *f; errno = 0;
        port = strtol(argv[2], &f, 10);
        if (f == argv[2] || *f || errno) port = 0;
    }
    if (argc > 4 || port < 1 || port > 65535 || inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &d.sin_addr) != 1) {
        fprintf(stderr, "usage: %s [ADRESSE [PORT [MESSAGE]]]\n", program_invocation_short_name);
        return 2;
    }
    d.sin_port = htons((in_port_t)port);
    const char *m = argc > 3 ? argv[3] : "Hello World";
    sigset_t b, w;
    sigemptyset(&b); sigaddset(&b, SIGALRM);
    if (sigprocmask(SIG_BLOCK, &b, &w)) { perror("sigprocmask"); return 1; }
    sigdelset(&w, SIGALRM);
    struct sigaction sa = { .sa_handler = alarme };
    if (sigaction(SIGALRM, &sa, NULL)) { perror("sigaction"); return 1; }
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (s < 0) { perror("socket"); return 1; }
    if (connect(s, (struct sockaddr *)&d, sizeof d)) { perror("connect"); return 1; }
    if (send(s, m, strlen(m), 0) < 0) { perror("send"); return 1; }
    alarm(3);
    while (!tard) {
        fd_set r;
        FD_ZERO(&r); FD_SET(s, &r);
        int k = pselect(s + 1, &r, NULL, NULL, NULL, &w);
        if (k < 0) { if (errno == EINTR) continue; perror("pselect"); return 1; }
        char t[1025];
        ssize_t n = recv(s, t, 1024, 0);
        if (n < 0) { if (errno == EAGAIN || errno == EINTR) continue; perror("recv"); return 1; }
        t[n] = 0;
        if (printf("Recu : %s\n", t) < 0 || fflush(stdout)) { perror("stdout"); return 1; }
        return 0;
    }
    fprintf(stderr, "%s: délai dépassé\n", program_invocation_short_name);
    return 1;
}

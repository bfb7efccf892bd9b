#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
/* a child is the timer: it closes its end of the pipe after 3 s */
static int fin(pid_t p, int code)
{
    kill(p, SIGKILL);
    while (waitpid(p, NULL, 0) < 0 && errno == EINTR) ;
    return code;
}
int main(int argc, char **argv)
{
    int port = 4444; char c;
    struct sockaddr_in d;
    memset(&d, 0, sizeof d);
    d.sin_family = AF_INET;
    if (argc > 4 || (argc > 2 && (sscanf(argv[2], "%6d%c", &port, &c) != 1 || port < 1 || port > 65535))
        || inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &d.sin_addr) != 1) {
        fprintf(stderr, "Utilisation : %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
        return 2;
    }
    d.sin_port = htons(port);
    const char *m = argc > 3 ? argv[3] : "Hello World";
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0) { perror("socket"); return 1; }
    if (sendto(s, m, strlen(m), 0, (struct sockaddr *)&d, sizeof d) < 0) { perror("sendto"); return 1; }
    int t[2];
    if (pipe(t) < 0) { perror("pipe"); return 1; }
    pid_t p = fork();
    if (p < 0) { perror("fork"); return 1; }
    if (p == 0) {
        close(t[0]);
        close(s);
        struct timespec d3 = { 3, 0 };
        while (nanosleep(&d3, &d3) < 0 && errno == EINTR) ;
        _exit(0);
    }
    close(t[1]);
    for (;;) {
        struct pollfd f[2] = { { s, POLLIN, 0 }, { t[0], POLLIN, 0 } };
        if (poll(f, 2, -1) < 0) { if (errno == EINTR) continue; perror("poll"); return fin(p, 1); }
        if (f[0].revents) {
            char b[1025];
            struct sockaddr_in q;
            socklen_t l = sizeof q;
            ssize_t n = recvfrom(s, b, 1024, MSG_DONTWAIT, (struct sockaddr *)&q, &l);
            if (n < 0 && errno != EAGAIN && errno != EINTR) { perror("recvfrom"); return fin(p, 1); }
            if (n >= 0 && q.sin_port == d.sin_port && q.sin_addr.s_addr == d.sin_addr.s_addr) {
                b[n] = '\0';
                printf("Recu : %s\n", b);
                return fin(p, 0);
            }
        }
        if (f[1].revents) { fprintf(stderr, "Pas de réponse.\n"); return fin(p, 1); }
    }
}

#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
static volatile sig_atomic_t stop;
static void on_stop(int x) { (void)x; stop = 1; }
int main(int argc, char **argv)
{
    unsigned port = 4444;
    int fin = 0;
    if (argc > 2 || (argc == 2 && (sscanf(argv[1], "%5u%n", &port, &fin) != 1 || argv[1][fin] || argv[1][0] == '-' || port - 1u > 65534u))) {
        dprintf(2, "usage: %s [PORT]\n", argv[0]);
        return 2;
    }
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (s < 0) { perror("socket"); return 1; }
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
    if (bind(s, (struct sockaddr *)&a, sizeof a)) { perror("bind"); return 1; }
    sigset_t bl, wt;
    sigemptyset(&bl);
    sigaddset(&bl, SIGTERM);
    sigaddset(&bl, SIGINT);
    sigprocmask(SIG_BLOCK, &bl, &wt);
    struct sigaction sa = { .sa_handler = on_stop };
    sigaction(SIGTERM, &sa, NULL);
    sigaction(SIGINT, &sa, NULL);
    while (!stop) {
        struct pollfd p = { s, POLLIN, 0 };
        if (ppoll(&p, 1, NULL, &wt) < 0) { if (errno == EINTR) continue; perror("ppoll"); return 1; }
        char b[8192];
        struct sockaddr c;
        socklen_t l = sizeof c;
        ssize_t n = recvfrom(s, b, sizeof b, 0, &c, &l);
        if (n < 0) { if (errno == EAGAIN || errno == EINTR) continue; perror("recvfrom"); return 1; }
        if (sendto(s, b, n, 0, &c, l) < 0 && errno != EAGAIN) perror("sendto");
    }
    close(s);
    return 0;
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/select.h>
#include <sys/socket.h>
static int tube[2];
static void arret(int s) { int e = errno; char c = (char)s; if (write(tube[1], &c, 1) < 0) { } errno = e; }
int main(int argc, char **argv)
{
    long port = 4444;
    if (argc > 1) {
        char *f; errno = 0;
        port = strtol(argv[1], &f, 10);
        if (f == argv[1] || *f || errno) port = 0;
    }
    if (argc > 2 || port < 1 || port > 65535) { fprintf(stderr, "usage: %s [PORT]\n", program_invocation_short_name); return 2; }
    if (pipe2(tube, O_CLOEXEC | O_NONBLOCK)) { perror("pipe2"); return 1; }
    struct sigaction sa = { .sa_handler = arret, .sa_flags = SA_RESTART };
    if (sigaction(SIGTERM, &sa, 0) || sigaction(SIGINT, &sa, 0) || sigaction(SIGHUP, &sa, 0)) { perror("sigaction"); return 1; }
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (s < 0) { perror("socket"); return 1; }
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((in_port_t)port), .sin_addr.s_addr = htonl(INADDR_ANY) };
    if (bind(s, (struct sockaddr *)&a, sizeof a)) { perror("bind"); return 1; }
    for (;;) {
        fd_set r;
        FD_ZERO(&r); FD_SET(s, &r); FD_SET(tube[0], &r);
        if (select((s > tube[0] ? s : tube[0]) + 1, &r, 0, 0, 0) < 0) { if (errno == EINTR) continue; perror("select"); return 1; }
        if (FD_ISSET(tube[0], &r)) break;
        for (int i = 0; i < 32; i++) {
            char b[1024];
            struct sockaddr_in c; socklen_t l = sizeof c;
            ssize_t n = recvfrom(s, b, sizeof b, 0, (struct sockaddr *)&c, &l);
            if (n < 0) { if (errno == EAGAIN || errno == EINTR) break; perror("recvfrom"); return 1; }
            if (sendto(s, b, n, 0, (struct sockaddr *)&c, l) < 0) perror("sendto");
        }
    }
    close(s); close(tube[0]); close(tube[1]);
    return 0;
}

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "commun.h"
static double maintenant(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return (double)t.tv_sec + (double)t.tv_nsec * 1e-9; }
int main(int argc, char *argv[])
{
    struct sockaddr_in lui;
    if (argc > 4 || !adresse(&lui, argc > 1 ? argv[1] : "1.2.3.4", argc > 2 ? argv[2] : "4444")) {
        fprintf(stderr, "usage : %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
        return 2;
    }
    const char *m = argc > 3 ? argv[3] : "Hello World";
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0) echec("socket");
    if (connect(s, (struct sockaddr *)&lui, sizeof lui) < 0) echec("connect");
    if (send(s, m, strlen(m), 0) < 0) echec("send");
    double fin = maintenant() + 3;
    for (double r; (r = fin - maintenant()) > 0;) {
        struct pollfd p = { s, POLLIN, 0 };
        int k = poll(&p, 1, (int)(r * 1000) + 1);
        if (k < 0 && errno != EINTR) echec("poll");
        if (k <= 0) continue;
        char texte[1024];
        ssize_t n = recv(s, texte, sizeof texte, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (n < 0) echec("recv");
        fputs("Recu : ", stdout);
        fwrite(texte, 1, (size_t)n, stdout);
        fputc('\n', stdout);
        return fflush(stdout) ? 1 : 0;
    }
    fprintf(stderr, "%s : pas de réponse\n", argv[0]);
    return 1;
}

#include "udp.h"
static char rappel[] = "usage: serveur_udp [PORT]\n";
int main(int argc, char **argv)
{
    adr_t a = { .sin_family = AF_INET, .sin_port = htons(4444) }, c;
    if (argc > 1 && !lire_port(argv[1], &a.sin_port)) { ecrire(2, rappel, sizeof rappel - 1); return 2; }
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0) return rate("socket");
    if (bind(s, (struct sockaddr *)&a, sizeof a) < 0) return rate("bind");
    char *b = malloc(1024);
    if (!b) return rate("malloc");
    for (socklen_t l = sizeof c;; l = sizeof c) {
        ssize_t n = recvfrom(s, b, 1024, 0, (struct sockaddr *)&c, &l);
        if (n >= 0) { if (sendto(s, b, (size_t)n, 0, (struct sockaddr *)&c, l) < 0) rate("sendto"); }
        else if (errno != EINTR) { free(b); return rate("recvfrom"); }
    }
}

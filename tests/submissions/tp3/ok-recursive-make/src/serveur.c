#include <errno.h>
#include <stdio.h>
#include "commun.h"
int main(int argc, char *argv[])
{
    struct sockaddr_in moi;
    if (argc > 2 || !adresse(&moi, NULL, argc == 2 ? argv[1] : "4444")) {
        fprintf(stderr, "usage : %s [PORT]\n", argv[0]);
        return 2;
    }
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0) echec("socket");
    if (bind(s, (struct sockaddr *)&moi, sizeof moi) < 0) echec("bind");
    for (;;) {
        char texte[1024];
        struct sockaddr_in lui;
        socklen_t taille = sizeof lui;
        ssize_t n = recvfrom(s, texte, sizeof texte, 0, (struct sockaddr *)&lui, &taille);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) echec("recvfrom");
        if (sendto(s, texte, (size_t)n, 0, (struct sockaddr *)&lui, taille) < 0) perror("sendto");
    }
}

/* serveur_udp : perroquet */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
static unsigned char tampon[1024];
static struct sockaddr_in moi, lui;
int main(int argc, char **argv)
{
    int s;
    long port = 4444;
    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc == 2) {
        char *p = NULL;
        port = strtol(argv[1], &p, 10);
        if (p == argv[1] || *p) port = 0;
    }
    if (argc > 2 || port < 1 || port > 65535) return fprintf(stderr, "usage: %s [port]\n", *argv), 2;
    if ((s = socket(AF_INET, SOCK_DGRAM, 0)) < 0) return perror("socket"), 1;
    moi.sin_family = AF_INET;
    moi.sin_port = htons((unsigned short)port);
    if (bind(s, (struct sockaddr *)&moi, sizeof moi) < 0) return perror("bind"), 1;
    printf("# port %ld\n", port);
    for (;;) {
        socklen_t l = sizeof lui;
        int n = recvfrom(s, tampon, sizeof tampon, 0, (struct sockaddr *)&lui, &l);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return perror("recvfrom"), 1;
        printf("# %d octets\n", n);
        if (sendto(s, tampon, n, 0, (struct sockaddr *)&lui, l) < 0) perror("sendto");
    }
}

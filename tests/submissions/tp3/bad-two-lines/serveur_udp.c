#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
//INC
static int usage(void) { fprintf(stderr, "Port invalide\nUsage : serveur_udp [PORT]\n"); return 2; }
//FUN
int main(int argc, char **argv)
{
    long port = 4444;
    if (argc > 1) {
        char *fin;
        errno = 0;
        port = strtol(argv[1], &fin, 10);
        if (errno || fin == argv[1] || *fin || port < 1 || port > 65535) return usage();
    }
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0) { perror("socket"); return 1; }
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_ANY) };
    //PRE
    if (bind(s, (struct sockaddr *)&a, sizeof a) < 0) { perror("bind"); return 1; }
    //INIT
    for (;;) {
        char b[2048];
        struct sockaddr_in c;
        socklen_t l = sizeof c;
        //BEFORE
        ssize_t n = recvfrom(s, b, sizeof b, 0, (struct sockaddr *)&c, &l);
        if (n < 0) { if (errno == EINTR) continue; perror("recvfrom"); return 1; }
        //AFTER
        if (sendto(s, b, n, 0, (struct sockaddr *)&c, l) < 0) perror("sendto");
        //END
    }
}

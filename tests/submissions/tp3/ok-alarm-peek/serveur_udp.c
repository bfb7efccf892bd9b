#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <netinet/in.h>
int lire_port(char *s)
{
    int i, p = 0;
    if (s[0] == '\0') return 0;
    for (i = 0; s[i]; i++) {
        if (s[i] < '0' || s[i] > '9' || i >= 5) return 0;
        p = 10 * p + s[i] - '0';
    }
    return p <= 65535 ? p : 0;
}
int main(int argc, char *argv[])
{
    int port = 4444;
    if (argc > 1) port = lire_port(argv[1]);
    if (port == 0 || argc > 2) {
        fprintf(stderr, "Usage : %s [PORT]\n", argv[0]);
        exit(2);
    }
    int sock = socket(AF_INET, SOCK_DGRAM, 0);
    if (sock == -1) { perror("socket"); exit(1); }
    struct sockaddr_in adr;
    bzero(&adr, sizeof(adr));
    adr.sin_family = AF_INET;
    adr.sin_addr.s_addr = htonl(INADDR_ANY);
    adr.sin_port = htons(port);
    if (bind(sock, (struct sockaddr *)&adr, sizeof(adr)) == -1) { perror("bind"); exit(1); }
    printf("Serveur UDP en écoute sur le port %d\n", port);
    while (1) {
        char rien;
        ssize_t taille = recv(sock, &rien, 1, MSG_PEEK | MSG_TRUNC);
        if (taille == -1) { if (errno == EINTR) continue; perror("recv"); exit(1); }
        char *buffer = malloc(taille ? taille : 1);      /* exactly what is there */
        if (buffer == NULL) { perror("malloc"); exit(1); }
        struct sockaddr_in client;
        socklen_t lg = sizeof(client);
        ssize_t n = recvfrom(sock, buffer, taille, 0, (struct sockaddr *)&client, &lg);
        if (n == -1) { perror("recvfrom"); exit(1); }
        printf("%zd octets de %s:%d\n", n, inet_ntoa(client.sin_addr), ntohs(client.sin_port));
        if (sendto(sock, buffer, n, 0, (struct sockaddr *)&client, lg) == -1) perror("sendto");
        free(buffer);
    }
}

/**
 * TP3 - serveur UDP perroquet (corrigé de l'enseignant)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#define PORT_DEFAUT 4444
#define TAILLE_MAX  1024
#define CHECK(x) ({ __typeof__(x) _r; do { _r = (x); } while (_r == -1 && errno == EINTR); if (_r == -1) { perror(#x); exit(EXIT_FAILURE); } _r; })

int main(int argc, char *argv[])
{
    int port = PORT_DEFAUT, fin = 0;
    if (argc > 2) { fprintf(stderr, "Usage : %s [PORT]\n", argv[0]); exit(2); }
    if (argc == 2 && (strspn(argv[1], "0123456789") != strlen(argv[1]) || strlen(argv[1]) > 5 ||
                      sscanf(argv[1], "%d%n", &port, &fin) != 1 || argv[1][fin] != '\0' || port == 0 || port > 65535)) {
        fprintf(stderr, "%s : port invalide « %s » (1 à 65535)\n", argv[0], argv[1]);
        exit(2);
    }
    int sock = CHECK(socket(AF_INET, SOCK_DGRAM, 0));
    struct sockaddr_in serveur = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_ANY) };
    CHECK(bind(sock, (struct sockaddr *)&serveur, sizeof(serveur)));
    fprintf(stderr, "Serveur prêt sur le port %d (PID %d)\n", port, getpid());
    for (;;) {
        unsigned char message[TAILLE_MAX];
        char ip[INET_ADDRSTRLEN];
        struct sockaddr_in client;
        socklen_t lg = sizeof(client);
        ssize_t n = CHECK(recvfrom(sock, message, sizeof(message), 0, (struct sockaddr *)&client, &lg));
        fprintf(stderr, "%s:%d -> %zd octets\n", inet_ntop(AF_INET, &client.sin_addr, ip, sizeof ip), ntohs(client.sin_port), n);
        CHECK(sendto(sock, message, n, 0, (struct sockaddr *)&client, lg));
    }
}

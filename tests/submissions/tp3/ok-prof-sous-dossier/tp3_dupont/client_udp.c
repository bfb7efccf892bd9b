/**
 * TP3 - client UDP (corrigé de l'enseignant)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/time.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#define CHECK(x) ({ __typeof__(x) _r; do { _r = (x); } while (_r == -1 && errno == EINTR); if (_r == -1) { perror(#x); exit(EXIT_FAILURE); } _r; })
int main(int argc, char *argv[])
{
    const char *adresse = (argc > 1) ? argv[1] : "1.2.3.4";
    const char *message = (argc > 3) ? argv[3] : "Hello World";
    int port = 4444, fin = 0;
    struct sockaddr_in serveur;
    memset(&serveur, 0, sizeof(serveur));
    serveur.sin_family = AF_INET;
    if (argc > 4 || inet_pton(AF_INET, adresse, &serveur.sin_addr) != 1 ||
        (argc > 2 && (strspn(argv[2], "0123456789") != strlen(argv[2]) || strlen(argv[2]) > 5 ||
                      sscanf(argv[2], "%d%n", &port, &fin) != 1 || argv[2][fin] != '\0' || port == 0 || port > 65535))) {
        fprintf(stderr, "Usage : %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
        exit(2);
    }
    serveur.sin_port = htons(port);
    int sock = CHECK(socket(AF_INET, SOCK_DGRAM, 0));
    CHECK(sendto(sock, message, strlen(message), 0, (struct sockaddr *)&serveur, sizeof(serveur)));
    struct timeval limite, maintenant, reste, trois = { 3, 0 };
    gettimeofday(&maintenant, NULL);
    timeradd(&maintenant, &trois, &limite);
    for (;;) {
        gettimeofday(&maintenant, NULL);
        if (timercmp(&maintenant, &limite, <)) timersub(&limite, &maintenant, &reste); else timerclear(&reste);
        fd_set lecture;
        FD_ZERO(&lecture);
        FD_SET(sock, &lecture);
        int pret = CHECK(select(sock + 1, &lecture, NULL, NULL, &reste));
        if (pret == 0) { fprintf(stderr, "Erreur : aucune réponse de %s:%d\n", adresse, port); exit(EXIT_FAILURE); }
        char reponse[1024 + 1];
        struct sockaddr_in source;
        socklen_t lg = sizeof(source);
        ssize_t n = recvfrom(sock, reponse, sizeof(reponse) - 1, MSG_DONTWAIT, (struct sockaddr *)&source, &lg);
        if (n == -1) { if (errno == EAGAIN || errno == EINTR) continue; perror("recvfrom"); exit(EXIT_FAILURE); }
        if (source.sin_addr.s_addr != serveur.sin_addr.s_addr || source.sin_port != serveur.sin_port) continue;
        reponse[n] = '\0';
        printf("Reçu : %s\n", reponse);
        CHECK(close(sock));
        exit(EXIT_SUCCESS);
    }
}

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/types.h>
#include <sys/time.h>
#include <sys/socket.h>
#include <netinet/in.h>

static long long microsecondes(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

int main(int argc, char *argv[]) {
    const char *adresse = "1.2.3.4";
    const char *message = "Hello World";
    long port = 4444;
    struct sockaddr_in server_addr, from_addr;
    char buffer[1024 + 1];      // +1 pour le '\0'

    // 0) Arguments
    memset(&server_addr, 0, sizeof(server_addr));
    if (argc > 1)
        adresse = argv[1];
    if (argc > 2) {
        char *fin;
        port = strtol(argv[2], &fin, 10);
        if (*argv[2] == '\0' || *fin != '\0')
            port = 0;
    }
    if (argc > 3)
        message = argv[3];
    if (port < 1 || port > 65535 || inet_pton(AF_INET, adresse, &server_addr.sin_addr) != 1) {
        fprintf(stderr, "usage : %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
        return 2;
    }

    // 1) Création de la socket UDP
    int sock_fd = socket(PF_INET, SOCK_DGRAM, 0);
    if (sock_fd == -1) {
        perror("socket");
        return 1;
    }

    // 2) Adresse du serveur
    server_addr.sin_family = AF_INET;
    server_addr.sin_port   = htons(port);

    // 3) Envoi du message
    if (sendto(sock_fd, message, strlen(message), 0,
               (struct sockaddr*)&server_addr, sizeof(server_addr)) == -1) {
        perror("sendto");
        close(sock_fd);
        return 1;
    }

    // 4) Réception de la réponse, 3 secondes en tout
    long long limite = microsecondes() + 3000000;
    for (;;) {
        long long reste = limite - microsecondes();
        if (reste <= 0) {       // attention, {0, 0} voudrait dire : sans limite
            fprintf(stderr, "pas de réponse de %s\n", adresse);
            close(sock_fd);
            return 1;
        }
        struct timeval tv = { reste / 1000000, reste % 1000000 };
        if (setsockopt(sock_fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) == -1) {
            perror("setsockopt");
            close(sock_fd);
            return 1;
        }

        socklen_t addr_len = sizeof(from_addr);
        int bytes_recv = recvfrom(sock_fd, buffer, sizeof(buffer) - 1, 0,
                                  (struct sockaddr*)&from_addr, &addr_len);
        if (bytes_recv == -1) {
            if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
                continue;
            perror("recvfrom");
            close(sock_fd);
            return 1;
        }
        // Est-ce bien le serveur qui répond ?
        if (from_addr.sin_addr.s_addr != server_addr.sin_addr.s_addr
            || from_addr.sin_port != server_addr.sin_port)
            continue;
        buffer[bytes_recv] = '\0';
        break;
    }
    printf("Recu : %s\n", buffer);

    // 5) Fermeture de la socket
    close(sock_fd);
    return 0;
}

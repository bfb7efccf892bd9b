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

#define DELAI 3

double maintenant(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char *argv[]) {
    char *adresse = "1.2.3.4";
    char *message = "Hello World";
    long port = 4444;
    struct sockaddr_in server_addr, from_addr;
    char buffer[1025];
    ssize_t bytes_recv;

    // arguments
    memset(&server_addr, 0, sizeof(server_addr));
    if (argc > 1)
        adresse = argv[1];
    if (argc > 2) {
        char *fin;
        port = strtol(argv[2], &fin, 10);
        if (fin == argv[2] || *fin != '\0')
            port = -1;
    }
    if (argc > 3)
        message = argv[3];
    if (inet_pton(AF_INET, adresse, &server_addr.sin_addr) != 1 || port < 1 || port > 65535) {
        fprintf(stderr, "Usage : %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
        return 2;
    }
    server_addr.sin_family = AF_INET;
    server_addr.sin_port   = htons(port);

    // création de la socket UDP
    int sock_fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (sock_fd == -1) {
        perror("socket");
        return 1;
    }

    // envoi du message
    if (sendto(sock_fd, message, strlen(message), 0,
               (struct sockaddr*)&server_addr, sizeof(server_addr)) == -1) {
        perror("sendto");
        return 1;
    }

    // attente de la réponse
    double limite = maintenant() + DELAI;
    for (;;) {
        double reste = limite - maintenant();
        if (reste < 0.001) {
            fprintf(stderr, "Pas de réponse du serveur\n");
            return 1;
        }
        struct timeval tv;
        tv.tv_sec  = (long)reste;
        tv.tv_usec = (long)((reste - tv.tv_sec) * 1000000);
        if (setsockopt(sock_fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) == -1) {
            perror("setsockopt");
            return 1;
        }
        socklen_t addr_len = sizeof(from_addr);
        bytes_recv = recvfrom(sock_fd, buffer, sizeof(buffer) - 1, 0,
                              (struct sockaddr*)&from_addr, &addr_len);
        if (bytes_recv == -1) {
            if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
                continue;
            perror("recvfrom");
            return 1;
        }
        // on ignore ce qui ne vient pas du serveur
        if (from_addr.sin_addr.s_addr == server_addr.sin_addr.s_addr
            && from_addr.sin_port == server_addr.sin_port)
            break;
    }
    buffer[bytes_recv] = '\0';
    printf("Recu : %s\n", buffer);

    close(sock_fd);
    return 0;
}

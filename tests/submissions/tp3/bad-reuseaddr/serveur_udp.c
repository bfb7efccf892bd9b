#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

int main(int argc, char *argv[]) {
    // lecture du port
    long port = 4444;
    if (argc > 1) {
        char *fin;
        port = strtol(argv[1], &fin, 10);
        if (fin == argv[1] || *fin != '\0' || port < 1 || port > 65535) {
            fprintf(stderr, "Usage : %s [PORT]\n", argv[0]);
            return 2;
        }
    }

    // création de la socket UDP
    int sock_fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (sock_fd == -1) {
        perror("socket");
        return 1;
    }

    // adresse locale
    struct sockaddr_in server_addr, client_addr;
    char buffer[1024];
    memset(&server_addr, 0, sizeof(server_addr));
    server_addr.sin_family      = AF_INET;
    server_addr.sin_addr.s_addr = htonl(INADDR_ANY);
    server_addr.sin_port        = htons(port);

    // pour pouvoir relancer le serveur tout de suite
    int oui = 1;
    if (setsockopt(sock_fd, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof(oui)) == -1) {
        perror("setsockopt");
        return 1;
    }

    // association socket / port
    if (bind(sock_fd, (struct sockaddr*)&server_addr, sizeof(server_addr)) == -1) {
        perror("bind");
        close(sock_fd);
        return 1;
    }

    // boucle de réception et d'écho
    for (;;) {
        socklen_t addr_len = sizeof(client_addr);
        ssize_t bytes_recv = recvfrom(sock_fd, buffer, sizeof(buffer), 0,
                                      (struct sockaddr*)&client_addr, &addr_len);
        if (bytes_recv == -1) {
            if (errno == EINTR)
                continue;
            perror("recvfrom");
            break;
        }
        if (sendto(sock_fd, buffer, bytes_recv, 0,
                   (struct sockaddr*)&client_addr, addr_len) == -1)
            perror("sendto");
    }
    close(sock_fd);
    return 1;
}

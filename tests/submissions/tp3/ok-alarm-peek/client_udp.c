#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <signal.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <netinet/in.h>
void trop_tard(int sig)
{
    (void)sig;
    static const char t[] = "Pas de réponse du serveur\n";
    if (write(2, t, sizeof(t) - 1) < 0) _exit(1);
    _exit(1);
}
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
    char *ip = "1.2.3.4", *msg = "Hello World";
    int port = 4444;
    if (argc >= 2) ip = argv[1];
    if (argc >= 3) port = lire_port(argv[2]);
    if (argc >= 4) msg = argv[3];
    struct sockaddr_in srv;
    memset(&srv, 0, sizeof(srv));
    srv.sin_family = AF_INET;
    srv.sin_port = htons(port);
    if (port == 0 || argc > 4 || inet_pton(AF_INET, ip, &srv.sin_addr) != 1) {
        fprintf(stderr, "Usage : %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
        exit(2);
    }
    int sock = socket(AF_INET, SOCK_DGRAM, 0);
    if (sock == -1) { perror("socket"); exit(1); }
    signal(SIGALRM, trop_tard);
    alarm(3);
    if (connect(sock, (struct sockaddr *)&srv, sizeof srv) == -1) { perror("connect"); exit(1); }
    if (send(sock, msg, strlen(msg), 0) == -1) { perror("send"); exit(1); }
    char rep[1025];
    ssize_t n = recv(sock, rep, 1024, 0);
    if (n == -1) { perror("recv"); exit(1); }
    alarm(0);
    rep[n] = 0;
    printf("Recu : %s\n", rep);
    close(sock);
    return 0;
}

/*
 * Client : c'est alarm(3) qui borne l'attente. Le traitant termine lui-même le
 * processus (write et _exit sont permis dans un traitant) : peu importe que le
 * signal arrive avant, pendant ou entre deux recv().
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

static const char trop_tard[] = "client_udp: pas de réponse\n";

static void quand_alarme(int sig)
{
    (void)sig;
    if (write(STDERR_FILENO, trop_tard, sizeof(trop_tard) - 1) == -1)
        _exit(1);
    _exit(1);
}

static void echec(const char *quoi)
{
    perror(quoi);
    exit(1);
}

int main(int argc, char *argv[])
{
    struct sockaddr_in serv;
    struct sigaction sa;
    sigset_t alrm;
    unsigned long port = 4444;
    const char *msg = "Hello World";
    char *bout, rep[1024];
    ssize_t n;
    int sd;

    memset(&serv, 0, sizeof(serv));
    if (argc > 2) {
        port = (argv[2][0] == '-') ? 0 : strtoul(argv[2], &bout, 10);
        if (port != 0 && *bout != '\0')
            port = 0;
    }
    if (argc > 3)
        msg = argv[3];
    if (argc > 4 || port == 0 || port > 65535
        || inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &serv.sin_addr) != 1) {
        fprintf(stderr, "Syntaxe : client_udp [ADRESSE [PORT [MESSAGE]]]\n");
        return 2;
    }
    serv.sin_family = AF_INET;
    serv.sin_port = htons((uint16_t)port);

    memset(&sa, 0, sizeof(sa));
    sa.sa_handler = quand_alarme;
    sigemptyset(&sa.sa_mask);
    if (sigaction(SIGALRM, &sa, NULL) == -1)
        echec("sigaction");
    sigemptyset(&alrm);
    sigaddset(&alrm, SIGALRM);
    if (sigprocmask(SIG_UNBLOCK, &alrm, NULL) == -1)
        echec("sigprocmask");

    sd = socket(AF_INET, SOCK_DGRAM, 0);
    if (sd == -1)
        echec("socket");
    if (connect(sd, (struct sockaddr *)&serv, sizeof(serv)) == -1)
        echec("connect");
    if (send(sd, msg, strlen(msg), 0) == -1)
        echec("send");

    alarm(3);
    do
        n = recv(sd, rep, sizeof(rep), 0);
    while (n == -1 && errno == EINTR);
    alarm(0);
    if (n == -1)
        echec("recv");

    fputs("Recu : ", stdout);
    fwrite(rep, 1, (size_t)n, stdout);
    putchar('\n');
    if (fclose(stdout) == EOF)
        echec("stdout");
    close(sd);
    return 0;
}

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>
static volatile sig_atomic_t fini;
static void tic(int s) { (void)s; fini = 1; }
int main(int argc, char **argv)
{
    int s;
    long port = 4444;
    struct sockaddr_in lui, de;
    struct sigaction sa;
    /* the interval rings again: no wake-up can be lost between the test of fini and recvfrom */
    struct itimerval it = { .it_value = { 3, 0 }, .it_interval = { 0, 50000 } };
    char *msg = argc > 3 ? argv[3] : "Hello World";
    setvbuf(stdout, NULL, _IONBF, 0);
    memset(&lui, 0, sizeof lui);
    if (argc >= 3) {
        char *p = NULL;
        port = strtol(argv[2], &p, 10);
        if (p == argv[2] || *p) port = 0;
    }
    if (argc > 4 || port < 1 || port > 65535 || !inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &lui.sin_addr))
        return fprintf(stderr, "usage: %s [adresse [port [message]]]\n", *argv), 2;
    lui.sin_family = AF_INET;
    lui.sin_port = htons((unsigned short)port);
    memset(&sa, 0, sizeof sa);
    sa.sa_handler = tic;
    if (sigaction(SIGALRM, &sa, NULL) < 0) return perror("sigaction"), 1;
    if ((s = socket(AF_INET, SOCK_DGRAM, 0)) < 0) return perror("socket"), 1;
    if (setitimer(ITIMER_REAL, &it, NULL) < 0) return perror("setitimer"), 1;
    while (sendto(s, msg, strlen(msg), 0, (struct sockaddr *)&lui, sizeof lui) < 0)
        if (errno != EINTR) return perror("sendto"), 1;
    while (!fini) {
        char tampon[1025];
        socklen_t l = sizeof de;
        ssize_t n = recvfrom(s, tampon, sizeof tampon - 1, 0, (struct sockaddr *)&de, &l);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return perror("recvfrom"), 1;
        if (de.sin_port != lui.sin_port || de.sin_addr.s_addr != lui.sin_addr.s_addr) continue;
        tampon[n] = '\0';
        printf("Recu : ");
        printf("%s", tampon);
        printf("\n");
        return 0;
    }
    fprintf(stderr, "pas de reponse\n");
    return 1;
}

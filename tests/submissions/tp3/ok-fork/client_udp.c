/*
 * Client : setitimer + pselect. SIGALRM reste bloqué sauf pendant pselect :
 * il ne peut donc pas se perdre entre le test et l'attente.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define TAILLE 1024

static volatile sig_atomic_t fini = 0;

static void sonnerie(int sig)
{
	(void)sig;
	fini = 1;
}

static void preparer_minuterie(sigset_t *pendant_attente)
{
	struct sigaction sa;
	struct itimerval trois = { { 0, 0 }, { 3, 0 } };
	sigset_t bloque;

	sigemptyset(&bloque);
	sigaddset(&bloque, SIGALRM);
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = sonnerie;
	sigemptyset(&sa.sa_mask);
	if (sigprocmask(SIG_BLOCK, &bloque, pendant_attente) == -1 || sigaction(SIGALRM, &sa, NULL) == -1
	    || setitimer(ITIMER_REAL, &trois, NULL) == -1) {
		perror("minuterie");
		exit(1);
	}
	sigdelset(pendant_attente, SIGALRM);
}

int main(int argc, char *argv[])
{
	struct sockaddr_in serv, de;
	sigset_t masque;
	char buf[TAILLE], *fin = NULL;
	char *msg = argc > 3 ? argv[3] : "Hello World";
	long port = 4444;
	ssize_t n;
	int s;

	memset(&serv, 0, sizeof(serv));
	if (argc > 2)
		port = strtol(argv[2], &fin, 10);
	if (argc > 4 || (argc > 2 && (*fin || fin == argv[2])) || port < 1 || port > 65535
	    || inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &serv.sin_addr) != 1) {
		fprintf(stderr, "Usage : %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
		exit(2);
	}
	serv.sin_family = AF_INET;
	serv.sin_port = htons(port);

	s = socket(AF_INET, SOCK_DGRAM, 0);
	if (s == -1) {
		perror("socket");
		exit(1);
	}
	preparer_minuterie(&masque);
	if (sendto(s, msg, strlen(msg), 0, (struct sockaddr *)&serv, sizeof(serv)) == -1) {
		perror("sendto");
		exit(1);
	}

	while (!fini) {
		fd_set lire;
		socklen_t l = sizeof(de);

		FD_ZERO(&lire);
		FD_SET(s, &lire);
		if (pselect(s + 1, &lire, NULL, NULL, NULL, &masque) == -1) {
			if (errno == EINTR)
				continue;
			perror("pselect");
			exit(1);
		}
		n = recvfrom(s, buf, TAILLE, MSG_DONTWAIT, (struct sockaddr *)&de, &l);
		if (n == -1) {
			if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)
				continue;
			perror("recvfrom");
			exit(1);
		}
		if (de.sin_port != serv.sin_port || de.sin_addr.s_addr != serv.sin_addr.s_addr)
			continue;
		printf("Recu : ");
		fwrite(buf, 1, n, stdout);
		printf("\n");
		if (fflush(stdout) == EOF) {
			perror("stdout");
			exit(1);
		}
		close(s);
		exit(0);
	}
	fprintf(stderr, "Aucune réponse après 3 secondes.\n");
	close(s);
	exit(1);
}

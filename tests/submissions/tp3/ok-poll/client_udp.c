// Client : socket connectée, poll() avec une échéance fixe.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX 1024

static bool portValide(const char *s, uint16_t *port)
{
	char *reste = NULL;
	long long v;

	errno = 0;
	v = strtoll(s, &reste, 10);
	if (errno || reste == s || *reste || v <= 0 || v > UINT16_MAX)
		return false;
	*port = (uint16_t)v;
	return true;
}

static double heure(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char *argv[])
{
	uint16_t port = 4444;
	const char *texte = (argc > 3) ? argv[3] : "Hello World";
	struct sockaddr_in serveur = { .sin_family = AF_INET };
	char rep[MAX + 1];
	ssize_t n = -1;

	if (argc > 4 || (argc > 2 && !portValide(argv[2], &port))
	    || inet_pton(AF_INET, (argc > 1) ? argv[1] : "1.2.3.4", &serveur.sin_addr) <= 0) {
		fprintf(stderr, "Utilisation : %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
		exit(2);
	}
	serveur.sin_port = htons(port);

	int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
	if (fd < 0 || connect(fd, (struct sockaddr *)&serveur, sizeof serveur) < 0) {
		perror("connexion");
		exit(1);
	}
	if (send(fd, texte, strlen(texte), 0) < 0) {
		perror("send");
		exit(1);
	}
	printf("# %zu octets envoyés au port %u\n", strlen(texte), (unsigned)port);

	double echeance = heure() + 3.0;
	while (n < 0) {
		struct pollfd attente = { fd, POLLIN, 0 };
		double reste = echeance - heure();
		int r = poll(&attente, 1, reste > 0 ? (int)(reste * 1000) + 1 : 0);

		if (r < 0 && errno != EINTR) {
			perror("poll");
			exit(1);
		}
		if (r == 0) {
			fprintf(stderr, "Délai dépassé : pas de réponse\n");
			exit(1);
		}
		if (r > 0) {
			n = recv(fd, rep, MAX, MSG_DONTWAIT);
			if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
				perror("recv");
				exit(1);
			}
		}
	}

	printf("Recu : ");
	if (fwrite(rep, 1, n, stdout) < (size_t)n || printf("\n") < 0 || fflush(stdout)) {
		perror("affichage");
		exit(1);
	}
	close(fd);
	exit(0);
}

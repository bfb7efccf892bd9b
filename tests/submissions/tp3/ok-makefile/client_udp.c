#include "outils.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int ms_restantes(const struct timespec *fin)
{
	struct timespec t;
	long ms;

	clock_gettime(CLOCK_MONOTONIC, &t);
	ms = (fin->tv_sec - t.tv_sec) * 1000 + (fin->tv_nsec - t.tv_nsec) / 1000000;
	return ms > 0 ? (int)ms : 0;
}

int main(int argc, char *argv[])
{
	struct sockaddr_in serveur;
	struct timespec fin;
	const char *adresse = argc > 1 ? argv[1] : ADRESSE_DEFAUT;
	int port = argc > 2 ? lire_port(argv[2]) : PORT_DEFAUT;
	const char *message = argc > 3 ? argv[3] : MESSAGE_DEFAUT;
	char tampon[TAILLE_MAX];
	ssize_t n = -1;
	int sock;

	if (argc > 4 || port == 0 || remplir_adresse(&serveur, adresse, port) == -1) {
		fprintf(stderr, "usage: %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
		return SORTIE_USAGE;
	}
	if ((sock = socket(AF_INET, SOCK_DGRAM, 0)) == -1)
		abandonner(argv[0], "socket");
	if (connect(sock, (struct sockaddr *)&serveur, sizeof(serveur)) == -1)
		abandonner(argv[0], "connect");
	if (send(sock, message, strlen(message), 0) == -1)
		abandonner(argv[0], "send");

	clock_gettime(CLOCK_MONOTONIC, &fin);
	fin.tv_sec += 3;
	while (n == -1) {
		struct pollfd p = { .fd = sock, .events = POLLIN };
		int r = poll(&p, 1, ms_restantes(&fin));

		if (r == 0) {
			fprintf(stderr, "%s: pas de réponse de %s port %d\n", argv[0], adresse, port);
			return SORTIE_ECHEC;
		}
		if (r == -1 && errno != EINTR)
			abandonner(argv[0], "poll");
		if (r == 1 && (n = recv(sock, tampon, sizeof(tampon), MSG_DONTWAIT)) == -1
		    && errno != EAGAIN && errno != EINTR)
			abandonner(argv[0], "recv");
	}
	printf("Recu : ");
	fwrite(tampon, 1, (size_t)n, stdout);
	printf("\n");
	if (fflush(stdout) == EOF)
		abandonner(argv[0], "stdout");
	close(sock);
	return 0;
}

#include "outils.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

int main(int argc, char *argv[])
{
	struct sockaddr_in moi, client;
	char tampon[TAILLE_MAX];
	int port = argc > 1 ? lire_port(argv[1]) : PORT_DEFAUT;
	int sock;

	if (argc > 2 || port == 0) {
		fprintf(stderr, "usage: %s [PORT]\n", argv[0]);
		return SORTIE_USAGE;
	}
	if ((sock = socket(AF_INET, SOCK_DGRAM, 0)) == -1)
		abandonner(argv[0], "socket");
	remplir_adresse(&moi, NULL, port);
	if (bind(sock, (struct sockaddr *)&moi, sizeof(moi)) == -1)
		abandonner(argv[0], "bind");

	for (;;) {
		socklen_t taille = sizeof(client);
		ssize_t n = recvfrom(sock, tampon, TAILLE_MAX, 0, (struct sockaddr *)&client, &taille);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			abandonner(argv[0], "recvfrom");
		if (sendto(sock, tampon, (size_t)n, 0, (struct sockaddr *)&client, taille) == -1)
			perror("sendto");
	}
}

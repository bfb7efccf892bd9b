/* client_udp : envoie un message et affiche la réponse */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#define TAILLE 1024
#define DELAI_MS 3000

void usage(void)
{
	fprintf(stderr, "Usage : client_udp [ADRESSE [PORT [MESSAGE]]]\n");
	exit(2);
}

void erreur(const char *message)
{
	perror(message);
	exit(1);
}

int lire_port(const char *s)
{
	char *fin;
	long p = strtol(s, &fin, 10);

	if (*s == '\0' || *fin != '\0' || p <= 0 || p > 65535)
		usage();
	return (int)p;
}

long maintenant(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* attend la réponse ; rend sa longueur */
ssize_t recevoir(int s, char *tampon, size_t max)
{
	long limite = maintenant() + DELAI_MS;

	while (1) {
		struct pollfd p = { s, POLLIN, 0 };
		long reste = limite - maintenant();
		int r = poll(&p, 1, reste > 0 ? reste : 0);

		if (r < 0 && errno != EINTR)
			erreur("poll");
		if (r == 0) {
			fprintf(stderr, "Le serveur ne répond pas\n");
			exit(1);
		}
		if (r > 0) {
			ssize_t n = recv(s, tampon, max, MSG_DONTWAIT);
			if (n >= 0)
				return n;
			if (errno != EAGAIN && errno != EINTR)
				erreur("recv");
		}
	}
}

int main(int argc, char *argv[])
{
	const char *adresse = "1.2.3.4", *message = "Hello World";
	int port = 4444;
	struct sockaddr_in serveur;
	char tampon[TAILLE + 1];

	memset(&serveur, 0, sizeof(serveur));
	if (argc > 1)
		adresse = argv[1];
	if (argc > 2)
		port = lire_port(argv[2]);
	if (argc > 3)
		message = argv[3];
	if (inet_pton(AF_INET, adresse, &serveur.sin_addr) != 1)
		usage();
	serveur.sin_family = AF_INET;
	serveur.sin_port = htons(port);

	int s = socket(AF_INET, SOCK_DGRAM, 0);
	if (s < 0)
		erreur("socket");
	/* connect : le noyau ne nous donne que ce qui vient du serveur */
	if (connect(s, (struct sockaddr *)&serveur, sizeof(serveur)) < 0)
		erreur("connect");
	if (send(s, message, strlen(message), 0) < 0)
		erreur("send");

	ssize_t n = recevoir(s, tampon, TAILLE);
	tampon[n] = '\0';
	printf("Recu : %s\n", tampon);
	close(s);
	return 0;
}

/* serveur_udp : renvoie chaque datagramme à son expéditeur */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#define PORT_DEFAUT 4444
#define TAILLE 1024

void usage(void)
{
	fprintf(stderr, "Usage : serveur_udp [PORT]\n");
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

int creer_socket(int port)
{
	struct sockaddr_in adr;
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	if (s < 0)
		erreur("socket");
	memset(&adr, 0, sizeof(adr));
	adr.sin_family = AF_INET;
	adr.sin_port = htons(port);
	adr.sin_addr.s_addr = htonl(INADDR_ANY);
	if (bind(s, (struct sockaddr *)&adr, sizeof(adr)) < 0)
		erreur("bind");
	return s;
}

void servir(int s)
{
	char tampon[TAILLE];
	struct sockaddr_in client;
	socklen_t taille;
	ssize_t n;

	while (1) {
		taille = sizeof(client);
		n = recvfrom(s, tampon, TAILLE, 0, (struct sockaddr *)&client, &taille);
		if (n < 0) {
			if (errno == EINTR)
				continue;
			erreur("recvfrom");
		}
		if (n == 0)
			continue; /* rien à renvoyer */
		if (sendto(s, tampon, n, 0, (struct sockaddr *)&client, taille) < 0)
			perror("sendto");
	}
}

int main(int argc, char *argv[])
{
	int port = PORT_DEFAUT;

	if (argc > 2)
		usage();
	if (argc == 2)
		port = lire_port(argv[1]);
	servir(creer_socket(port));
	return 0;
}

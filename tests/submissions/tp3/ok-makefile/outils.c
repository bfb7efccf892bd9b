#include "outils.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int lire_port(const char *texte)
{
	char *fin;
	long valeur;

	if (texte[0] < '0' || texte[0] > '9')
		return 0;
	errno = 0;
	valeur = strtol(texte, &fin, 10);
	if (errno != 0 || *fin != '\0' || valeur > 65535)
		return 0;
	return (int)valeur;
}

int remplir_adresse(struct sockaddr_in *a, const char *adresse, int port)
{
	memset(a, 0, sizeof(*a));
	a->sin_family = AF_INET;
	a->sin_port = htons((in_port_t)port);
	if (adresse == NULL) {
		a->sin_addr.s_addr = htonl(INADDR_ANY);
		return 0;
	}
	return inet_pton(AF_INET, adresse, &a->sin_addr) == 1 ? 0 : -1;
}

void abandonner(const char *programme, const char *quoi)
{
	fprintf(stderr, "%s: %s: %s\n", programme, quoi, strerror(errno));
	exit(SORTIE_ECHEC);
}

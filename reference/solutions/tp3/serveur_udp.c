/*
 * serveur_udp [PORT] - serveur perroquet en UDP (PORT vaut 4444 par défaut).
 *
 * Chaque datagramme reçu repart tel quel vers son émetteur, sans fin, sur
 * toutes les adresses IPv4 de la machine.
 *
 * Code de sortie : 2 si l'appel est mal écrit, 1 si une opération échoue.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

enum {
	PORT_DEFAUT = 4444,
	TAILLE_MAX = 1024, /* plus grand datagramme promis par l'énoncé */
};

/* Lit un port : un nombre décimal de 1 à 65535 et rien d'autre. Rend -1 sinon. */
static int lire_port(const char *texte)
{
	char *fin;

	errno = 0;
	long port = strtol(texte, &fin, 10); /* long : 4294971740 ne doit pas devenir 4444 */
	if (fin == texte || *fin != '\0' || errno != 0 || port < 1 || port > 65535)
		return -1;
	return (int)port;
}

/* Crée la socket et l'attache au port. Rend son descripteur, ou -1 après un message. */
static int ouvrir_socket(int port)
{
	struct sockaddr_in locale;
	int sock = socket(AF_INET, SOCK_DGRAM, 0);

	if (sock == -1) {
		perror("socket");
		return -1;
	}

	/* On met tout à zéro d'abord, on remplit ensuite. */
	memset(&locale, 0, sizeof(locale));
	locale.sin_family = AF_INET;
	locale.sin_addr.s_addr = htonl(INADDR_ANY); /* toutes les adresses de la machine */
	locale.sin_port = htons((uint16_t)port);    /* ordre des octets du réseau */

	/*
	 * Pas de SO_REUSEADDR ici : en UDP, il laisserait deux serveurs se
	 * partager le port sans qu'aucun ne s'en aperçoive.
	 */
	if (bind(sock, (struct sockaddr *)&locale, sizeof(locale)) == -1) {
		fprintf(stderr, "bind (port %d) : %s\n", port, strerror(errno));
		close(sock);
		return -1;
	}
	return sock;
}

/* Ne revient que si la réception échoue. */
static void faire_le_perroquet(int sock)
{
	char tampon[TAILLE_MAX];

	for (;;) {
		struct sockaddr_in client;
		socklen_t taille = sizeof(client); /* à remettre avant CHAQUE recvfrom */

		/* Le processus dort ici tant que rien n'arrive. */
		ssize_t n = recvfrom(sock, tampon, sizeof(tampon), 0, (struct sockaddr *)&client, &taille);
		if (n == -1) {
			if (errno == EINTR)
				continue;
			perror("recvfrom");
			return;
		}

		/*
		 * n octets exactement, ni strlen (il peut y avoir des octets
		 * nuls), ni sizeof. n vaut 0 pour un datagramme vide : ce
		 * n'est pas une fin, on le renvoie comme les autres.
		 */
		if (sendto(sock, tampon, (size_t)n, 0, (struct sockaddr *)&client, taille) == -1)
			perror("sendto"); /* ce client-là n'aura rien, les autres oui */
	}
}

int main(int argc, char *argv[])
{
	int port = PORT_DEFAUT;

	if (argc == 2)
		port = lire_port(argv[1]);
	if (argc > 2 || port == -1) {
		fprintf(stderr, "Usage : serveur_udp [PORT]   (PORT de 1 à 65535, %d par défaut)\n", PORT_DEFAUT);
		return 2;
	}

	int sock = ouvrir_socket(port);
	if (sock == -1)
		return 1;
	faire_le_perroquet(sock);
	close(sock);
	return 1;
}

/* Serveur perroquet - Théo Bénédict, L2 - fichier enregistré en Latin-1 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

#define LG_MAX 1024

/* écrit la manière d'appeler le programme */
void mode_d_emploi(char *nom) {
	fprintf(stderr, "Paramètre erroné. Appel : %s [PORT]\n", nom);
	exit(2);
}

int lit_port(char *texte) {
	int i, port = 0;
	for (i = 0; texte[i] != '\0'; i++) {
		if (texte[i] < '0' || texte[i] > '9' || port > 6553)
			return -1;      /* pas un chiffre, ou déjà trop grand */
		port = port * 10 + texte[i] - '0';
	}
	if (i == 0 || port == 0 || port > 65535)
		return -1;
	return port;
}

int main(int argc, char **argv) {
	int port = 4444, desc;
	struct sockaddr_in locale;

	if (argc > 2)
		mode_d_emploi(argv[0]);
	if (argc == 2 && (port = lit_port(argv[1])) == -1)
		mode_d_emploi(argv[0]);

	/* création puis association */
	desc = socket(AF_INET, SOCK_DGRAM, 0);
	if (desc == -1) {
		perror("création de la socket");
		exit(1);
	}
	memset(&locale, 0, sizeof(struct sockaddr_in));
	locale.sin_family = AF_INET;
	locale.sin_port = htons(port);
	locale.sin_addr.s_addr = htonl(INADDR_ANY);
	if (bind(desc, (struct sockaddr *) &locale, sizeof(struct sockaddr_in)) == -1) {
		perror("port déjà pris ou interdit");
		exit(1);
	}

	/* boucle sans fin : réception, réponse */
	while (1) {
		static char donnees[LG_MAX];
		struct sockaddr_in emetteur;
		socklen_t lg = sizeof(struct sockaddr_in);
		int recus;

		recus = recvfrom(desc, donnees, LG_MAX, 0, (struct sockaddr *) &emetteur, &lg);
		if (recus < 0) {
			if (errno == EINTR)
				continue;
			perror("réception");
			exit(1);
		}
		if (sendto(desc, donnees, recus, 0, (struct sockaddr *) &emetteur, lg) != recus)
			perror("réponse non envoyée");
	}
}

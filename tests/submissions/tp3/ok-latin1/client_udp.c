/* Client - Théo Bénédict, L2 - fichier enregistré en Latin-1 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <time.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#define LG_MAX 1024
#define DELAI 3

void mode_d_emploi(char *nom) {
	fprintf(stderr, "Paramètre erroné. Appel : %s [ADRESSE [PORT [MESSAGE]]]\n", nom);
	exit(2);
}

void echec(char *etape) {
	perror(etape);
	exit(1);
}

int lit_port(char *texte) {
	int i, port = 0;
	for (i = 0; texte[i] != '\0'; i++) {
		if (texte[i] < '0' || texte[i] > '9' || port > 6553)
			return -1;
		port = port * 10 + texte[i] - '0';
	}
	if (i == 0 || port == 0 || port > 65535)
		return -1;
	return port;
}

/* attend que desc soit lisible, jusqu'à l'heure « limite » ; 0 si c'est passé */
int attendre(int desc, struct timespec limite) {
	struct timespec t;
	struct timeval reste;
	fd_set ens;
	int r;

	clock_gettime(CLOCK_MONOTONIC, &t);
	reste.tv_sec = limite.tv_sec - t.tv_sec;
	reste.tv_usec = (limite.tv_nsec - t.tv_nsec) / 1000;
	if (reste.tv_usec < 0) {
		reste.tv_usec += 1000000;
		reste.tv_sec--;
	}
	if (reste.tv_sec < 0)
		return 0;
	FD_ZERO(&ens);
	FD_SET(desc, &ens);
	r = select(desc + 1, &ens, NULL, NULL, &reste);
	if (r == -1 && errno != EINTR)
		echec("select");
	return r != 0;
}

int main(int argc, char **argv) {
	char *adresse = "1.2.3.4", *message = "Hello World";
	int port = 4444, desc, n;
	struct sockaddr_in serveur;
	struct timespec limite;
	char reponse[LG_MAX];

	if (argc > 1)
		adresse = argv[1];
	if (argc > 2)
		port = lit_port(argv[2]);
	if (argc > 3)
		message = argv[3];
	memset(&serveur, 0, sizeof(struct sockaddr_in));
	if (argc > 4 || port == -1 || inet_pton(AF_INET, adresse, &serveur.sin_addr) != 1)
		mode_d_emploi(argv[0]);
	serveur.sin_family = AF_INET;
	serveur.sin_port = htons(port);

	desc = socket(AF_INET, SOCK_DGRAM, 0);
	if (desc == -1)
		echec("création de la socket");
	/* socket associée au serveur : les datagrammes étrangers sont écartés */
	if (connect(desc, (struct sockaddr *) &serveur, sizeof(struct sockaddr_in)) == -1)
		echec("connect");
	if (send(desc, message, strlen(message), 0) == -1)
		echec("envoi");

	clock_gettime(CLOCK_MONOTONIC, &limite);
	limite.tv_sec += DELAI;
	while (attendre(desc, limite)) {
		n = recv(desc, reponse, LG_MAX, MSG_DONTWAIT);
		if (n == -1) {
			if (errno == EAGAIN || errno == EINTR)
				continue;
			echec("réception");
		}
		printf("Recu : ");
		fwrite(reponse, 1, n, stdout);
		putchar('\n');
		if (fflush(stdout) == EOF)
			echec("écriture");
		close(desc);
		return 0;
	}
	fprintf(stderr, "Pas de réponse : délai de %d s dépassé\n", DELAI);
	close(desc);
	return 1;
}

/*
 * client_udp [ADRESSE [PORT [MESSAGE]]] - envoie un message au serveur perroquet.
 *
 * Par défaut : 1.2.3.4, 4444 et « Hello World ». Le message part une fois,
 * dans un seul datagramme ; le client attend une réponse pendant 3 s au plus et
 * affiche « Recu : <réponse> ».
 *
 * Code de sortie : 0 si une réponse est venue, 1 si une opération échoue ou si
 * rien ne vient, 2 si l'appel est mal écrit.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum {
	PORT_DEFAUT = 4444,
	TAILLE_MAX = 1024, /* plus longue réponse promise par l'énoncé */
	ATTENTE_MS = 3000,
};

/* Lit un port : un nombre décimal de 1 à 65535 et rien d'autre. Rend -1 sinon. */
static int lire_port(const char *texte)
{
	char *fin;

	errno = 0;
	long port = strtol(texte, &fin, 10);
	if (fin == texte || *fin != '\0' || errno != 0 || port < 1 || port > 65535)
		return -1;
	return (int)port;
}

/* Une horloge qui ne recule jamais, en millisecondes. */
static long long maintenant_ms(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) == -1) {
		perror("clock_gettime");
		exit(1);
	}
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/*
 * Crée une socket reliée au serveur. Sans bind() : le système choisit notre
 * port. Avec connect() : le noyau écarte tout datagramme qui ne vient pas de
 * ce serveur, et un port fermé se voit tout de suite (ECONNREFUSED).
 * Rend le descripteur, ou -1 après un message.
 */
static int relier_au_serveur(const struct sockaddr_in *serveur)
{
	int sock = socket(AF_INET, SOCK_DGRAM, 0);

	if (sock == -1) {
		perror("socket");
		return -1;
	}
	if (connect(sock, (const struct sockaddr *)serveur, sizeof(*serveur)) == -1) {
		perror("connect");
		close(sock);
		return -1;
	}
	return sock;
}

/*
 * Attend une réponse, 3 s en tout : ce qui réveille le client pour rien (un
 * signal, un datagramme abîmé) ne prolonge pas l'attente.
 * Rend le nombre d'octets reçus (0 est possible), ou -1 après un message.
 */
static ssize_t attendre_reponse(int sock, char *tampon, size_t taille)
{
	long long echeance = maintenant_ms() + ATTENTE_MS;

	for (;;) {
		long long reste = echeance - maintenant_ms();
		struct pollfd attente = { .fd = sock, .events = POLLIN };

		if (reste < 0)
			reste = 0;
		int prets = poll(&attente, 1, (int)reste);
		if (prets == -1 && errno != EINTR) {
			perror("poll");
			return -1;
		}
		if (prets == 0) {
			fprintf(stderr, "client_udp : pas de réponse au bout de %d ms\n", ATTENTE_MS);
			return -1;
		}
		if (prets == -1)
			continue;

		/* poll peut se tromper : MSG_DONTWAIT empêche de rester bloqué. */
		ssize_t n = recv(sock, tampon, taille, MSG_DONTWAIT);
		if (n >= 0)
			return n;
		if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
			perror("recv");
			return -1;
		}
	}
}

/* Affiche n octets, ni plus ni moins : la réponse n'a pas de '\0' à la fin. */
static int afficher(const char *reponse, size_t n)
{
	printf("Recu : ");
	fwrite(reponse, 1, n, stdout);
	putchar('\n');
	if (fflush(stdout) == EOF || ferror(stdout)) {
		perror("stdout");
		return -1;
	}
	return 0;
}

static int dialoguer(int sock, const char *message)
{
	char tampon[TAILLE_MAX];

	/* strlen : les octets du message, sans le '\0' final. */
	if (send(sock, message, strlen(message), 0) == -1) {
		perror("send");
		return -1;
	}
	ssize_t n = attendre_reponse(sock, tampon, sizeof(tampon));
	if (n == -1)
		return -1;
	return afficher(tampon, (size_t)n);
}

int main(int argc, char *argv[])
{
	const char *adresse = argc > 1 ? argv[1] : "1.2.3.4";
	int port = argc > 2 ? lire_port(argv[2]) : PORT_DEFAUT;
	const char *message = argc > 3 ? argv[3] : "Hello World";
	struct sockaddr_in serveur;

	memset(&serveur, 0, sizeof(serveur));
	serveur.sin_family = AF_INET;
	/* inet_pton veut quatre nombres ; inet_addr prendrait « 1.2.3 » pour 1.2.0.3. */
	if (argc > 4 || port == -1 || inet_pton(AF_INET, adresse, &serveur.sin_addr) != 1) {
		fprintf(stderr, "Usage : client_udp [ADRESSE [PORT [MESSAGE]]]   (1.2.3.4, %d, Hello World)\n",
			PORT_DEFAUT);
		return 2;
	}
	serveur.sin_port = htons((uint16_t)port);

	int sock = relier_au_serveur(&serveur);
	if (sock == -1)
		return 1;
	int resultat = dialoguer(sock, message);
	close(sock);
	return resultat == 0 ? 0 : 1;
}

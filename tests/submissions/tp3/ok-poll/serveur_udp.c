// Serveur perroquet, version poll() : on pourra y ajouter d'autres sockets.
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

static bool unDatagramme(int fd)
{
	unsigned char donnees[MAX];
	struct sockaddr_in de;
	socklen_t lde = sizeof de;
	char nom[INET_ADDRSTRLEN];
	ssize_t n;

	n = recvfrom(fd, donnees, sizeof donnees, MSG_DONTWAIT, (struct sockaddr *)&de, &lde);
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	if (inet_ntop(AF_INET, &de.sin_addr, nom, sizeof nom) == NULL)
		return false;
	printf("# %zd octets de %s:%u\n", n, nom, (unsigned)ntohs(de.sin_port));
	fflush(stdout);
	if (sendto(fd, donnees, n, 0, (struct sockaddr *)&de, lde) != n)
		fprintf(stderr, "réponse perdue : %s\n", strerror(errno));
	return true;
}

int main(int argc, char *argv[])
{
	uint16_t port = 4444;
	struct sockaddr_in moi;
	struct pollfd attente;

	if (argc > 2 || (argc == 2 && !portValide(argv[1], &port))) {
		fprintf(stderr, "Utilisation : %s [PORT]\n", argv[0]);
		exit(2);
	}

	attente.fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
	attente.events = POLLIN;
	if (attente.fd < 0) {
		perror("socket");
		exit(1);
	}

	bzero(&moi, sizeof moi);
	moi.sin_family = AF_INET;
	moi.sin_port = htons(port);
	moi.sin_addr.s_addr = INADDR_ANY;
	if (bind(attente.fd, (struct sockaddr *)&moi, sizeof moi) < 0) {
		perror("Impossible d'attacher la socket au port");
		exit(1);
	}

	while (1) {
		if (poll(&attente, 1, -1) < 0) {
			if (errno == EINTR)
				continue;
			perror("poll");
			exit(1);
		}
		if (!unDatagramme(attente.fd)) {
			perror("recvfrom");
			exit(1);
		}
	}
}

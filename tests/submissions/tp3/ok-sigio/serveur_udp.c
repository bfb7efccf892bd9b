/*
 * Perroquet guidé par SIGIO. Le signal est bloqué et attendu avec sigwaitinfo :
 * pas de traitant. Comme les signaux ne se comptent pas, on vide la socket à
 * chaque réveil, et une première fois avant de dormir.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ESSAYER(x) do { if ((x) == -1) { perror(#x); exit(1); } } while (0)

static void vider(int s)
{
	for (;;) {
		char b[1024];
		struct sockaddr_in de;
		socklen_t l = sizeof(de);
		ssize_t n = recvfrom(s, b, sizeof(b), MSG_DONTWAIT, (struct sockaddr *)&de, &l);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		ESSAYER(n);
		if (sendto(s, b, n, 0, (struct sockaddr *)&de, l) == -1)
			perror("sendto");
	}
}

int main(int argc, char *argv[])
{
	struct sockaddr_in ici;
	sigset_t io;
	int s, fl, fini = 0;
	unsigned port = 4444;
	char reste;

	/* %5u : pas plus de cinq caractères, donc pas de débordement */
	if (argc > 1 && (argv[1][0] < '0' || argv[1][0] > '9' || sscanf(argv[1], "%5u%c", &port, &reste) != 1))
		port = 0;
	if (argc > 2 || port == 0 || port > 65535) {
		fprintf(stderr, "Usage : serveur_udp [PORT]\n");
		return 2;
	}

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	ESSAYER(sigprocmask(SIG_BLOCK, &io, NULL));

	ESSAYER(s = socket(AF_INET, SOCK_DGRAM, 0));
	memset(&ici, 0, sizeof(ici));
	ici.sin_family = AF_INET;
	ici.sin_port = htons(port);
	ici.sin_addr.s_addr = htonl(INADDR_ANY);
	ESSAYER(bind(s, (struct sockaddr *)&ici, sizeof(ici)));
	ESSAYER(fcntl(s, F_SETOWN, getpid()));
	ESSAYER(fl = fcntl(s, F_GETFL));
	ESSAYER(fcntl(s, F_SETFL, fl | O_ASYNC));

	while (!fini) {
		vider(s);
		if (sigwaitinfo(&io, NULL) == -1 && errno != EINTR) {
			perror("sigwaitinfo");
			fini = 1;
		}
	}
	return 1;
}

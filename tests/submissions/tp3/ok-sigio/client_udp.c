/* Client : SIGIO annonce la réponse, sigtimedwait borne l'attente. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ESSAYER(x) do { if ((x) == -1) { perror(#x); exit(1); } } while (0)
#define NS 1000000000LL

static long long ns(void)
{
	struct timespec t;

	ESSAYER(clock_gettime(CLOCK_MONOTONIC, &t));
	return t.tv_sec * NS + t.tv_nsec;
}

/* 1 si la réponse du serveur est là, 0 s'il n'y a encore rien */
static int essayer(int s, const struct sockaddr_in *serv, char *b, size_t max, ssize_t *n)
{
	for (;;) {
		struct sockaddr_in de;
		socklen_t l = sizeof(de);

		*n = recvfrom(s, b, max, MSG_DONTWAIT, (struct sockaddr *)&de, &l);
		if (*n == -1 && errno == EINTR)
			continue;
		if (*n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return 0;
		ESSAYER(*n);
		if (de.sin_addr.s_addr == serv->sin_addr.s_addr && de.sin_port == serv->sin_port)
			return 1;
	}
}

int main(int argc, char *argv[])
{
	struct sockaddr_in serv;
	sigset_t io;
	int s, fl;
	unsigned port = 4444;
	char reste, b[1024];
	const char *message = argc > 3 ? argv[3] : "Hello World";
	ssize_t n;

	memset(&serv, 0, sizeof(serv));
	serv.sin_family = AF_INET;
	if (argc > 2 && (argv[2][0] < '0' || argv[2][0] > '9' || sscanf(argv[2], "%5u%c", &port, &reste) != 1))
		port = 0;
	if (argc > 4 || port == 0 || port > 65535
	    || inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &serv.sin_addr) != 1) {
		fprintf(stderr, "Usage : client_udp [ADRESSE [PORT [MESSAGE]]]\n");
		return 2;
	}
	serv.sin_port = htons(port);

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	ESSAYER(sigprocmask(SIG_BLOCK, &io, NULL));
	ESSAYER(s = socket(AF_INET, SOCK_DGRAM, 0));
	ESSAYER(fcntl(s, F_SETOWN, getpid()));
	ESSAYER(fl = fcntl(s, F_GETFL));
	ESSAYER(fcntl(s, F_SETFL, fl | O_ASYNC));
	ESSAYER(sendto(s, message, strlen(message), 0, (struct sockaddr *)&serv, sizeof(serv)));

	long long fin = ns() + 3 * NS;
	while (!essayer(s, &serv, b, sizeof(b), &n)) {
		long long r = fin - ns();
		if (r <= 0) {
			fprintf(stderr, "Pas de réponse au bout de 3 s\n");
			return 1;
		}
		struct timespec t = { r / NS, r % NS };
		if (sigtimedwait(&io, NULL, &t) == -1 && errno != EAGAIN && errno != EINTR) {
			perror("sigtimedwait");
			return 1;
		}
	}

	printf("Recu : ");
	fwrite(b, sizeof(char), n, stdout);
	printf("\n");
	ESSAYER(fflush(stdout));
	return 0;
}

/* Un fils par datagramme ; les fils sont récoltés dans le traitant de SIGCHLD. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define TAILLE 1024

static void recolter(int sig)
{
	int sauve = errno;

	(void)sig;
	/* plusieurs fins peuvent ne donner qu'un seul signal : boucle */
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	errno = sauve;
}

static int repondre(int s, const char *b, size_t n, const struct sockaddr_in *c)
{
	ssize_t r;

	do
		r = sendto(s, b, n, 0, (const struct sockaddr *)c, sizeof(*c));
	while (r == -1 && errno == EINTR);
	if (r == -1)
		perror("sendto");
	return r == -1;
}

int main(int argc, char *argv[])
{
	struct sockaddr_in serv, client;
	struct sigaction sa;
	char buf[TAILLE], *fin = NULL;
	long port = 4444;
	int s;

	if (argc > 1)
		port = strtol(argv[1], &fin, 10);
	if (argc > 2 || (argc > 1 && (*fin || fin == argv[1])) || port < 1 || port > 65535) {
		fprintf(stderr, "Usage : %s [PORT]\n", argv[0]);
		exit(2);
	}

	s = socket(AF_INET, SOCK_DGRAM, 0);
	if (s == -1) {
		perror("socket");
		exit(1);
	}
	memset(&serv, 0, sizeof(serv));
	serv.sin_family = AF_INET;
	serv.sin_addr.s_addr = htonl(INADDR_ANY);
	serv.sin_port = htons(port);
	if (bind(s, (struct sockaddr *)&serv, sizeof(serv)) == -1) {
		perror("bind");
		exit(1);
	}

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = recolter;
	sa.sa_flags = SA_RESTART | SA_NOCLDSTOP;
	sigemptyset(&sa.sa_mask);
	if (sigaction(SIGCHLD, &sa, NULL) == -1) {
		perror("sigaction");
		exit(1);
	}

	for (;;) {
		socklen_t l = sizeof(client);
		ssize_t n = recvfrom(s, buf, TAILLE, 0, (struct sockaddr *)&client, &l);

		if (n == -1) {
			if (errno == EINTR)
				continue;
			perror("recvfrom");
			exit(1);
		}
		switch (fork()) {
		case -1:
			/* plus de place pour un fils : le père répond lui-même */
			repondre(s, buf, n, &client);
			break;
		case 0:
			_exit(repondre(s, buf, n, &client));
		}
	}
}

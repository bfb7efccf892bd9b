#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long ms(void)
{
	struct timespec t;
	if (clock_gettime(CLOCK_MONOTONIC, &t))
		err(1, "clock_gettime");
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* write peut n'écrire qu'une partie */
static void ecrire(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(STDOUT_FILENO, p, n);
		if (k < 0 && errno != EINTR)
			err(1, "write");
		if (k > 0)
			p += k, n -= k;
	}
}

int main(int c, char **v)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	char b[7 + 1024 + 1] = "Recu : ", *f = "", *m = c > 3 ? v[3] : "Hello World";
	long p = c > 2 ? strtol(v[2], &f, 10) : 4444, fin, t;
	if (c > 4 || *f || p < 1 || p > 65535 || inet_pton(AF_INET, c > 1 ? v[1] : "1.2.3.4", &a.sin_addr) != 1)
		errx(2, "usage : client_udp [ADRESSE [PORT [MESSAGE]]]");
	a.sin_port = htons(p);

	int s = socket(AF_INET, SOCK_DGRAM, 0);
	if (s < 0 || connect(s, (void *)&a, sizeof a) < 0 || send(s, m, strlen(m), 0) < 0)
		err(1, "%s port %ld", inet_ntoa(a.sin_addr), p);

	for (fin = ms() + 3000; (t = fin - ms()) > 0;) {
		struct pollfd d = { s, POLLIN, 0 };
		ssize_t n = poll(&d, 1, t);
		if (n > 0 && (n = recv(s, b + 7, 1024, MSG_DONTWAIT)) >= 0) {
			b[7 + n] = '\n';
			ecrire(b, 7 + n + 1);
			return 0;
		}
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			err(1, "réception");
	}
	errx(1, "pas de réponse");
}

#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int c, char **v)
{
	char b[1024], *f = "";
	long p = c > 1 ? strtol(v[1], &f, 10) : 4444;
	if (c > 2 || *f || p < 1 || p > 65535)
		errx(2, "usage : serveur_udp [PORT]");

	struct sockaddr_in a = { AF_INET, htons(p), { INADDR_ANY }, { 0 } };
	socklen_t l;
	ssize_t n;
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	if (s < 0 || bind(s, (void *)&a, sizeof a) < 0)
		err(1, "port %ld", p);
	while (l = sizeof a, (n = recvfrom(s, b, sizeof b, 0, (void *)&a, &l)) >= 0 || errno == EINTR)
		if (n >= 0 && sendto(s, b, n, 0, (void *)&a, l) < 0)
			warn("sendto");
	err(1, "recvfrom");
}

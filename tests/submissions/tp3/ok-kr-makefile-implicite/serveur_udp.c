#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>

char buf[1024];

int main(int argc, char **argv)
{
	struct sockaddr_in a, from;
	socklen_t len;
	int s, n, port = 4444;
	char *p;

	if (argc > 1) {
		for (port = 0, p = argv[1]; *p >= '0' && *p <= '9' && port < 100000; p++)
			port = port * 10 + *p - '0';
		if (*p || port < 1 || port > 65535) {
			fprintf(stderr, "usage: serveur_udp [port]\n");
			return 2;
		}
	}
	if ((s = socket(AF_INET, SOCK_DGRAM, 0)) < 0) {
		perror("socket");
		return 1;
	}
	memset(&a, 0, sizeof a);
	a.sin_family = AF_INET;
	a.sin_port = htons(port);
	if (bind(s, (struct sockaddr *) &a, sizeof a) < 0) {
		perror("bind");
		return 1;
	}
	while (len = sizeof from, (n = recvfrom(s, buf, sizeof buf, 0, (struct sockaddr *) &from, &len)) >= 0)
		if (sendto(s, buf, n, 0, (struct sockaddr *) &from, len) < 0)
			perror("sendto");
	perror("recvfrom");
	return 1;
}

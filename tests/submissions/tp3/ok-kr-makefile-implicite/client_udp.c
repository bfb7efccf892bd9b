#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <errno.h>
#include <time.h>
#include <poll.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

char buf[1025];

int main(int argc, char **argv)
{
	struct sockaddr_in a, from;
	struct pollfd pf;
	struct timespec t0, t;
	socklen_t len;
	int s, n, left, port = 4444;
	char *p, *msg = "Hello World", *addr = "1.2.3.4";

	if (argc > 1)
		addr = argv[1];
	if (argc > 2) {
		for (port = 0, p = argv[2]; *p >= '0' && *p <= '9' && port < 100000; p++)
			port = port * 10 + *p - '0';
		if (*p)
			port = 0;
	}
	if (argc > 3)
		msg = argv[3];
	memset(&a, 0, sizeof a);
	a.sin_family = AF_INET;
	a.sin_port = htons(port);
	if (argc > 4 || port < 1 || port > 65535 || inet_pton(AF_INET, addr, &a.sin_addr) != 1) {
		fprintf(stderr, "usage: client_udp [address [port [message]]]\n");
		return 2;
	}
	if ((s = socket(AF_INET, SOCK_DGRAM, 0)) < 0 || sendto(s, msg, strlen(msg), 0, (struct sockaddr *) &a, sizeof a) < 0) {
		perror("client_udp");
		return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (;;) {
		clock_gettime(CLOCK_MONOTONIC, &t);
		left = 3000 - (int) ((t.tv_sec - t0.tv_sec) * 1000 + (t.tv_nsec - t0.tv_nsec) / 1000000);
		pf.fd = s;
		pf.events = POLLIN;
		n = left > 0 ? poll(&pf, 1, left) : 0;
		if (n == 0) {
			fprintf(stderr, "client_udp: timeout\n");
			return 1;
		}
		if (n < 0 && errno == EINTR)
			continue;
		len = sizeof from;
		n = recvfrom(s, buf, sizeof buf - 1, 0, (struct sockaddr *) &from, &len);
		if (n < 0) {
			perror("recvfrom");
			return 1;
		}
		if (from.sin_port == a.sin_port && from.sin_addr.s_addr == a.sin_addr.s_addr)
			break;
	}
	buf[n] = 0;
	printf("Recu : %s\n", buf);
	return 0;
}

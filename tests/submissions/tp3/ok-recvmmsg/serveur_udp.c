/* Perroquet par lots : jusqu'à LOT datagrammes par appel système. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define LOT 16
#define MAX 1024

static struct mmsghdr lot[LOT];
static struct iovec zone[LOT];
static struct sockaddr_in qui[LOT];
static char octets[LOT][MAX];

/* Tout est à remettre avant chaque réception. */
static void preparer(void)
{
    for (int i = 0; i < LOT; i++) {
        zone[i].iov_base = octets[i];
        zone[i].iov_len = MAX;
        memset(&lot[i], 0, sizeof lot[i]);
        lot[i].msg_hdr.msg_name = &qui[i];
        lot[i].msg_hdr.msg_namelen = sizeof qui[i];
        lot[i].msg_hdr.msg_iov = &zone[i];
        lot[i].msg_hdr.msg_iovlen = 1;
    }
}

static void renvoyer(int s, int combien)
{
    for (int i = 0; i < combien; i++) {
        zone[i].iov_len = lot[i].msg_len;
        lot[i].msg_hdr.msg_flags = 0;
    }
    int fait = 0;
    while (fait < combien) {
        int k = sendmmsg(s, lot + fait, (unsigned)(combien - fait), 0);
        if (k == -1 && errno == EINTR)
            continue;
        if (k == -1) {
            perror("sendmmsg");
            k = 1;              /* celui-là ne part pas, on passe au suivant */
        }
        fait += k;
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = INADDR_ANY };
    char *fin = "";
    long long port = 4444;

    if (argc >= 2)
        port = strtoll(argv[1], &fin, 10);
    if (argc > 2 || *fin != '\0' || port <= 0 || port >= 1 << 16) {
        fprintf(stderr, "usage : serveur_udp [PORT]\n");
        return 2;
    }
    a.sin_port = htons((in_port_t)port);

    int s = socket(PF_INET, SOCK_DGRAM, 0);
    if (s < 0 || bind(s, (struct sockaddr *)&a, sizeof a) < 0) {
        perror("serveur_udp");
        return 1;
    }
    for (;;) {
        preparer();
        int k = recvmmsg(s, lot, LOT, MSG_WAITFORONE, NULL);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0) {
            perror("recvmmsg");
            return 1;
        }
        renvoyer(s, k);
    }
}

/* Perroquet UDP avec recvmsg/sendmsg. Grâce à IP_PKTINFO, la réponse part de
 * l'adresse à laquelle le client avait écrit. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

typedef union {
    struct cmsghdr aligne;
    char octets[CMSG_SPACE(sizeof(struct in_pktinfo))];
} controle_t;

static void mourir(const char *ou)
{
    perror(ou);
    exit(EXIT_FAILURE);
}

static in_port_t port_reseau(int argc, char **argv)
{
    if (argc == 1)
        return htons(4444);

    const char *p = argv[1];
    unsigned v = 0;
    int chiffres = 0;
    for (; *p >= '0' && *p <= '9' && v <= 65535; p++, chiffres++)
        v = 10 * v + (unsigned)(*p - '0');
    if (argc > 2 || *p != '\0' || chiffres == 0 || v == 0 || v > 65535) {
        fputs("usage: serveur_udp [PORT]\n", stderr);
        exit(2);
    }
    return htons((in_port_t)v);
}

/* Retrouve dans les données annexes l'adresse locale qui a reçu le datagramme. */
static struct in_addr adresse_locale(struct msghdr *m)
{
    struct in_addr a = { .s_addr = htonl(INADDR_ANY) };
    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            a = info.ipi_spec_dst;
        }
    }
    return a;
}

static void repondre(int s, struct sockaddr_in *a_qui, struct iovec *quoi, struct in_addr d_ou)
{
    controle_t ctl;
    struct msghdr m = { 0 };

    memset(&ctl, 0, sizeof ctl);
    m.msg_name = a_qui;
    m.msg_namelen = sizeof *a_qui;
    m.msg_iov = quoi;
    m.msg_iovlen = 1;
    m.msg_control = ctl.octets;
    m.msg_controllen = sizeof ctl.octets;

    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
    struct in_pktinfo info = { .ipi_spec_dst = d_ou };
    memcpy(CMSG_DATA(c), &info, sizeof info);

    if (sendmsg(s, &m, 0) == -1)
        perror("sendmsg");
}

int main(int argc, char **argv)
{
    struct sockaddr_in ici = { .sin_family = AF_INET, .sin_port = port_reseau(argc, argv) };
    const int oui = 1;

    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (s < 0)
        mourir("socket");
    if (setsockopt(s, IPPROTO_IP, IP_PKTINFO, &oui, sizeof oui) < 0)
        mourir("setsockopt IP_PKTINFO");
    if (bind(s, (struct sockaddr *)&ici, sizeof ici) < 0)
        mourir("bind");

    static unsigned char donnees[65536];
    while (1) {
        struct sockaddr_in qui;
        controle_t ctl;
        struct iovec v = { .iov_base = donnees, .iov_len = sizeof donnees };
        struct msghdr m = {
            .msg_name = &qui, .msg_namelen = sizeof qui,
            .msg_iov = &v, .msg_iovlen = 1,
            .msg_control = ctl.octets, .msg_controllen = sizeof ctl.octets,
        };
        ssize_t n = recvmsg(s, &m, 0);
        if (n < 0) {
            if (errno == EINTR)
                continue;
            mourir("recvmsg");
        }
        v.iov_len = (size_t)n;
        repondre(s, &qui, &v, adresse_locale(&m));
    }
}

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "commun.h"
bool adresse(struct sockaddr_in *a, const char *ip, const char *port)
{
    char *fin;
    memset(a, 0, sizeof *a);
    a->sin_family = AF_INET;
    long p = strtol(port, &fin, 10);
    if (fin == port || *fin != '\0' || p < 1 || p > 65535) return false;
    a->sin_port = htons((in_port_t)p);
    if (ip == NULL) { a->sin_addr.s_addr = htonl(INADDR_ANY); return true; }
    return inet_pton(AF_INET, ip, &a->sin_addr) == 1;
}
void echec(const char *quoi)
{
    perror(quoi);
    exit(EXIT_FAILURE);
}

#ifndef COMMUN_H
#define COMMUN_H
#include <stdbool.h>
#include <sys/socket.h>
#include <netinet/in.h>
bool adresse(struct sockaddr_in *a, const char *ip, const char *port);
void echec(const char *quoi);
#endif

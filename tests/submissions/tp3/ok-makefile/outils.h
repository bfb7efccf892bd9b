#ifndef OUTILS_H
#define OUTILS_H

#include <netinet/in.h>

#define PORT_DEFAUT 4444
#define ADRESSE_DEFAUT "1.2.3.4"
#define MESSAGE_DEFAUT "Hello World"
#define TAILLE_MAX 1024

#define SORTIE_ECHEC 1
#define SORTIE_USAGE 2

/* Lit un port (1 à 65535) ; rend 0 si le texte n'en est pas un. */
int lire_port(const char *texte);

/* Remplit une adresse IPv4 ; adresse NULL veut dire « toutes ».
 * Rend -1 si l'adresse est mal écrite. */
int remplir_adresse(struct sockaddr_in *a, const char *adresse, int port);

/* Affiche « programme: quoi: raison » et termine avec SORTIE_ECHEC. */
void abandonner(const char *programme, const char *quoi);

#endif

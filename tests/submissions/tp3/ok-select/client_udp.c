#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>
#include <time.h>
#include <sys/types.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <netinet/in.h>

#define DELAI 3

/* 1 : une réponse du serveur est dans buf ; 0 : trop tard ; -1 : erreur */
int attendre(int fd, const struct sockaddr_in *serv, char *buf, size_t taille, ssize_t *n)
{
  struct timespec debut, t;

  clock_gettime(CLOCK_MONOTONIC, &debut);
  for (;;) {
    fd_set lecture;
    struct timeval tv;
    struct sockaddr_in src;
    socklen_t lg = sizeof src;
    long us;
    int r;

    clock_gettime(CLOCK_MONOTONIC, &t);
    us = DELAI * 1000000L - (t.tv_sec - debut.tv_sec) * 1000000L
         - (t.tv_nsec - debut.tv_nsec) / 1000;
    if (us < 0)
      us = 0;
    tv.tv_sec = us / 1000000;
    tv.tv_usec = us % 1000000;

    FD_ZERO(&lecture);
    FD_SET(fd, &lecture);
    r = select(fd + 1, &lecture, NULL, NULL, &tv);
    if (r == 0)
      return 0;
    if (r < 0) {
      if (errno == EINTR)
        continue;
      return -1;
    }
    *n = recvfrom(fd, buf, taille, MSG_DONTWAIT, (struct sockaddr *) &src, &lg);
    if (*n < 0) {
      if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)
        continue;
      return -1;
    }
    if (src.sin_addr.s_addr == serv->sin_addr.s_addr && src.sin_port == serv->sin_port)
      return 1;
    fprintf(stderr, "(datagramme d'un inconnu ignoré)\n");
  }
}

int main(int argc, char **argv)
{
  int fd, r, port = 4444;
  char c, buf[1024];
  char *msg = "Hello World";
  ssize_t n;
  struct sockaddr_in serv, moi;

  memset(&serv, 0, sizeof serv);
  memset(&moi, 0, sizeof moi);
  serv.sin_family = moi.sin_family = AF_INET;

  r = inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &serv.sin_addr);
  if (argc > 2) {
    size_t l = strlen(argv[2]);
    if (l == 0 || l > 5 || strspn(argv[2], "0123456789") != l
        || sscanf(argv[2], "%d%c", &port, &c) != 1)
      port = 0;
  }
  if (argc > 3)
    msg = argv[3];
  if (r != 1 || port == 0 || port > 65535) {
    fprintf(stderr, "Usage: client_udp [ADRESSE [PORT [MESSAGE]]]\n");
    return 2;
  }
  serv.sin_port = htons(port);

  if ((fd = socket(PF_INET, SOCK_DGRAM, 0)) < 0) {
    perror("socket");
    return 1;
  }
  /* port 0 : c'est le système qui choisit (bind n'était pas obligatoire) */
  moi.sin_addr.s_addr = htonl(INADDR_ANY);
  moi.sin_port = htons(0);
  if (bind(fd, (struct sockaddr *) &moi, sizeof moi) < 0) {
    perror("bind");
    return 1;
  }
  if (sendto(fd, msg, strlen(msg), 0, (struct sockaddr *) &serv, sizeof serv) < 0) {
    perror("sendto");
    return 1;
  }

  r = attendre(fd, &serv, buf, sizeof buf, &n);
  if (r < 0)
    perror("client_udp");
  if (r == 0)
    fprintf(stderr, "client_udp: rien reçu en %d s\n", DELAI);
  if (r <= 0)
    return 1;

  printf("Recu : ");
  fwrite(buf, 1, n, stdout);
  printf("\n");
  if (fflush(stdout) != 0) {
    perror("stdout");
    return 1;
  }
  close(fd);
  return 0;
}

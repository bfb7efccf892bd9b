#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <netinet/in.h>

#define USAGE "Usage: serveur_udp [PORT]  avec 1 <= PORT <= 65535\n"

int creer_socket(int port)
{
  struct sockaddr_in a;
  int fd;

  if ((fd = socket(PF_INET, SOCK_DGRAM, 0)) < 0) {
    perror("socket");
    return -1;
  }
  memset(&a, 0, sizeof a);
  a.sin_family = AF_INET;
  a.sin_port = htons(port);
  a.sin_addr.s_addr = htonl(INADDR_ANY);
  if (bind(fd, (struct sockaddr *) &a, sizeof a) < 0) {
    perror("bind");
    close(fd);
    return -1;
  }
  return fd;
}

int main(int argc, char **argv)
{
  int fd, port = 4444;
  char c;

  if (argc > 1) {
    /* au plus 5 chiffres, et rien derrière */
    size_t l = strlen(argv[1]);
    if (l == 0 || l > 5 || strspn(argv[1], "0123456789") != l
        || sscanf(argv[1], "%d%c", &port, &c) != 1 || port == 0 || port > 65535) {
      fprintf(stderr, USAGE);
      return 2;
    }
  }
  if ((fd = creer_socket(port)) < 0)
    return 1;

  for (;;) {
    fd_set lecture;
    FD_ZERO(&lecture);          /* select modifie l'ensemble : à refaire */
    FD_SET(fd, &lecture);
    if (select(fd + 1, &lecture, NULL, NULL, NULL) < 0) {
      if (errno == EINTR)
        continue;
      perror("select");
      return 1;
    }
    if (FD_ISSET(fd, &lecture)) {
      struct sockaddr_storage ss;
      socklen_t lg = sizeof ss;
      char buf[1024];
      ssize_t n = recvfrom(fd, buf, sizeof buf, 0, (struct sockaddr *) &ss, &lg);
      if (n >= 0 && sendto(fd, buf, n, 0, (struct sockaddr *) &ss, lg) < 0)
        perror("sendto");
      if (n < 0 && errno != EINTR) {
        perror("recvfrom");
        return 1;
      }
    }
  }
}

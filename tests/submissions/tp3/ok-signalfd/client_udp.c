/* Client : le temps est un descripteur comme un autre (timerfd), attendu avec poll. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int probleme(const char *ou)
{
  perror(ou);
  return 1;
}

static int attendre_et_afficher(int s, int minuterie)
{
  struct pollfd p[2] = { { s, POLLIN, 0 }, { minuterie, POLLIN, 0 } };
  char texte[1024];

  for (;;) {
    int k = poll(p, 2, -1);
    if (k < 0 && errno != EINTR)
      return probleme("poll");
    if (k <= 0)
      continue;
    if (p[0].revents) {
      ssize_t n = recv(s, texte, sizeof texte, MSG_DONTWAIT);
      if (n >= 0) {
        printf("Recu : ");
        fwrite(texte, 1, (size_t)n, stdout);
        printf("\n");
        return fflush(stdout) == EOF ? probleme("stdout") : 0;
      }
      if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
        return probleme("recv");
    }
    if (p[1].revents) {
      fprintf(stderr, "client_udp: le serveur se tait\n");
      return 1;
    }
  }
}

int main(int argc, char *argv[])
{
  struct sockaddr_in a;
  struct itimerspec trois = { { 0, 0 }, { 3, 0 } };
  const char *m = argc > 3 ? argv[3] : "Hello World";
  char *reste = "";
  long port = 4444;

  memset(&a, 0, sizeof a);
  a.sin_family = AF_INET;
  if (argc > 2)
    port = strtol(argv[2], &reste, 10);
  if (argc > 4 || *reste != 0 || port < 1 || port > 65535
      || inet_pton(AF_INET, argc > 1 ? argv[1] : "1.2.3.4", &a.sin_addr) != 1) {
    fprintf(stderr, "Usage: %s [ADRESSE [PORT [MESSAGE]]]\n", argv[0]);
    return 2;
  }
  a.sin_port = htons(port);

  int s = socket(AF_INET, SOCK_DGRAM, 0);
  if (s < 0)
    return probleme("socket");
  if (connect(s, (struct sockaddr *)&a, sizeof a) < 0)
    return probleme("connect");
  int minuterie = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  if (minuterie < 0)
    return probleme("timerfd_create");
  if (send(s, m, strlen(m), 0) < 0)
    return probleme("send");
  if (timerfd_settime(minuterie, 0, &trois, NULL) < 0)
    return probleme("timerfd_settime");

  int r = attendre_et_afficher(s, minuterie);
  close(minuterie);
  close(s);
  return r;
}

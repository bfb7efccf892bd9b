/* Perroquet qui se termine proprement : SIGINT et SIGTERM arrivent par signalfd. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

static int probleme(const char *ou)
{
  perror(ou);
  return 1;
}

static int un_echo(int s)
{
  static char tampon[1024];
  struct sockaddr_in client;
  socklen_t taille = sizeof client;
  ssize_t n = recvfrom(s, tampon, sizeof tampon, MSG_DONTWAIT, (struct sockaddr *)&client, &taille);

  if (n < 0)
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : probleme("recvfrom");
  if (sendto(s, tampon, (size_t)n, 0, (struct sockaddr *)&client, taille) < 0)
    probleme("sendto");
  return 0;
}

static int servir(int s, int sig)
{
  struct pollfd p[2] = { { s, POLLIN, 0 }, { sig, POLLIN, 0 } };

  for (;;) {
    int k = poll(p, 2, -1);
    if (k < 0 && errno != EINTR)
      return probleme("poll");
    if (k <= 0)
      continue;
    if (p[1].revents) {
      struct signalfd_siginfo info;
      if (read(sig, &info, sizeof info) == (ssize_t)sizeof info)
        return 0;
    }
    if (p[0].revents && un_echo(s) != 0)
      return 1;
  }
}

int main(int argc, char *argv[])
{
  struct sockaddr_in a;
  sigset_t fin;
  long port = 4444;

  if (argc > 1) {
    char *reste;
    port = strtol(argv[1], &reste, 10);
    if (argc > 2 || argv[1][0] == 0 || *reste != 0 || port < 1 || port > 65535) {
      fprintf(stderr, "Usage: %s [PORT]\n", argv[0]);
      return 2;
    }
  }

  int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (s < 0)
    return probleme("socket");
  memset(&a, 0, sizeof a);
  a.sin_family = AF_INET;
  a.sin_addr.s_addr = htonl(INADDR_ANY);
  a.sin_port = htons(port);
  if (bind(s, (struct sockaddr *)&a, sizeof a) < 0)
    return probleme("bind");

  sigemptyset(&fin);
  sigaddset(&fin, SIGINT);
  sigaddset(&fin, SIGTERM);
  if (sigprocmask(SIG_BLOCK, &fin, NULL) < 0)
    return probleme("sigprocmask");
  int sig = signalfd(-1, &fin, SFD_CLOEXEC | SFD_NONBLOCK);
  if (sig < 0)
    return probleme("signalfd");

  int r = servir(s, sig);
  close(sig);
  close(s);
  return r;
}

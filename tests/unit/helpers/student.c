/*
 * student.c - programs as students might write them, right and wrong; the first word of the command line says which.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in ipv4(uint32_t address, int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons((uint16_t)port),
				     .sin_addr = { .s_addr = htonl(address) } };
}

static int bound(int port)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in own = ipv4(INADDR_ANY, port);
	if (bind(fd, (struct sockaddr *)&own, sizeof own) < 0) {
		perror("bind");
		exit(1);
	}
	return fd;
}

/* How a server answers what it got. */
struct manner {
	const char *name;
	int times; /* how often it says it */
	int more, least; /* bytes added to the length, and the least it sends */
	bool prints;
};

static const struct manner manners[] = {
	{ "echo", 1, 0, 0, false },         { "echo-nul", 1, 1, 0, false },
	{ "echo-buffer", 1, 0, 64, false }, { "echo-twice", 2, 0, 0, false },
	{ "echo-short", 1, -1, 0, false },  { "silent", 0, 0, 0, false },
	{ "prints", 0, 0, 0, true },
};

static int serve(const struct manner *m, int port)
{
	int fd = bound(port);
	for (;;) {
		char text[2048] = { 0 };
		struct sockaddr_in from;
		socklen_t len = sizeof from;
		ssize_t n = recvfrom(fd, text, sizeof text - 1, 0, (struct sockaddr *)&from, &len);
		if (n < 0)
			return 1;
		if (m->prints) {
			printf("%s\n", text);
			fflush(stdout);
		}
		n += m->more;
		if (n < m->least)
			n = m->least;
		for (int i = 0; i < m->times; i++)
			sendto(fd, text, (size_t)n, 0, (struct sockaddr *)&from, len);
	}
}

static int number(char **args, int otherwise)
{
	return args[0] == NULL ? otherwise : atoi(args[0]);
}

static int swapped(char **args)
{
	return serve(&manners[0], ntohs((uint16_t)number(args, 4444)));
}

static _Noreturn int waits(char **args)
{
	(void)args;
	for (;;)
		pause();
}

static _Noreturn int spins(char **args)
{
	(void)args;
	for (volatile int i = 0;; i = i + 1)
		continue;
}

/* Wakes now and then. */
static _Noreturn int naps(char **args)
{
	(void)args;
	for (;;)
		poll(NULL, 0, 5);
}

/* CODE [MESSAGE] */
static int ends(char **args)
{
	if (args[1] != NULL)
		fprintf(stderr, "%s\n", args[1]);
	return atoi(args[0]);
}

static int crashes(char **args)
{
	(void)args;
	struct rlimit none = { 0 };
	setrlimit(RLIMIT_CORE, &none);
	raise(SIGSEGV);
	return 0;
}

/* FD: writes without end. */
static _Noreturn int floods(char **args)
{
	static char text[4096];
	memset(text, 'x', sizeof text);
	for (;;)
		(void)!write(atoi(args[0]), text, sizeof text);
}

/* PORT: sends without end. */
static _Noreturn int floods_peer(char **args)
{
	static char text[1000];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in to = ipv4(INADDR_LOOPBACK, atoi(args[0]));
	for (;;)
		sendto(fd, text, sizeof text, 0, (struct sockaddr *)&to, sizeof to);
}

/* PORT MESSAGE SECONDS: asks, waits so long for an answer, prints it. */
static int asks(char **args)
{
	char answer[1025];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in to = ipv4(INADDR_LOOPBACK, atoi(args[0]));
	struct timeval patience = { .tv_sec = atoi(args[2]) };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	sendto(fd, args[1], strlen(args[1]), 0, (struct sockaddr *)&to, sizeof to);
	ssize_t n = recv(fd, answer, sizeof answer - 1, 0);
	if (n < 0) {
		perror("recv");
		return 1;
	}
	answer[n] = '\0';
	printf("Recu : %s\n", answer);
	return 0;
}

/* N: ends after so many datagrams. */
static int counts(char **args)
{
	int fd = bound(4444);
	for (int n = atoi(args[0]); n > 0; n--) {
		char text[100];
		recv(fd, text, sizeof text, 0);
	}
	return 0;
}

static volatile sig_atomic_t got;

static void handler(int signal)
{
	got = signal;
}

/* Prints each USR1; TERM ends it with 5. */
static int hears(char **args)
{
	(void)args;
	sigset_t none;
	sigset_t both;
	sigemptyset(&none);
	sigemptyset(&both);
	sigaddset(&both, SIGUSR1);
	sigaddset(&both, SIGTERM);
	sigprocmask(SIG_BLOCK, &both, NULL);
	signal(SIGUSR1, handler);
	signal(SIGTERM, handler);
	bound(4444);
	for (;;) {
		sigsuspend(&none);
		if (got == SIGTERM)
			return 5;
		printf("signal %d\n", (int)got);
		fflush(stdout);
	}
}

/* N children that nobody waits for; then an echo server. */
static int zombies(char **args)
{
	for (int n = atoi(args[0]); n > 0; n--)
		if (fork() == 0)
			_exit(0);
	return serve(&manners[0], 4444);
}

static int leaves_process(char **args)
{
	(void)args;
	if (fork() == 0) {
		setsid();
		waits(NULL);
	}
	return 0;
}

static int leaves_things(char **args)
{
	(void)args;
	close(open("/tmp/file", O_CREAT | O_WRONLY, 0600));
	close(open("/dev/shm/segment", O_CREAT | O_WRONLY, 0600));
	msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	return 0;
}

/* A report as the sanitizer leaves one. */
static int memory_error(char **args)
{
	(void)args;
	FILE *f = fopen("/tmp/.asan.3", "w");
	fprintf(f, "==3==ERROR: AddressSanitizer: stack-buffer-overflow on address 0x1\n    #0 0x2 in main "
		   "/work/a.c:57\n");
	fclose(f);
	return 99;
}

static void *nothing(void *p)
{
	return p;
}

/* A child that ends with 4, a thread, and what it knows of them. */
static int family(char **args)
{
	(void)args;
	pthread_t t;
	pid_t child = fork();
	if (child == 0)
		_exit(4);
	waitpid(child, NULL, 0);
	pthread_create(&t, NULL, nothing, NULL);
	pthread_join(t, NULL);
	printf("%d %d\n", getpid(), child);
	return 0;
}

/* What its standard input is, and what comes from it until it ends; its arguments and a variable. */
static int tells(char **args)
{
	char text[100];
	ssize_t n = isatty(0) ? 0 : read(0, text, sizeof text);
	const char *variable = getenv("GREETING");
	printf("%s %zd %s %s\n", isatty(0) ? "terminal" : "none", n < 0 ? -1 : n, args[0],
	       variable == NULL ? "-" : variable);
	fprintf(stderr, "to stderr\n");
	return 0;
}

static int descriptors(char **args)
{
	(void)args;
	int n = 0;
	while (dup(0) >= 0)
		n++;
	printf("%d\n", n);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(char **args);
} programs[] = {
	{ "swapped", swapped },
	{ "waits", waits },
	{ "spins", spins },
	{ "naps", naps },
	{ "ends", ends },
	{ "crashes", crashes },
	{ "floods", floods },
	{ "floods-peer", floods_peer },
	{ "asks", asks },
	{ "counts", counts },
	{ "hears", hears },
	{ "zombies", zombies },
	{ "leaves-process", leaves_process },
	{ "leaves-things", leaves_things },
	{ "memory-error", memory_error },
	{ "family", family },
	{ "tells", tells },
	{ "descriptors", descriptors },
};

int main(int argc, char **argv)
{
	if (argc < 2)
		return 100;
	for (size_t i = 0; i < sizeof manners / sizeof manners[0]; i++)
		if (strcmp(manners[i].name, argv[1]) == 0)
			return serve(&manners[i], number(argv + 2, 4444));
	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
		if (strcmp(programs[i].name, argv[1]) == 0)
			return programs[i].run(argv + 2);
	return 100;
}

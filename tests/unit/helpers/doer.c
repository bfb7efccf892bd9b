/*
 * doer.c - does one thing that the observer should see; the words of the command line say which. Prints what it knows itself
 * about it: pids, results.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char **self; /* argv, to start this program again */

static _Noreturn void wait_for_ever(void)
{
	for (;;)
		pause();
}

static void ready(void)
{
	printf("ready\n");
	fflush(stdout);
}

static void reap_all(void)
{
	while (wait(NULL) > 0)
		continue;
}

/* ---- births ---- */

static pid_t raw_clone(unsigned long flags)
{
	return (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
}

static pid_t by_fork(void)
{
	return fork();
}

static pid_t by_vfork(void)
{
	pid_t pid = vfork(); // NOLINT: what it is about
	if (pid == 0)
		_exit(5); /* it may not return from here */
	return pid;
}

static pid_t by_clone(void)
{
	return raw_clone(SIGCHLD);
}

static pid_t by_silent_clone(void)
{
	return raw_clone(0);
}

static pid_t by_vfork_clone(void)
{
	return raw_clone(CLONE_VFORK | SIGCHLD);
}

static const struct {
	const char *name;
	pid_t (*make)(void);
} births[] = { { "fork", by_fork },
	       { "vfork", by_vfork },
	       { "clone", by_clone },
	       { "silent-clone", by_silent_clone },
	       { "vfork-clone", by_vfork_clone } };

/* WAY: a child that ends with 5; prints "parent child". */
static int birth(char **args)
{
	for (size_t i = 0; i < sizeof births / sizeof births[0]; i++) {
		if (strcmp(births[i].name, args[0]) != 0)
			continue;
		pid_t child = births[i].make();
		if (child == 0)
			_exit(5);
		waitpid(child, NULL, __WALL);
		printf("%d %d\n", getpid(), child);
		return 3;
	}
	return 100;
}

/* A child by posix_spawn that becomes /bin/true. */
static int spawned(char **args)
{
	(void)args;
	pid_t child;
	char *argv[] = { "/bin/true", NULL };
	posix_spawn(&child, argv[0], NULL, NULL, argv, NULL);
	waitpid(child, NULL, 0);
	printf("%d %d\n", getpid(), child);
	return 3;
}

/* Depth D: each process has one child, the last becomes another program. */
static int generations(char **args)
{
	int depth = atoi(args[0]);
	char text[20];
	snprintf(text, sizeof text, "%d", depth - 1);
	if (depth == 0)
		return 0;
	if (fork() == 0)
		execl("/proc/self/exe", self[0], "generations", text, NULL);
	reap_all();
	return depth;
}

/* A child that ends before its own child does. */
static int orphan(char **args)
{
	(void)args;
	if (fork() == 0) {
		pid_t grandchild = fork();
		if (grandchild == 0)
			wait_for_ever();
		printf("%d\n", grandchild);
		fflush(stdout);
		_exit(0);
	}
	reap_all();
	ready();
	return 0;
}

/* 2 processes a level: 2^(levels+1) - 2 children in all. */
static int tree(char **args)
{
	for (int level = atoi(args[0]); level > 0; level--) {
		pid_t first = fork();
		if (first == 0)
			continue;
		pid_t second = fork();
		if (second == 0)
			continue;
		break;
	}
	reap_all();
	return 0;
}

/* ---- threads ---- */

static void *nothing(void *p)
{
	return p;
}

/* N threads, one after the other. */
static int threads(char **args)
{
	for (int n = atoi(args[0]); n > 0; n--) {
		pthread_t t;
		if (pthread_create(&t, NULL, nothing, NULL) != 0)
			return 1;
		pthread_join(t, NULL);
	}
	return 4;
}

static void *sleeping_thread(void *p)
{
	(void)p;
	wait_for_ever();
}

static void *exec_thread(void *p)
{
	(void)p;
	execl("/proc/self/exe", self[0], "exit", "7", NULL);
	return NULL;
}

/* One thread becomes another program while three and the first live. */
static int thread_exec(char **args)
{
	(void)args;
	pthread_t t;
	for (int i = 0; i < 3; i++)
		pthread_create(&t, NULL, sleeping_thread, NULL);
	pthread_create(&t, NULL, exec_thread, NULL);
	wait_for_ever();
}

static void *last_thread(void *p)
{
	(void)p;
	char path[64];
	char stat[400];
	/* until the first thread is gone */
	do {
		snprintf(path, sizeof path, "/proc/self/task/%d/stat", getpid());
		FILE *f = fopen(path, "r");
		size_t n = f == NULL ? 0 : fread(stat, 1, sizeof stat - 1, f);
		stat[n] = '\0';
		if (f != NULL)
			fclose(f);
	} while (strstr(stat, ") Z ") == NULL);
	exit(6);
}

static int leader_first(char **args)
{
	(void)args;
	pthread_t t;
	pthread_create(&t, NULL, last_thread, NULL);
	pthread_exit(NULL);
}

static int exit_with(char **args)
{
	return atoi(args[0]);
}

/* ---- signals ---- */

static volatile sig_atomic_t handled;

static void handler(int signal)
{
	(void)signal;
	handled = handled + 1;
}

static int signals(char **args)
{
	(void)args;
	signal(SIGUSR1, handler);
	signal(SIGUSR2, SIG_IGN);
	signal(SIGWINCH, handler);
	raise(SIGUSR1);
	raise(SIGUSR2);
	raise(SIGURG);
	raise(SIGCONT);
	raise(SIGWINCH);
	printf("%d\n", (int)handled);
	fflush(stdout);
	raise(SIGTERM);
	return 0;
}

/* N children that have ended; reaped when a signal comes. */
static int zombies(char **args)
{
	signal(SIGUSR1, handler);
	for (int n = atoi(args[0]); n > 0; n--) {
		pid_t child = fork();
		if (child == 0)
			_exit(n);
		waitid(P_PID, (id_t)child, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);
	}
	ready();
	while (handled == 0)
		pause();
	reap_all();
	printf("reaped\n");
	fflush(stdout);
	wait_for_ever();
}

/* Children nobody owes a wait: their parent ended, or does not want to know. */
static int nobodys_zombies(char **args)
{
	(void)args;
	if (fork() == 0) {
		for (int i = 0; i < 3; i++) {
			pid_t child = fork();
			if (child == 0)
				_exit(0);
			waitid(P_PID, (id_t)child, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);
		}
		_exit(0);
	}
	reap_all();
	signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < 3; i++) {
		if (fork() == 0)
			_exit(0);
	}
	reap_all();
	ready();
	wait_for_ever();
}

/* A child is stopped, continued and ends; its parent is told of each. */
static int stop_child(char **args)
{
	(void)args;
	int status;
	pid_t child = fork();
	if (child == 0)
		wait_for_ever();
	kill(child, SIGSTOP);
	waitpid(child, &status, WUNTRACED);
	printf("%s %d\n", WIFSTOPPED(status) ? "stopped" : "?", WSTOPSIG(status));
	kill(child, SIGCONT);
	waitpid(child, &status, WCONTINUED);
	printf("%s\n", WIFCONTINUED(status) ? "continued" : "?");
	kill(child, SIGTSTP);
	waitpid(child, &status, WUNTRACED);
	printf("%s %d\n", WIFSTOPPED(status) ? "stopped" : "?", WSTOPSIG(status));
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	printf("%s %d\n", WIFSIGNALED(status) ? "killed" : "?", WTERMSIG(status));
	return 0;
}

/* Prints a line for each signal; is stopped and continued from outside. */
static _Noreturn int lines(char **args)
{
	(void)args;
	sigset_t set;
	int got;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ready();
	for (;;) {
		sigwait(&set, &got);
		printf("line\n");
		fflush(stdout);
	}
}

/* ---- calls ---- */

static struct sockaddr_in ipv4(const char *address, int port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	inet_pton(AF_INET, address, &in.sin_addr);
	return in;
}

static int calls(char **args)
{
	(void)args;
	int udp = socket(AF_INET, SOCK_DGRAM, 0);
	int receiver = socket(AF_INET, SOCK_DGRAM, 0);
	int local = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_in any = ipv4("127.0.0.1", 0);
	struct sockaddr_in taken = ipv4("127.0.0.1", 4444);
	struct sockaddr_in far = ipv4("10.1.2.3", 53);
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(5353) };
	struct sockaddr_un path = { .sun_family = AF_UNIX, .sun_path = "/nowhere/at/all" };
	struct sockaddr_in own = { 0 };
	socklen_t len = sizeof own;
	(void)bind(udp, (struct sockaddr *)&any, sizeof any);
	(void)bind(udp, (struct sockaddr *)&taken, sizeof taken);
	(void)bind(receiver, (struct sockaddr *)&any, sizeof any);
	getsockname(receiver, (struct sockaddr *)&own, &len);
	printf("%d\n", ntohs(own.sin_port));
	sendto(udp, "hello", 5, 0, (struct sockaddr *)&own, len);
	(void)connect(udp, (struct sockaddr *)&own, len);
	send(udp, "you", 3, 0);
	listen(udp, 5);
	sendto(-1, "x", 1, 0, (struct sockaddr *)&far, sizeof far);
	(void)bind(-1, (struct sockaddr *)&six, sizeof six);
	(void)connect(local, (struct sockaddr *)&path, sizeof path);
	syscall(SYS_bind, udp, 1L, 16L);
	syscall(SYS_bind, udp, &any, 0L);
	struct msghdr m = { .msg_name = &far, .msg_namelen = sizeof far };
	sendmsg(-1, &m, 0);
	syscall(SYS_sendmsg, udp, 1L, 0L);
	struct timeval second = { .tv_sec = 1 };
	setsockopt(udp, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
	alarm(0);
	return 0;
}

/* ---- interruptions ---- */

static char state_of(pid_t pid)
{
	char path[64];
	char stat[400];
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, stat, sizeof stat - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return 'X';
	stat[n] = '\0';
	const char *end = strrchr(stat, ')');
	return end == NULL ? 'X' : end[2];
}

static bool gone(char state)
{
	return state == 'X' || state == 'Z';
}

struct waiting {
	int in, out; /* what is waited for, and how to bring it about */
};

static long by_read(const struct waiting *w)
{
	char c;
	return read(w->in, &c, 1);
}

static long by_recv(const struct waiting *w)
{
	char c;
	return recv(w->in, &c, 1, 0);
}

static long by_recv_timeout(const struct waiting *w)
{
	struct timeval minute = { .tv_sec = 60 };
	setsockopt(w->in, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof minute);
	return by_recv(w);
}

static long poll_for(const struct waiting *w, int ms)
{
	struct pollfd p = { .fd = w->in, .events = POLLIN };
	return syscall(SYS_poll, &p, 1L, (long)ms);
}

static long by_poll(const struct waiting *w)
{
	return poll_for(w, -1);
}

static long by_poll_timeout(const struct waiting *w)
{
	return poll_for(w, 60000);
}

static long select_for(const struct waiting *w, struct timeval *t)
{
	fd_set set;
	FD_ZERO(&set);
	FD_SET(w->in, &set);
	return syscall(SYS_select, (long)w->in + 1, &set, NULL, NULL, t);
}

static long by_select(const struct waiting *w)
{
	return select_for(w, NULL);
}

static long by_select_timeout(const struct waiting *w)
{
	struct timeval minute = { .tv_sec = 60 };
	return select_for(w, &minute);
}

static long epoll_for(const struct waiting *w, int ms)
{
	struct epoll_event e = { .events = EPOLLIN };
	int fd = epoll_create1(0);
	epoll_ctl(fd, EPOLL_CTL_ADD, w->in, &e);
	return syscall(SYS_epoll_wait, (long)fd, &e, 1L, (long)ms);
}

static long by_epoll(const struct waiting *w)
{
	return epoll_for(w, -1);
}

static long by_epoll_timeout(const struct waiting *w)
{
	return epoll_for(w, 60000);
}

static long by_futex(const struct waiting *w)
{
	static int word;
	(void)w;
	return syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static long by_futex_timeout(const struct waiting *w)
{
	static int word;
	struct timespec minute = { .tv_sec = 60 };
	(void)w;
	return syscall(SYS_futex, &word, FUTEX_WAIT, 0, &minute, NULL, 0);
}

static long by_nanosleep(const struct waiting *w)
{
	struct timespec minute = { .tv_sec = 60 };
	(void)w;
	return syscall(SYS_nanosleep, &minute, NULL);
}

static long by_sigwait(const struct waiting *w)
{
	sigset_t set;
	(void)w;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	return sigwaitinfo(&set, NULL);
}

static long by_sigwait_timeout(const struct waiting *w)
{
	sigset_t set;
	struct timespec minute = { .tv_sec = 60 };
	(void)w;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	return sigtimedwait(&set, NULL, &minute);
}

static long by_pause(const struct waiting *w)
{
	(void)w;
	return pause();
}

static long by_alarm(const struct waiting *w)
{
	(void)w;
	alarm(60);
	return pause();
}

static long by_itimer(const struct waiting *w)
{
	struct itimerval v = { .it_value = { .tv_sec = 60 } };
	setitimer(ITIMER_REAL, &v, NULL);
	return by_read(w);
}

static long by_timerfd(const struct waiting *w)
{
	struct itimerspec v = { .it_value = { .tv_sec = 60 } };
	uint64_t times;
	struct waiting on = { .in = timerfd_create(CLOCK_MONOTONIC, 0) };
	(void)w;
	timerfd_settime(on.in, 0, &v, NULL);
	return read(on.in, &times, sizeof times);
}

static long by_accept(const struct waiting *w)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un nobody = { .sun_family = AF_UNIX };
	(void)w;
	(void)bind(fd, (struct sockaddr *)&nobody, sizeof(sa_family_t));
	listen(fd, 1);
	return accept(fd, NULL, NULL);
}

static long by_wait(const struct waiting *w)
{
	(void)w;
	if (fork() == 0)
		wait_for_ever();
	return wait(NULL);
}

static long by_wait_for_sleeper(const struct waiting *w)
{
	if (fork() == 0)
		by_nanosleep(w);
	return wait(NULL);
}

static long by_join(const struct waiting *w)
{
	pthread_t t;
	(void)w;
	pthread_create(&t, NULL, sleeping_thread, NULL);
	return pthread_join(t, NULL);
}

static void *nanosleep_thread(void *p)
{
	(void)p;
	by_nanosleep(NULL);
	return NULL;
}

static long by_join_of_sleeper(const struct waiting *w)
{
	pthread_t t;
	(void)w;
	pthread_create(&t, NULL, nanosleep_thread, NULL);
	return pthread_join(t, NULL);
}

static _Noreturn void spin(void)
{
	for (volatile int i = 0;; i = i + 1)
		continue;
}

static long by_spinning(const struct waiting *w)
{
	(void)w;
	spin();
}

static void *spinning_thread(void *p)
{
	(void)p;
	spin();
}

static long by_join_of_spinner(const struct waiting *w)
{
	pthread_t t;
	(void)w;
	pthread_create(&t, NULL, spinning_thread, NULL);
	return pthread_join(t, NULL);
}

static long by_stopping(const struct waiting *w)
{
	(void)w;
	return raise(SIGSTOP);
}

static const struct way {
	const char *name;
	long (*wait)(const struct waiting *w);
} ways[] = {
	{ "read", by_read },
	{ "recv", by_recv },
	{ "recv-timeout", by_recv_timeout },
	{ "poll", by_poll },
	{ "poll-timeout", by_poll_timeout },
	{ "select", by_select },
	{ "select-timeout", by_select_timeout },
	{ "epoll", by_epoll },
	{ "epoll-timeout", by_epoll_timeout },
	{ "futex", by_futex },
	{ "futex-timeout", by_futex_timeout },
	{ "nanosleep", by_nanosleep },
	{ "sigwait", by_sigwait },
	{ "sigwait-timeout", by_sigwait_timeout },
	{ "pause", by_pause },
	{ "alarm", by_alarm },
	{ "itimer", by_itimer },
	{ "timerfd", by_timerfd },
	{ "accept", by_accept },
	{ "wait", by_wait },
	{ "wait-for-sleeper", by_wait_for_sleeper },
	{ "join", by_join },
	{ "join-of-sleeper", by_join_of_sleeper },
	{ "spin", by_spinning },
	{ "join-of-spinner", by_join_of_spinner },
	{ "stop", by_stopping },
};

static const struct way *find_way(const char *name)
{
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
		if (strcmp(ways[i].name, name) == 0)
			return &ways[i];
	exit(100);
}

static struct waiting make_waiting(void)
{
	int fds[2];
	socketpair(AF_UNIX, SOCK_DGRAM, 0, fds);
	return (struct waiting){ .in = fds[0], .out = fds[1] };
}

/* WAY: waits that way for what never comes. */
static int wait_so(char **args)
{
	struct waiting w = make_waiting();
	ready();
	find_way(args[0])->wait(&w);
	return 0;
}

/* Ends as soon as its parent waits: a SIGCHLD comes in the middle of the call. */
static _Noreturn void interrupter(pid_t parent)
{
	while (state_of(parent) != 'S' && getppid() == parent)
		sched_yield();
	_exit(0);
}

/* Whether the process is traced; while it is, its parent has not been told of its end. */
static bool traced(pid_t pid)
{
	char path[64];
	char status[2000];
	snprintf(path, sizeof path, "/proc/%d/status", pid);
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, status, sizeof status - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	status[n] = '\0';
	const char *at = strstr(status, "TracerPid:\t");
	return at != NULL && atoi(at + 11) != 0;
}

/* Brings about what the parent waits for, once the other child has ended and the parent waits (again). */
static _Noreturn void waker(pid_t parent, pid_t first, int out)
{
	while ((!gone(state_of(first)) || traced(first)) && getppid() == parent)
		sched_yield();
	for (int seen = 0; seen < 100 && getppid() == parent; seen += state_of(parent) == 'S')
		sched_yield();
	(void)!write(out, "x", 1);
	_exit(0);
}

/* WAY HOW: a child ends while this process waits; then what it waits for comes. HOW: what SIGCHLD is to it. */
static int interrupted(char **args)
{
	struct waiting w = make_waiting();
	pid_t self_pid = getpid();
	struct sigaction act = { .sa_handler = SIG_DFL };
	if (strcmp(args[1], "handled") == 0 || strcmp(args[1], "restarted") == 0)
		act.sa_handler = handler;
	if (strcmp(args[1], "ignored") == 0)
		act.sa_handler = SIG_IGN;
	if (strcmp(args[1], "restarted") == 0)
		act.sa_flags = SA_RESTART;
	sigaction(SIGCHLD, &act, NULL);
	pid_t first = fork();
	if (first == 0)
		interrupter(self_pid);
	pid_t second = fork();
	if (second == 0)
		waker(self_pid, first, w.out);
	long result = find_way(args[0])->wait(&w);
	int error = errno;
	printf("%ld %s\n", result, result < 0 ? strerrorname_np(error) : "-");
	fflush(stdout);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(char **args);
} deeds[] = {
	{ "birth", birth },
	{ "spawned", spawned },
	{ "generations", generations },
	{ "orphan", orphan },
	{ "tree", tree },
	{ "threads", threads },
	{ "thread-exec", thread_exec },
	{ "leader-first", leader_first },
	{ "exit", exit_with },
	{ "signals", signals },
	{ "zombies", zombies },
	{ "nobodys-zombies", nobodys_zombies },
	{ "stop-child", stop_child },
	{ "lines", lines },
	{ "calls", calls },
	{ "wait", wait_so },
	{ "interrupted", interrupted },
};

int main(int argc, char **argv)
{
	self = argv;
	for (size_t i = 0; argc > 1 && i < sizeof deeds / sizeof deeds[0]; i++)
		if (strcmp(deeds[i].name, argv[1]) == 0)
			return deeds[i].run(argv + 2);
	return 100;
}

/*
 * world.c - says what a program finds around it, or tries what it should not be able to do. One word of the command line says
 * which; what is found goes to standard output, or to the file REPORT= names.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <mqueue.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static FILE *out;

static const char *kind_of(int fd)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return "closed";
	if (isatty(fd))
		return "terminal";
	if (S_ISFIFO(st.st_mode))
		return "pipe";
	if (S_ISREG(st.st_mode))
		return "file";
	if (S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3))
		return "null";
	return "?";
}

/* Which kind 0, 1 and 2 are; whether any other is open. */
static int descriptors(char **args)
{
	(void)args;
	int others = 0;
	for (int fd = 3; fd < 4096; fd++)
		others += fd != fileno(out) && fcntl(fd, F_GETFD) >= 0;
	fprintf(out, "%s %s %s others %d\n", kind_of(0), kind_of(1), kind_of(2), others);
	return 0;
}

static int terminals(char **args)
{
	(void)args;
	struct stat in, one, two;
	fstat(0, &in);
	fstat(1, &one);
	fstat(2, &two);
	fprintf(out, "stdin and stdout are %s\n",
		in.st_rdev == one.st_rdev ? "one terminal" : "two terminals");
	fprintf(out, "stderr is %s\n", in.st_rdev == two.st_rdev ? "the same" : "another");
	fprintf(out, "process group: %s\n", getpgrp() == getpid() ? "leads" : "follows");
	fprintf(out, "session: %s\n", getsid(0) == getpid() ? "leads" : "follows");
	fprintf(out, "session of the parent: %s\n", getsid(0) == getppid() ? "yes" : "no");
	fprintf(out, "foreground: %s\n", tcgetpgrp(0) == getpgrp() ? "yes" : "no");
	fprintf(out, "controlling terminal: %s\n",
		open("/dev/tty", O_RDWR) >= 0 ? "yes" : strerrorname_np(errno));
	fprintf(out, "a session of its own: %s\n", setsid() < 0 ? strerrorname_np(errno) : "yes");
	return 0;
}

static int limits(char **args)
{
	(void)args;
	static const struct {
		const char *name;
		int resource;
	} all[] = { { "cpu", RLIMIT_CPU },   { "files", RLIMIT_NOFILE }, { "file size", RLIMIT_FSIZE },
		    { "core", RLIMIT_CORE }, { "stack", RLIMIT_STACK },  { "processes", RLIMIT_NPROC },
		    { "data", RLIMIT_DATA } };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct rlimit r;
		getrlimit((__rlimit_resource_t)all[i].resource, &r);
		fprintf(out, "%s %lld %lld\n", all[i].name, (long long)r.rlim_cur, (long long)r.rlim_max);
	}
	return 0;
}

/* As many children as there may be. */
static int processes(char **args)
{
	(void)args;
	int n = 0;
	pid_t pid;
	while ((pid = fork()) > 0)
		n++;
	if (pid == 0)
		for (;;)
			pause();
	fprintf(out, "%d children, then %s\n", n, strerrorname_np(errno));
	fflush(out);
	kill(0, SIGKILL);
	return 0;
}

/* A mapping of so many MiB, used. */
static int memory(char **args)
{
	size_t size = (size_t)atoi(args[0]) << 20;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED) {
		fprintf(out, "%s\n", strerrorname_np(errno));
		return 0;
	}
	memset(p, 1, size);
	fprintf(out, "ok\n");
	return 0;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int addresses(char **args)
{
	(void)args;
	char lines[32][100];
	size_t n = 0;
	struct ifaddrs *all;
	if (getifaddrs(&all) < 0)
		return 1;
	for (struct ifaddrs *a = all; a != NULL && n < 32; a = a->ifa_next) {
		char text[INET6_ADDRSTRLEN] = "";
		if (a->ifa_addr == NULL ||
		    (a->ifa_addr->sa_family != AF_INET && a->ifa_addr->sa_family != AF_INET6))
			continue;
		const void *at = a->ifa_addr->sa_family == AF_INET
					 ? (void *)&((struct sockaddr_in *)a->ifa_addr)->sin_addr
					 : (void *)&((struct sockaddr_in6 *)a->ifa_addr)->sin6_addr;
		inet_ntop(a->ifa_addr->sa_family, at, text, sizeof text);
		snprintf(lines[n++], 100, "%s %s", (a->ifa_flags & IFF_UP) ? "up" : "down", text);
	}
	qsort(lines, n, sizeof lines[0], compare_lines);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s\n", lines[i]);
	return 0;
}

static socklen_t address_of(const char *text, int port, struct sockaddr_storage *ret)
{
	memset(ret, 0, sizeof *ret);
	struct sockaddr_in *in = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret;
	if (inet_pton(AF_INET, text, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)port);
		return sizeof *in;
	}
	inet_pton(AF_INET6, text, &in6->sin6_addr);
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons((uint16_t)port);
	return sizeof *in6;
}

/* udp|tcp ADDRESS PORT: binds; says so; a TCP socket listens, and is connected to. */
static int bound_socket(char **args)
{
	struct sockaddr_storage address;
	socklen_t len = address_of(args[1], atoi(args[2]), &address);
	bool tcp = strcmp(args[0], "tcp") == 0;
	int fd = socket(address.ss_family, tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
	int other = socket(address.ss_family, tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
	bool ok = bind(fd, (struct sockaddr *)&address, len) == 0 && (!tcp || listen(fd, 1) == 0) &&
		  connect(other, (struct sockaddr *)&address, len) == 0 && send(other, "x", 1, 0) == 1;
	fprintf(out, "%s\n", ok ? "ok" : strerrorname_np(errno));
	fflush(out);
	return fd;
}

static int bind_only(char **args)
{
	(void)bound_socket(args);
	return 0;
}

/* The same, and then waits for a line. */
static int hold(char **args)
{
	char line[10];
	(void)bound_socket(args);
	(void)!read(0, line, sizeof line);
	return 0;
}

/* ---- calls ---- */

struct attempt {
	const char *name;
	long number;
	long args[6];
};

static int tell(long result)
{
	fprintf(out, "%s\n", result < 0 ? strerrorname_np(errno) : "ok");
	return 0;
}

static const long high_bits = 1L << 32;

/* A clone that makes a child: the child ends at once. */
static int try_clone(unsigned long flags)
{
	long pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		_exit(0);
	int error = errno;
	if (pid > 0)
		waitpid((pid_t)pid, NULL, 0);
	errno = error;
	return tell(pid);
}

static int clone_flags(char **args)
{
	static const struct {
		const char *name;
		unsigned long flags;
	} all[] = { { "none", 0 },
		    { "user", CLONE_NEWUSER },
		    { "mount", CLONE_NEWNS },
		    { "pid", CLONE_NEWPID },
		    { "net", CLONE_NEWNET },
		    { "ipc", CLONE_NEWIPC },
		    { "uts", CLONE_NEWUTS },
		    { "cgroup", CLONE_NEWCGROUP },
		    { "user and pid", CLONE_NEWUSER | CLONE_NEWPID } };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(all[i].name, args[0]) == 0)
			return try_clone(all[i].flags);
	return 1;
}

static int call(char **args)
{
	static char space[4096];
	const long p = (long)space;
	const struct attempt all[] = {
		{ "mount", SYS_mount, { (long)"none", (long)"/tmp", (long)"tmpfs", 0, 0 } },
		{ "umount2", SYS_umount2, { (long)"/tmp", 2 } },
		{ "pivot_root", SYS_pivot_root, { (long)"/", (long)"/" } },
		{ "chroot", SYS_chroot, { (long)"/tmp" } },
		{ "unshare", SYS_unshare, { CLONE_NEWUSER } },
		{ "setns", SYS_setns, { 0, 0 } },
		{ "ptrace", SYS_ptrace, { 0 } },
		{ "process_vm_readv", SYS_process_vm_readv, { getppid(), p, 1, p, 1, 0 } },
		{ "process_vm_writev", SYS_process_vm_writev, { getppid(), p, 1, p, 1, 0 } },
		{ "io_uring_setup", SYS_io_uring_setup, { 1, p } },
		{ "keyctl", SYS_keyctl, { 0, -1, 1 } },
		{ "add_key", SYS_add_key, { (long)"user", (long)"x", p, 1, -3 } },
		{ "request_key", SYS_request_key, { (long)"user", (long)"x", 0, 0 } },
		{ "bpf", SYS_bpf, { 0, p, 32 } },
		{ "perf_event_open", SYS_perf_event_open, { p, 0, -1, -1, 0 } },
		{ "userfaultfd", SYS_userfaultfd, { 0 } },
		{ "sethostname", SYS_sethostname, { p, 1 } },
		{ "setdomainname", SYS_setdomainname, { p, 1 } },
		{ "open_by_handle_at", SYS_open_by_handle_at, { 0, p, 0 } },
		{ "name_to_handle_at", SYS_name_to_handle_at, { 0, (long)"/", p, p, 0 } },
		{ "kcmp", SYS_kcmp, { getppid(), getppid(), 0, 0, 0 } },
		{ "pidfd_getfd", SYS_pidfd_getfd, { 0, 0, 0 } },
		{ "syslog", SYS_syslog, { 10, 0, 0 } },
		{ "fsopen", SYS_fsopen, { (long)"tmpfs", 0 } },
		{ "open_tree", SYS_open_tree, { AT_FDCWD, (long)"/", 0 } },
		{ "move_mount", SYS_move_mount, { AT_FDCWD, (long)"/tmp", AT_FDCWD, (long)"/work", 0 } },
		{ "mount_setattr", SYS_mount_setattr, { AT_FDCWD, (long)"/", 0, p, 32 } },
		{ "acct", SYS_acct, { 0 } },
		{ "swapon", SYS_swapon, { (long)"/tmp", 0 } },
		{ "reboot", SYS_reboot, { 0, 0, 0, 0 } },
		{ "settimeofday", SYS_settimeofday, { p, 0 } },
		{ "clock_settime", SYS_clock_settime, { 0, p } },
		{ "init_module", SYS_init_module, { p, 0, p } },
		{ "finit_module", SYS_finit_module, { 0, p, 0 } },
		{ "kexec_load", SYS_kexec_load, { 0, 0, 0, 0 } },
		{ "quotactl", SYS_quotactl, { 0, 0, 0, 0 } },
		{ "fanotify_init", SYS_fanotify_init, { 0, 0 } },
		{ "clone3", SYS_clone3, { p, 64 } },
		{ "socket vsock", SYS_socket, { AF_VSOCK, SOCK_STREAM, 0 } },
		{ "socket packet", SYS_socket, { AF_PACKET, SOCK_RAW, 0 } },
		{ "socket alg", SYS_socket, { AF_ALG, SOCK_SEQPACKET, 0 } },
		{ "socket bluetooth", SYS_socket, { AF_BLUETOOTH, SOCK_RAW, 0 } },
		{ "socket can", SYS_socket, { AF_CAN, SOCK_RAW, 0 } },
		{ "socket 0", SYS_socket, { 0, SOCK_STREAM, 0 } },
		{ "socket vsock with high bits", SYS_socket, { high_bits | AF_VSOCK, SOCK_STREAM, 0 } },
		{ "socket of no family", SYS_socket, { 12345, SOCK_STREAM, 0 } },
		{ "socket uevent", SYS_socket, { AF_NETLINK, SOCK_RAW, 15 } },
		{ "socket raw", SYS_socket, { AF_INET, SOCK_RAW, 1 } },
		{ "socket route", SYS_socket, { AF_NETLINK, SOCK_RAW, 0 } },
		{ "socket inet", SYS_socket, { AF_INET, SOCK_STREAM, 0 } },
		{ "socket inet6", SYS_socket, { AF_INET6, SOCK_DGRAM, 0 } },
		{ "socket unix", SYS_socket, { AF_UNIX, SOCK_STREAM, 0 } },
		{ "TIOCSTI", SYS_ioctl, { 0, TIOCSTI, (long)"x" } },
		{ "TIOCSTI with high bits", SYS_ioctl, { 0, high_bits | TIOCSTI, (long)"x" } },
		{ "TIOCLINUX", SYS_ioctl, { 0, TIOCLINUX, p } },
		{ "kill init", SYS_kill, { 1, 0 } },
		{ "setuid root", SYS_setuid, { 0 } },
		{ "setgid root", SYS_setgid, { 0 } },
		{ "mknod", SYS_mknod, { (long)"/tmp/disk", S_IFBLK | 0600, (long)makedev(8, 0) } },
		{ "chown", SYS_chown, { (long)"/tmp", 0, 0 } },
		{ "nice", SYS_setpriority, { PRIO_PROCESS, 0, -10 } },
		{ "msgget", SYS_msgget, { 4444, IPC_CREAT | 0600 } },
		{ "shmget", SYS_shmget, { 4444, 100, IPC_CREAT | 0600 } },
		{ "semget", SYS_semget, { 4444, 1, IPC_CREAT | 0600 } },
		{ "mq_open", SYS_mq_open, { (long)"queue", O_CREAT | O_RDWR, 0600, 0 } },
		{ "timerfd_create", SYS_timerfd_create, { 1, 0 } },
		{ "memfd_create", SYS_memfd_create, { (long)"x", 0 } },
		{ "inotify_init1", SYS_inotify_init1, { 0 } },
	};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		const long *a = all[i].args;
		if (strcmp(all[i].name, args[0]) == 0)
			return tell(syscall(all[i].number, a[0], a[1], a[2], a[3], a[4], a[5]));
	}
	fprintf(out, "no such call here\n");
	return 1;
}

/* The kernel's other entries, whose calls have other numbers. */
static int entry32(char **args)
{
	(void)args;
	long result = 20; /* getpid there */
	__asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
	fprintf(out, "came back with %ld\n", result);
	return 0;
}

static int entry_x32(char **args)
{
	(void)args;
	fprintf(out, "came back with %ld\n", syscall(0x40000000L | SYS_getpid));
	return 0;
}

/* ---- leaving something behind ---- */

/* So many daemons, each in a session of its own, deaf to what can be ignored. */
static _Noreturn int daemons(char **args)
{
	int n = atoi(args[0]);
	for (int i = 0; i < n; i++) {
		if (fork() != 0)
			continue;
		setsid();
		if (fork() != 0)
			_exit(0);
		for (int s = 1; s < 65; s++)
			signal(s, SIG_IGN);
		for (;;)
			pause();
	}
	while (wait(NULL) > 0)
		continue;
	fprintf(out, "started\n");
	fflush(out);
	for (;;)
		pause();
}

/* Children that fork for ever. */
static _Noreturn int bomb(char **args)
{
	(void)args;
	fprintf(out, "started\n");
	fflush(out);
	for (;;)
		fork();
}

static void *idle(void *p)
{
	(void)p;
	for (;;)
		pause();
	return NULL;
}

static int thread(char **args)
{
	(void)args;
	pthread_t t;
	int error = pthread_create(&t, NULL, idle, NULL);
	fprintf(out, "%s\n", error == 0 ? "ok" : strerrorname_np(error));
	return 0;
}

static _Noreturn int spin(char **args)
{
	(void)args;
	for (volatile int i = 0;; i++)
		continue;
}

static const struct {
	const char *name;
	int (*run)(char **args);
} aspects[] = {
	{ "descriptors", descriptors }, { "terminals", terminals },
	{ "limits", limits },           { "processes", processes },
	{ "memory", memory },           { "addresses", addresses },
	{ "bind", bind_only },          { "hold", hold },
	{ "clone", clone_flags },       { "call", call },
	{ "entry32", entry32 },         { "entry-x32", entry_x32 },
	{ "daemons", daemons },         { "bomb", bomb },
	{ "thread", thread },           { "spin", spin },
};

int main(int argc, char **argv)
{
	out = argc > 2 && strcmp(argv[argc - 1], "report") == 0 ? fopen("/work/report", "we") : stdout;
	for (size_t i = 0; argc > 1 && i < sizeof aspects / sizeof aspects[0]; i++) {
		if (strcmp(aspects[i].name, argv[1]) == 0) {
			int status = aspects[i].run(argv + 2);
			fflush(out);
			return status;
		}
	}
	return 100;
}

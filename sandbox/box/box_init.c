/*
 * pid 1 of the box, the keepers, and the last steps of a program before exec. All three run our code only, forked from the
 * worker: everything they need is in memory already.
 *
 * init    takes orders (a byte: which program), forks a keeper for each, reaps whoever is left to it
 * keeper  what a shell is to its command: leads the session, has the terminal, waits, reports the end
 * child   becomes the program: its own process group in the foreground, limits, no capabilities, filter, exec
 */
#include "sandbox/box/box_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/securebits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>

static void tell(const struct box *b, struct box_news *news)
{
	news->pid_inside = getpid();
	while (write(b->news_init, news, sizeof *news) < 0 && errno == EINTR)
		continue;
}

static _Noreturn void give_up(const struct box *b, int k, int error, const char *what)
{
	struct box_news news = { .kind = BOX_NEWS_FAULT, .program = k, .value = error };
	(void)snprintf(news.text, sizeof news.text, "%s", what);
	tell(b, &news);
	_exit(120);
}

/* ---- the program ---- */

static int limit(int resource, int64_t value)
{
	struct rlimit r = { .rlim_cur = (rlim_t)value, .rlim_max = (rlim_t)value };
	return setrlimit((__rlimit_resource_t)resource, &r);
}

/*
 * Without a cgroup, memory is bounded from three sides: private memory of a process here, the tmpfs sizes, and the number of
 * processes. Stacks of threads count as private memory whole, so each process that may be gets room for one.
 */
static int set_limits(const struct box *b)
{
	const struct box_limits *l = &b->options->limits;
	int64_t cpu = (l->cpu_us + 999999) / 1000000;
	const int64_t stack = 8 << 20;
	/* init, the worker and the keepers are counted with the student's processes */
	int64_t ours = 2 + (int64_t)b->options->n_programs;
	struct rlimit cpu_limit = { .rlim_cur = (rlim_t)cpu, .rlim_max = (rlim_t)cpu + 1 };
	if (setrlimit(RLIMIT_CPU, &cpu_limit) < 0 || limit(RLIMIT_NPROC, l->processes + ours) < 0 ||
	    limit(RLIMIT_NOFILE, l->files) < 0 || limit(RLIMIT_FSIZE, l->disk_bytes) < 0 ||
	    limit(RLIMIT_CORE, 0) < 0 || limit(RLIMIT_STACK, stack) < 0)
		return -1;
	if (l->address_space && limit(RLIMIT_DATA, l->memory_bytes + (l->processes + 1) * stack) < 0)
		return -1;
	return 0;
}

static int drop_capabilities(void)
{
	const unsigned long locked = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
				     SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
				     SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
	if (prctl(PR_SET_SECUREBITS, locked) < 0)
		return -1;
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++) {
		if (prctl(PR_CAPBSET_DROP, cap) < 0)
			return -1;
	}
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };
	if (syscall(SYS_capset, &header, none) < 0)
		return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static int set_std(const struct box *b, int k)
{
	const struct box_ends *e = &b->ends[k];
	/* first out of the way of 0, 1 and 2 themselves */
	int moved[3];
	for (int std = 0; std < 3; std++) {
		moved[std] = e->theirs[std] < 0 ? -1 : fcntl(e->theirs[std], F_DUPFD_CLOEXEC, 10);
		if (e->theirs[std] >= 0 && moved[std] < 0)
			return -1;
	}
	for (int std = 0; std < 3; std++) {
		if (moved[std] < 0)
			(void)close(std);
		else if (dup2(moved[std], std) < 0)
			return -1;
	}
	return close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
}

static void reset_signals(void)
{
	for (int s = 1; s < _NSIG; s++)
		(void)signal(s, SIG_DFL); /* fails for 9, 19, 32 and 33, which are what they are */
	sigset_t none;
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* If memory runs out, it is the student's program that goes. A kernel that refuses has its own opinion: no fault. */
static void raise_oom_score(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)!write(fd, "1000", 4);
	(void)close(fd);
}

/* Into the foreground of the terminal, before anybody is told that we are ready. */
static void take_foreground(const struct box *b, int k)
{
	sigset_t ttou;
	(void)sigemptyset(&ttou);
	(void)sigaddset(
		&ttou,
		SIGTTOU); /* what a group in the background gets for asking; reset_signals() unblocks it */
	(void)sigprocmask(SIG_BLOCK, &ttou, NULL);
	for (int std = 0; std < 3; std++) {
		if (b->options->programs[k].std[std] == BOX_TERMINAL) {
			(void)tcsetpgrp(b->ends[k].theirs[std], getpid());
			return;
		}
	}
}

static _Noreturn void program_main(struct box *b, int k)
{
	const struct box_program *p = &b->options->programs[k];
	(void)setpgid(0, 0);
	take_foreground(b, k);
	/* the tracer must be able to take us; no student's code runs here yet, and we still hold all capabilities, so that
	 * nobody in the box may touch us */
	(void)prctl(PR_SET_DUMPABLE, 1);
	struct box_news ready = { .kind = BOX_NEWS_READY, .program = k };
	tell(b, &ready);
	char go;
	if (read(b->ends[k].go[0], &go, 1) != 1)
		_exit(121); /* the worker is gone */
	reset_signals();
	int news = fcntl(b->news_init, F_DUPFD_CLOEXEC, 20);
	if (news < 0 || set_limits(b) < 0)
		give_up(b, k, errno, "limits");
	b->news_init = news;
	raise_oom_score();
	if (chdir(p->cwd) < 0)
		give_up(b, k, errno, "chdir");
	(void)umask(022);
	if (set_std(b, k) < 0)
		give_up(b, k, errno, "standard descriptors");
	if (drop_capabilities() < 0)
		give_up(b, k, errno, "drop capabilities");
	if (filter_load(p->filter) < 0)
		give_up(b, k, errno, "seccomp");
	(void)execve(p->path, p->argv, p->envp);
	struct box_news failed = { .kind = BOX_NEWS_EXEC_FAILED, .program = k, .value = errno };
	tell(b, &failed);
	_exit(127);
}

/* ---- the keeper ---- */

static void take_terminal(const struct box *b, int k)
{
	for (int std = 0; std < 3; std++) {
		if (b->options->programs[k].std[std] == BOX_TERMINAL) {
			(void)ioctl(b->ends[k].theirs[std], TIOCSCTTY, 0);
			return;
		}
	}
}

static void close_theirs(const struct box *b)
{
	for (size_t k = 0; k < b->options->n_programs; k++) {
		for (int std = 0; std < 3; std++) {
			if (b->ends[k].theirs[std] >= 0)
				(void)close(b->ends[k].theirs[std]);
		}
	}
}

static _Noreturn void keeper_main(struct box *b, int k)
{
	(void)setsid();
	take_terminal(b, k);
	pid_t child = fork();
	if (child < 0)
		give_up(b, k, errno, "fork");
	if (child == 0)
		program_main(b, k);
	close_theirs(b);
	struct box_news ended = { .kind = BOX_NEWS_ENDED, .program = k };
	while (wait4(child, &ended.value, 0, &ended.usage) < 0 && errno == EINTR)
		continue;
	tell(b, &ended);
	/* a shell outlives its command: the end of the session's leader would kill (SIGHUP) what the command left behind, before
	 * anybody has seen it */
	for (;;)
		(void)pause();
}

/* ---- init ---- */

static int pivot(const struct box *b)
{
	if (chdir(b->root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
		return -1;
	/* while the old tree is still there: a new proc is allowed only where a whole one can be seen */
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0 ||
	    umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return -1;
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	return mount_setattr(AT_FDCWD, "/", 0, &attr, sizeof attr);
}

/*
 * init and the keepers are copies of the grader, and /proc/PID/cmdline, which every program of the box can read, would tell
 * them where the spec is.
 */
static void hide_command_line(void)
{
	char stat[2048];
	CLEANUP_CLOSE int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, stat, sizeof stat - 1);
	if (n <= 0)
		return;
	stat[n] = '\0';
	/* fields 48 to 51: arg_start, arg_end, env_start, env_end (proc(5)); the name, field 2, may hold anything */
	char *at = strrchr(stat, ')');
	for (int field = 2; at != NULL && field < 48; field++)
		at = strchr(at + 1, ' ');
	unsigned long long area[4];
	if (at == NULL || sscanf(at, "%llu %llu %llu %llu", &area[0], &area[1], &area[2], &area[3]) != 4)
		return;
	for (int i = 0; i < 4; i += 2) {
		if (area[i] != 0 && area[i] < area[i + 1])
			memset((void *)(uintptr_t)area[i], 0, area[i + 1] - area[i]);
	}
}

static void close_other_descriptors(struct box *b)
{
	/* all that init needs moves to the top, the rest goes: pipes to the pool, databases, other cases' sockets */
	int keep[BOX_PROGRAMS_MOST * 4 + 2];
	size_t n = 0;
	keep[n++] = b->orders_init;
	keep[n++] = b->news_init;
	for (size_t k = 0; k < b->options->n_programs; k++) {
		for (int std = 0; std < 3; std++) {
			if (b->ends[k].theirs[std] >= 0)
				keep[n++] = b->ends[k].theirs[std];
		}
		keep[n++] = b->ends[k].go[0];
	}
	for (int fd = 3; fd < 65536; fd++) {
		int next = INT_MAX;
		bool kept = false;
		for (size_t i = 0; i < n; i++) {
			kept = kept || keep[i] == fd;
			if (keep[i] > fd)
				next = MIN(next, keep[i]);
		}
		if (kept)
			continue;
		(void)close_range((unsigned)fd, next == INT_MAX ? ~0U : (unsigned)next - 1, 0);
		if (next == INT_MAX)
			break;
		fd = next - 1;
	}
}

/* A keeper that a student's program killed cannot report: init does. */
static void reap(struct box *b, const pid_t *keepers)
{
	for (;;) {
		int status;
		pid_t pid = waitpid(-1, &status, WNOHANG);
		if (pid <= 0)
			return;
		for (size_t k = 0; k < b->options->n_programs; k++) {
			if (keepers[k] == pid) {
				struct box_news ended = { .kind = BOX_NEWS_ENDED,
							  .program = (int)k,
							  .value = status };
				tell(b, &ended);
			}
		}
	}
}

static void obey(struct box *b, pid_t *keepers)
{
	unsigned char k;
	ssize_t n = read(b->orders_init, &k, 1);
	if (n == 0)
		_exit(0); /* the worker is gone: the whole box goes */
	if (n != 1 || k >= b->options->n_programs)
		return;
	pid_t pid = fork();
	if (pid < 0)
		give_up(b, k, errno, "fork");
	if (pid == 0) {
		(void)close(b->orders_init);
		sigset_t none;
		(void)sigemptyset(&none);
		(void)sigprocmask(SIG_SETMASK, &none, NULL);
		keeper_main(b, k);
	}
	keepers[k] = pid;
	struct box_ends *e = &b->ends[k];
	for (int std = 0; std < 3; std++) {
		if (e->theirs[std] >= 0 && !(std == 1 && e->theirs[1] == e->theirs[0]))
			(void)close(e->theirs[std]);
	}
	e->theirs[0] = e->theirs[1] = e->theirs[2] = -1;
	(void)close(e->go[0]);
}

_Noreturn void init_main(struct box *b)
{
	static pid_t keepers[BOX_PROGRAMS_MOST];
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* pid 1 is deaf to its children only where it has no handlers: none of the worker's may stay */
	reset_signals();
	if (pivot(b) < 0)
		give_up(b, -1, errno, "the box's root");
	close_other_descriptors(b);
	hide_command_line();
	/* not to be traced or read by the student's programs, which have the same user */
	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)prctl(PR_SET_NAME, "init");
	sigset_t child;
	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	(void)sigprocmask(SIG_SETMASK, &child, NULL);
	int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		give_up(b, -1, errno, "signalfd");
	for (;;) {
		struct pollfd p[2] = { { .fd = b->orders_init, .events = POLLIN },
				       { .fd = signals, .events = POLLIN } };
		(void)poll(p, 2, -1);
		if (p[1].revents != 0) {
			struct signalfd_siginfo info[8];
			(void)!read(signals, info, sizeof info);
			reap(b, keepers);
		}
		if (p[0].revents != 0)
			obey(b, keepers);
	}
}

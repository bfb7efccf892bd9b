#include "sandbox/box/box_internal.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <linux/sched.h>
#include <termios.h>

/* How long our own init and keeper may take to answer on a very loaded machine. */
enum { START_PATIENCE_MS = 60 * 1000 };

static int open_terminal(const char *root, bool echo, int *ret_ours, int *ret_theirs, struct fault *f)
{
	char at[128];
	(void)snprintf(at, sizeof at, "%s/dev/pts/ptmx", root);
	CLEANUP_CLOSE int ours = open(at, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	int unlock = 0;
	if (ours < 0 || ioctl(ours, TIOCSPTLCK, &unlock) < 0)
		return fault_set(f, FAULT_WORLD, errno, "open a terminal");
	CLEANUP_CLOSE int theirs = ioctl(ours, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios t;
	if (theirs < 0 || tcgetattr(theirs, &t) < 0)
		return fault_set(f, FAULT_WORLD, errno, "open the other side of a terminal");
	/* what the program writes is captured as it was written: no \n to \r\n */
	t.c_oflag &= ~(tcflag_t)OPOST;
	if (!echo)
		t.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	if (tcsetattr(theirs, TCSANOW, &t) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "tcsetattr");
	*ret_ours = TAKE_FD(ours);
	*ret_theirs = TAKE_FD(theirs);
	return 0;
}

static int open_pipe(int std, int *ret_ours, int *ret_theirs, struct fault *f)
{
	int fds[2];
	if (pipe2(fds, O_CLOEXEC) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "pipe");
	*ret_ours = fds[std == 0 ? 1 : 0];
	*ret_theirs = fds[std == 0 ? 0 : 1];
	if (fcntl(*ret_ours, F_SETFL, O_NONBLOCK) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "fcntl");
	return 0;
}

static int open_file(const char *root, int *ret_ours, int *ret_theirs, struct fault *f)
{
	char at[128];
	(void)snprintf(at, sizeof at, "%s/tmp", root);
	*ret_theirs = open(at, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (*ret_theirs < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "make a file in the box");
	*ret_ours = fcntl(*ret_theirs, F_DUPFD_CLOEXEC, 3);
	if (*ret_ours < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "fcntl");
	return 0;
}

static int open_std(struct box *b, const struct box_program *p, struct box_ends *e, int std, struct fault *f)
{
	switch (p->std[std]) {
	case BOX_TERMINAL:
		if (std == 1 && p->std[0] == BOX_TERMINAL) {
			e->ours[1] = e->ours[0];
			e->theirs[1] = e->theirs[0];
			return 0;
		}
		return open_terminal(b->root, p->terminal_echo, &e->ours[std], &e->theirs[std], f);
	case BOX_PIPE:
		return open_pipe(std, &e->ours[std], &e->theirs[std], f);
	case BOX_FILE:
		return open_file(b->root, &e->ours[std], &e->theirs[std], f);
	case BOX_NULL:
		e->theirs[std] = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (e->theirs[std] < 0)
			return fault_set(f, FAULT_SYSTEM, errno, "open /dev/null");
		return 0;
	case BOX_CLOSED:
		return 0;
	}
	return 0;
}

static int open_ends(struct box *b, struct fault *f)
{
	for (size_t k = 0; k < b->options->n_programs; k++) {
		struct box_ends *e = &b->ends[k];
		for (int std = 0; std < 3; std++) {
			if (open_std(b, &b->options->programs[k], e, std, f) < 0)
				return -1;
		}
		if (pipe2(e->go, O_CLOEXEC) < 0)
			return fault_set(f, FAULT_SYSTEM, errno, "pipe");
	}
	return 0;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static void close_their_ends(struct box *b)
{
	for (size_t k = 0; k < b->options->n_programs; k++) {
		struct box_ends *e = &b->ends[k];
		if (e->theirs[1] == e->theirs[0])
			e->theirs[1] = -1;
		for (int std = 0; std < 3; std++)
			close_end(&e->theirs[std]);
		close_end(&e->go[0]);
	}
	close_end(&b->orders_init);
	close_end(&b->news_init);
}

static int open_channels(struct box *b, struct fault *f)
{
	int orders[2];
	int news[2];
	int on = 1;
	if (pipe2(orders, O_CLOEXEC) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "pipe");
	b->orders_init = orders[0];
	b->orders = orders[1];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, news) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "socketpair");
	b->news = news[0];
	b->news_init = news[1];
	/* the kernel translates the sender's pid into our pid namespace */
	if (setsockopt(b->news, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0 ||
	    fcntl(b->news, F_SETFL, O_NONBLOCK) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "the box's news socket");
	return 0;
}

static int start_init(struct box *b, struct fault *f)
{
	struct clone_args args = {
		.flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&b->init_pidfd,
		.exit_signal = SIGCHLD,
	};
	long pid = syscall(SYS_clone3, &args, sizeof args);
	if (pid < 0)
		return fault_set(f, FAULT_WORLD, errno, "a new pid namespace");
	if (pid == 0)
		init_main(b);
	b->init = (pid_t)pid;
	close_their_ends(b);
	return 0;
}

static int pin(int cpu, struct fault *f)
{
	if (cpu < 0)
		return 0;
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	if (sched_setaffinity(0, sizeof set, &set) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "pin to processor %d", cpu);
	return 0;
}

int box_enter(struct box **ret, const struct box_options *o, struct fault *f)
{
	if (o->n_programs > BOX_PROGRAMS_MOST)
		return fault_set(f, FAULT_BUG, 0, "%zu programs in a box", o->n_programs);
	struct box *b = must_alloc(calloc(1, sizeof *b));
	b->options = o;
	for (size_t k = 0; k < o->n_programs; k++)
		b->ends[k] = (struct box_ends){ .ours = { -1, -1, -1 },
						.theirs = { -1, -1, -1 },
						.go = { -1, -1 } };
	umask(022);
	if (pin(o->cpu, f) < 0 || world_choose_root(b->root, f) < 0 || world_unshare(o, f) < 0 ||
	    world_network(f) < 0 || world_build_tree(b->root, o, f) < 0 || open_channels(b, f) < 0 ||
	    open_ends(b, f) < 0 || start_init(b, f) < 0) {
		free(b);
		return fault_wrap(f, "the box");
	}
	*ret = b;
	return 0;
}

int box_news_fd(const struct box *b)
{
	return b->news;
}

static pid_t sender_of(struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS) {
			struct ucred cred;
			memcpy(&cred, CMSG_DATA(c), sizeof cred);
			return cred.pid;
		}
	}
	return 0;
}

/* What has just come over the socket. */
static int receive(struct box *b, struct box_news *ret, bool *ret_any, struct fault *f)
{
	char control[CMSG_SPACE(sizeof(struct ucred))];
	struct iovec part = { .iov_base = ret, .iov_len = sizeof *ret };
	struct msghdr m = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
	};
	ssize_t n = recvmsg(b->news, &m, MSG_CMSG_CLOEXEC);
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		*ret_any = false;
		return 0;
	}
	if (n != (ssize_t)sizeof *ret)
		return fault_set(f, FAULT_WORKER, n < 0 ? errno : 0, "pid 1 of the box is gone");
	ret->pid = sender_of(&m);
	*ret_any = true;
	return 0;
}

int box_news(struct box *b, struct box_news *ret, bool *ret_any, struct fault *f)
{
	if (b->n_kept == 0)
		return receive(b, ret, ret_any, f);
	*ret = b->kept[0];
	b->n_kept--;
	memmove(b->kept, b->kept + 1, b->n_kept * sizeof *b->kept);
	*ret_any = true;
	return 0;
}

static int wait_for_news(struct box *b, int64_t deadline, struct fault *f)
{
	struct pollfd p = { .fd = b->news, .events = POLLIN };
	int64_t left = deadline - clock_now_us();
	if (left <= 0 || (poll(&p, 1, (int)(left / 1000) + 1) < 0 && errno != EINTR))
		return fault_set(f, FAULT_WORKER, 0, "a program did not get ready to start");
	return 0;
}

int box_start(struct box *b, int k, pid_t *ret_pid, pid_t *ret_pid_inside, struct fault *f)
{
	unsigned char order = (unsigned char)k;
	if (write(b->orders, &order, 1) != 1)
		return fault_set(f, FAULT_WORKER, errno, "pid 1 of the box takes no orders");
	int64_t deadline = clock_now_us() + (int64_t)START_PATIENCE_MS * 1000;
	for (;;) {
		struct box_news news;
		bool any = false;
		if (receive(b, &news, &any, f) < 0)
			return -1;
		if (!any) {
			if (wait_for_news(b, deadline, f) < 0)
				return -1;
		} else if (news.kind == BOX_NEWS_READY && news.program == k) {
			*ret_pid = news.pid;
			*ret_pid_inside = news.pid_inside;
			return 0;
		} else if (news.kind == BOX_NEWS_FAULT) {
			return fault_set(f, FAULT_SYSTEM, news.value, "start a program: %s", news.text);
		} else if (b->n_kept < BOX_PROGRAMS_MOST) { /* of one that was started earlier */
			b->kept[b->n_kept++] = news;
		}
	}
}

int box_go(struct box *b, int k, struct fault *f)
{
	if (write(b->ends[k].go[1], "g", 1) != 1)
		return fault_set(f, FAULT_SYSTEM, errno, "let a program go");
	close_end(&b->ends[k].go[1]);
	return 0;
}

int box_std_fd(const struct box *b, int k, int std)
{
	return b->ends[k].ours[std];
}

void box_std_close(struct box *b, int k, int std)
{
	close_end(&b->ends[k].ours[std]);
}

pid_t box_init_pid(const struct box *b)
{
	return b->init;
}

void box_kill(struct box *b)
{
	(void)syscall(SYS_pidfd_send_signal, b->init_pidfd, SIGKILL, NULL, 0);
}

const char *box_root(const struct box *b)
{
	return b->root;
}

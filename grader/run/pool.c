/*
 * The wire: one byte 'a' and the answer, or one byte 'f' and a struct fault, then end of file. A worker that leaves anything
 * else broke its promise.
 */
#include "run/pool.h"

#include "base/clock.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { ANSWER_MOST = 256 << 20 };

struct worker {
	pid_t pid; /* 0: the slot is free */
	int pidfd, out;
	void *job;
	int64_t began_us;
	struct buf said;
	bool killed; /* by us: it took too long */
};

struct pool {
	int slots;
	int64_t patience_us;
	struct worker *workers;
	struct pollfd *polled;
	struct buf answer; /* of the last result */
};

struct pool *pool_new(int slots, int64_t patience_us)
{
	struct pool *p = must_alloc(calloc(1, sizeof *p));
	p->slots = slots;
	p->patience_us = patience_us;
	p->workers = must_alloc(calloc((size_t)slots, sizeof *p->workers));
	p->polled = must_alloc(calloc((size_t)slots * 2 + 1, sizeof *p->polled));
	return p;
}

static void kill_worker(struct worker *w)
{
	(void)syscall(SYS_pidfd_send_signal, w->pidfd, SIGKILL, NULL, 0);
	w->killed = true;
}

static void forget(struct worker *w)
{
	(void)close(w->pidfd);
	if (w->out >= 0)
		(void)close(w->out);
	buf_done(&w->said);
	*w = (struct worker){ 0 };
}

void pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	for (int i = 0; i < p->slots; i++) {
		struct worker *w = &p->workers[i];
		if (w->pid == 0)
			continue;
		kill_worker(w);
		(void)waitpid(w->pid, NULL, 0);
		forget(w);
	}
	buf_done(&p->answer);
	free(p->workers);
	free(p->polled);
	free(p);
}

int pool_free_slot(const struct pool *p, int from, int to)
{
	for (int i = from; i < to && i < p->slots; i++) {
		if (p->workers[i].pid == 0)
			return i;
	}
	return -1;
}

int pool_running(const struct pool *p)
{
	int n = 0;
	for (int i = 0; i < p->slots; i++)
		n += p->workers[i].pid != 0;
	return n;
}

static _Noreturn void worker_main(pid_t parent, int out, worker_fn *fn, void *job, int slot)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0); /* it died before we asked to die with it */
	/* a group of its own: Ctrl-C on the terminal is for the parent to decide about */
	(void)setpgid(0, 0);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGTERM, SIG_DFL);
	sigset_t none;
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	struct buf answer = { 0 };
	struct fault f = { 0 };
	struct fault lost;
	buf_puts(&answer, "a");
	if (fn(job, slot, &answer, &f) < 0) {
		answer.len = 0;
		buf_puts(&answer, "f");
		buf_add(&answer, &f, sizeof f);
	}
	_exit(io_write_all(out, answer.at, answer.len, &lost) < 0 ? 1 : 0);
}

int pool_start(struct pool *p, int slot, worker_fn *fn, void *job, struct fault *f)
{
	struct worker *w = &p->workers[slot];
	int fds[2];
	if (pipe2(fds, O_CLOEXEC) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "pipe");
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid < 0) {
		(void)close(fds[0]);
		(void)close(fds[1]);
		return fault_set(f, FAULT_SYSTEM, errno, "fork a worker");
	}
	if (pid == 0)
		worker_main(parent, fds[1], fn, job, slot);
	(void)close(fds[1]);
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0 || fcntl(fds[0], F_SETFL, O_NONBLOCK) < 0) {
		int error = errno;
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, NULL, 0);
		(void)close(fds[0]);
		return fault_set(f, FAULT_SYSTEM, error, "watch a worker");
	}
	*w = (struct worker){
		.pid = pid, .pidfd = pidfd, .out = fds[0], .job = job, .began_us = clock_now_us()
	};
	return 0;
}

/* Reads what a worker says now. */
static void listen_to(struct worker *w)
{
	while (w->out >= 0) {
		ssize_t n = read(w->out, buf_room(&w->said, 65536), 65536);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n > 0)
			w->said.len += (size_t)n;
		if (w->said.len > ANSWER_MOST)
			kill_worker(w);
		if (n <= 0 || w->said.len > ANSWER_MOST) {
			(void)close(w->out);
			w->out = -1;
		}
	}
}

static void understand(struct pool *p, struct worker *w, int status, struct pool_result *ret)
{
	*ret = (struct pool_result){ .job = w->job, .wall_us = clock_now_us() - w->began_us };
	buf_done(&p->answer);
	p->answer = w->said;
	w->said = (struct buf){ 0 };
	struct bytes said = buf_bytes(&p->answer);
	if (w->killed)
		(void)fault_set(&ret->fault, FAULT_WORKER, 0,
				"a worker took longer than %lld s, or said too much",
				(long long)(p->patience_us / 1000000));
	else if (WIFSIGNALED(status))
		(void)fault_set(&ret->fault, FAULT_WORKER, 0, "a worker was killed by signal %d",
				WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0 || said.len == 0)
		(void)fault_set(&ret->fault, FAULT_WORKER, 0, "a worker ended with status %d and no answer",
				WEXITSTATUS(status));
	else if (said.at[0] == 'a')
		*ret = (struct pool_result){ .job = ret->job,
					     .wall_us = ret->wall_us,
					     .ok = true,
					     .answer = { said.at + 1, said.len - 1 } };
	else if (said.at[0] == 'f' && said.len == 1 + sizeof ret->fault)
		memcpy(&ret->fault, said.at + 1, sizeof ret->fault);
	else
		(void)fault_set(&ret->fault, FAULT_WORKER, 0, "a worker's answer makes no sense");
	ret->fault.text[sizeof ret->fault.text - 1] = '\0';
}

/* A worker that ended, with all that it said read. */
static bool collect(struct pool *p, struct pool_result *ret)
{
	for (int i = 0; i < p->slots; i++) {
		struct worker *w = &p->workers[i];
		int status;
		if (w->pid == 0)
			continue;
		listen_to(w);
		if (waitpid(w->pid, &status, WNOHANG) != w->pid)
			continue;
		listen_to(w); /* what it said between the two */
		understand(p, w, status, ret);
		forget(w);
		return true;
	}
	return false;
}

/* Kills who is over time; the time until the next one is, -1 when nobody runs. */
static int64_t next_deadline(struct pool *p)
{
	int64_t now = clock_now_us();
	int64_t next = -1;
	for (int i = 0; i < p->slots; i++) {
		struct worker *w = &p->workers[i];
		if (w->pid == 0 || w->killed)
			continue;
		int64_t left = w->began_us + p->patience_us - now;
		if (left <= 0)
			kill_worker(w);
		else if (next < 0 || left < next)
			next = left;
	}
	return next;
}

static nfds_t who_to_poll(struct pool *p, int wake_fd)
{
	nfds_t n = 0;
	for (int i = 0; i < p->slots; i++) {
		struct worker *w = &p->workers[i];
		if (w->pid == 0)
			continue;
		p->polled[n++] = (struct pollfd){ .fd = w->pidfd, .events = POLLIN };
		if (w->out >= 0)
			p->polled[n++] = (struct pollfd){ .fd = w->out, .events = POLLIN };
	}
	if (wake_fd >= 0)
		p->polled[n++] = (struct pollfd){ .fd = wake_fd, .events = POLLIN };
	return n;
}

int pool_wait(struct pool *p, int wake_fd, int64_t timeout_us, struct pool_result *ret, bool *ret_any,
	      struct fault *f)
{
	int64_t until = timeout_us < 0 ? -1 : clock_now_us() + timeout_us;
	for (;;) {
		*ret_any = collect(p, ret);
		if (*ret_any)
			return 0;
		int64_t wait = next_deadline(p);
		int64_t left = until < 0 ? -1 : MAX(until - clock_now_us(), (int64_t)0);
		if (left >= 0 && (wait < 0 || left < wait))
			wait = left;
		nfds_t n = who_to_poll(p, wake_fd);
		if (poll(p->polled, n, wait < 0 ? -1 : (int)(wait / 1000 + 1)) < 0 && errno != EINTR)
			return fault_set(f, FAULT_SYSTEM, errno, "poll");
		bool woken = wake_fd >= 0 && p->polled[n - 1].revents != 0;
		if (woken || (until >= 0 && clock_now_us() >= until)) {
			*ret_any = collect(p, ret);
			return 0;
		}
	}
}

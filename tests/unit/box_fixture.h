/*
 * box_fixture.h - programs run in a box, by a worker of their own: what they wrote, and how they ended.
 *
 * Where a machine refuses the box, the tests are skipped with the reason; GRADER_MUST_BOX=1 makes that a failure.
 */
#pragma once

#include "helper_fixture.h"

#include "sandbox/box/box.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* Who starts the box; a loop test runs once for each. */
enum starter { AS_ROOT, AS_USER, STARTERS };

enum { SKIPPED = 77, BOX_UID = 1735549000, ORDINARY_UID = 65534, PLAYED_MOST = 2, SAID_MOST = 16384 };

static const struct box_limits usual_limits = {
	.cpu_us = 5000000,
	.memory_bytes = 128 << 20,
	.disk_bytes = 16 << 20,
	.processes = 40,
	.files = 64,
	.address_space = true,
};

static const char *const usual_env[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };

struct play {
	const char *argv[PLAYED_MOST][8]; /* argv[0] is the path */
	size_t n; /* 0: one */
	enum box_std std[3];
	const struct box_limits *limits; /* NULL: the usual ones */
	const char *cwd;
	const struct box_file *files;
	size_t n_files;
	bool echo;
	const char *when; /* once the first program has written this */
	struct bytes type; /* … its standard input gets that */
	bool close_input; /* … or is closed */
	bool kill; /* … or the box is killed */
	bool (*before_go)(struct box *b, pid_t pid, pid_t inside); /* false: ck_assert cannot be used there */
};

/* In memory that the worker shares with the test. */
struct box_result {
	bool refused;
	struct fault fault;
	struct played {
		bool ended, exec_failed;
		int status, exec_error;
		pid_t pid, inside;
		struct rusage usage;
		size_t out_len, err_len;
		char out[SAID_MOST], err[SAID_MOST];
	} of[PLAYED_MOST];
	bool before_go_failed;
	int kept_going; /* descriptors that were not at their end once init was reaped */
	char report[SAID_MOST]; /* /work/report */
};

static inline void become_ordinary(void)
{
	if (geteuid() != 0)
		return;
	if (setgroups(0, NULL) < 0 || setresgid(ORDINARY_UID, ORDINARY_UID, ORDINARY_UID) < 0 ||
	    setresuid(ORDINARY_UID, ORDINARY_UID, ORDINARY_UID) < 0 || prctl(PR_SET_DUMPABLE, 1) < 0)
		_exit(99);
}

/* Reads what is there; false when no more will ever come. */
static inline bool box_hear(int fd, char *text, size_t *len)
{
	for (;;) {
		char more[4096];
		ssize_t n = fd < 0 ? 0 : read(fd, more, sizeof more);
		if (n < 0 && errno == EAGAIN)
			return true;
		if (n <= 0)
			return false;
		size_t kept = MIN((size_t)n, SAID_MOST - 1 - *len);
		memcpy(text + *len, more, kept);
		*len += kept;
		text[*len] = '\0';
	}
}

static inline void box_file_content(int fd, char *text, size_t *len)
{
	ssize_t n = pread(fd, text, SAID_MOST - 1, 0);
	*len = (size_t)MAX(n, (ssize_t)0);
	text[*len] = '\0';
}

/* One round: waits, hears, takes the news. */
static inline int box_round(struct box *b, struct box_result *o, size_t n, bool open[PLAYED_MOST][3],
			    struct fault *f)
{
	struct pollfd p[1 + PLAYED_MOST * 2] = { { .fd = box_news_fd(b), .events = POLLIN } };
	nfds_t polled = 1;
	for (size_t k = 0; k < n; k++)
		for (int std = 1; std <= 2; std++)
			p[polled++] = (struct pollfd){ .fd = open[k][std] ? box_std_fd(b, (int)k, std) : -1,
						       .events = POLLIN };
	if (poll(p, polled, -1) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "poll");
	for (size_t k = 0; k < n; k++) {
		if (open[k][1])
			open[k][1] = box_hear(box_std_fd(b, (int)k, 1), o->of[k].out, &o->of[k].out_len);
		if (open[k][2])
			open[k][2] = box_hear(box_std_fd(b, (int)k, 2), o->of[k].err, &o->of[k].err_len);
	}
	struct box_news news;
	bool any = false;
	if (p[0].revents != 0 && box_news(b, &news, &any, f) < 0)
		return -1;
	if (!any)
		return 0;
	if (news.kind == BOX_NEWS_FAULT)
		return fault_set(f, FAULT_SYSTEM, news.value, "news: %s", news.text);
	struct played *of = &o->of[news.program];
	if (news.kind == BOX_NEWS_EXEC_FAILED) {
		of->exec_failed = true;
		of->exec_error = news.value;
	} else if (news.kind == BOX_NEWS_ENDED) {
		of->ended = true;
		of->status = news.value;
		of->usage = news.usage;
	}
	return 0;
}

static inline void box_do_when(struct box *b, const struct play *p, const struct box_result *o, bool *done)
{
	if (*done || p->when == NULL || strstr(o->of[0].out, p->when) == NULL)
		return;
	*done = true;
	if (p->type.len > 0 && write(box_std_fd(b, 0, 0), p->type.at, p->type.len) != (ssize_t)p->type.len)
		_exit(98);
	if (p->close_input)
		box_std_close(b, 0, 0);
	if (p->kill)
		box_kill(b);
}

static inline int box_start_all(struct box *b, const struct play *p, struct box_result *o, size_t n,
				struct fault *f)
{
	for (size_t k = 0; k < n; k++) {
		struct played *of = &o->of[k];
		if (box_start(b, (int)k, &of->pid, &of->inside, f) < 0)
			return -1;
		if (p->before_go != NULL && !p->before_go(b, of->pid, of->inside))
			o->before_go_failed = true;
		if (box_go(b, (int)k, f) < 0)
			return -1;
	}
	return 0;
}

/* When all is over: what stands in files, and whether somebody still holds a pipe or a terminal. */
static inline void box_hear_the_rest(struct box *b, const struct play *p, struct box_result *o, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		struct played *of = &o->of[k];
		char *text[3] = { NULL, of->out, of->err };
		size_t *len[3] = { NULL, &of->out_len, &of->err_len };
		for (int std = 1; std <= 2; std++) {
			if (p->std[std] == BOX_FILE)
				box_file_content(box_std_fd(b, (int)k, std), text[std], len[std]);
			else
				o->kept_going += box_hear(box_std_fd(b, (int)k, std), text[std], len[std]);
		}
	}
	char path[128];
	(void)snprintf(path, sizeof path, "%s/work/report", box_root(b));
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len;
	if (fd >= 0)
		box_file_content(fd, o->report, &len);
}

static inline int box_play_inside(const struct play *p, struct box_result *o, struct fault *f)
{
	static struct filter filter;
	static struct box_program programs[PLAYED_MOST];
	static struct box_options options;
	size_t n = MAX(p->n, (size_t)1);
	if (filter_make(0, &filter, f) < 0)
		return -1;
	for (size_t k = 0; k < n; k++)
		programs[k] = (struct box_program){ .path = p->argv[k][0],
						    .argv = (char *const *)p->argv[k],
						    .envp = (char *const *)usual_env,
						    .cwd = p->cwd == NULL ? "/work" : p->cwd,
						    .std = { p->std[0], p->std[1], p->std[2] },
						    .terminal_echo = p->echo,
						    .filter = &filter };
	options = (struct box_options){ .uid = BOX_UID,
					.limits = p->limits == NULL ? usual_limits : *p->limits,
					.programs = programs,
					.n_programs = n,
					.files = p->files,
					.n_files = p->n_files,
					.cpu = -1 };
	struct box *b;
	if (box_enter(&b, &options, f) < 0 || box_start_all(b, p, o, n, f) < 0)
		return -1;
	bool open[PLAYED_MOST][3] = { { false, true, true }, { false, true, true } };
	bool done = false;
	while (!(done && p->kill) && !(o->of[0].ended && (n == 1 || o->of[1].ended))) {
		if (box_round(b, o, n, open, f) < 0)
			return -1;
		box_do_when(b, p, o, &done);
	}
	box_kill(b);
	if (waitpid(box_init_pid(b), NULL, 0) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "wait for init");
	box_hear_the_rest(b, p, o, n);
	return 0;
}

static inline struct box_result *box_result_new(void)
{
	struct box_result *o = mmap(NULL, sizeof *o, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
				    0);
	ck_assert_ptr_ne(o, MAP_FAILED);
	return o;
}

/* Runs the programs to their end; a fault fails the test. */
static inline const struct box_result *box_play(enum starter who, const struct play *p)
{
	struct box_result *o = box_result_new();
	pid_t worker = fork();
	if (worker == 0) {
		if (who == AS_USER)
			become_ordinary();
		o->refused = box_play_inside(p, o, &o->fault) < 0;
		_exit(0);
	}
	int status;
	ck_assert_int_eq(waitpid(worker, &status, 0), worker);
	ck_assert_msg(!o->refused, "%s", o->fault.text);
	ck_assert_int_eq(status, 0);
	ck_assert(!o->before_go_failed);
	return o;
}

/* The loop's bounds for tests that are run once for each starter. */
static inline int first_starter(void)
{
	return geteuid() == 0 ? AS_ROOT : AS_USER;
}

/* NULL when a box can be made here; else why not. */
static inline const char *box_refusal(enum starter who)
{
	static struct fault *f;
	f = mmap(NULL, sizeof *f, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = fork();
	if (pid == 0) {
		struct box *b;
		const struct box_options o = { .uid = BOX_UID, .limits = usual_limits, .cpu = -1 };
		if (who == AS_USER)
			become_ordinary();
		_exit(box_enter(&b, &o, f) < 0);
	}
	int status = 1;
	(void)waitpid(pid, &status, 0);
	return status == 0 ? NULL : f->text[0] == '\0' ? "?" : f->text;
}

/* For main(): 0 to go on, else the exit status. */
static inline int box_must_be_possible(void)
{
	for (int who = first_starter(); who < STARTERS; who++) {
		const char *why = box_refusal((enum starter)who);
		if (why == NULL)
			continue;
		const char *must = getenv("GRADER_MUST_BOX");
		bool fatal = must != NULL && strcmp(must, "1") == 0;
		(void)fprintf(stderr, "%s: no box here: %s\n", fatal ? "FAILED" : "skipped", why);
		return fatal ? EXIT_FAILURE : SKIPPED;
	}
	if (first_starter() != AS_ROOT)
		(void)fprintf(stderr, "skipped: the same as root, which we are not\n");
	return 0;
}

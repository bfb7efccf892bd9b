#include "run/build.h"

#include "base/clock.h"
#include "plan/compiler_log.h"
#include "sandbox/box/box.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Generous for a lab, small for a bomb. */
static const struct box_limits limits = {
	.cpu_us = 60000000,
	.memory_bytes = 2LL << 30,
	.disk_bytes = 256 << 20,
	.processes = 100,
	.files = 256,
	.address_space = true,
};
static const int64_t time_us = 60000000;
static const int64_t log_most = 64 << 20; /* read and counted; far less is kept */
enum { PROGRAM_MOST = 64 << 20 };

struct build {
	struct box *box;
	struct compiler_log log;
	struct build_result result;
	bool out_open[3];
	bool ended;
};

static int enter(const struct build_job *job, struct arena *a, struct build *b, struct fault *f)
{
	const struct snapshot *s = job->snapshot;
	const struct build_plan *plan = job->plan;
	struct box_file *files = arena_array(a, s->n_files + plan->n_files, sizeof *files);
	size_t n = 0;
	for (size_t i = 0; i < s->n_files; i++)
		files[n++] = (struct box_file){ .path = arena_printf(a, "/work/%s", s->files[i].path),
						.fd = -1,
						.content = s->files[i].content,
						.mode = s->files[i].executable ? 0755 : 0644 };
	for (size_t i = 0; i < plan->n_files; i++)
		files[n++] = (struct box_file){ .path = plan->files[i].path,
						.fd = -1,
						.content = bytes_of(plan->files[i].content),
						.mode = plan->files[i].mode };
	struct filter *filter = arena_alloc(a, sizeof *filter);
	if (filter_make(0, filter, f) < 0)
		return -1;
	/* env finds the compiler along the PATH it is given */
	size_t argc = 0;
	while (plan->argv[argc] != NULL)
		argc++;
	char **argv = arena_array(a, argc + 2, sizeof *argv);
	argv[0] = arena_strdup(a, "env");
	memcpy(argv + 1, plan->argv, argc * sizeof *argv);
	struct box_program *program = arena_alloc(a, sizeof *program);
	*program = (struct box_program){ .path = "/usr/bin/env",
					 .argv = argv,
					 .envp = plan->env,
					 .cwd = "/work",
					 .std = { BOX_NULL, BOX_PIPE, BOX_PIPE },
					 .filter = filter };
	struct box_options *o = arena_alloc(a, sizeof *o);
	*o = (struct box_options){ .uid = job->uid,
				   .limits = limits,
				   .programs = program,
				   .n_programs = 1,
				   .files = files,
				   .n_files = n,
				   .cpu = -1 };
	return box_enter(&b->box, o, f);
}

static void read_log(struct build *b, int fd)
{
	char part[65536];
	ssize_t n;
	while (b->out_open[fd]) {
		n = read(box_std_fd(b->box, 0, fd), part, sizeof part);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n > 0)
			compiler_log_add(&b->log, (struct bytes){ part, (size_t)n });
		b->out_open[fd] = n > 0 && b->log.bytes <= log_most;
	}
}

static int hear_news(struct build *b, struct fault *f)
{
	struct box_news news;
	bool any;
	if (box_news(b->box, &news, &any, f) < 0)
		return -1;
	if (!any)
		return 0;
	if (news.kind == BOX_NEWS_FAULT)
		return fault_set(f, FAULT_WORLD, news.value, "in the box: %s", news.text);
	if (news.kind == BOX_NEWS_EXEC_FAILED)
		return fault_set(f, FAULT_WORLD, news.value, "start the compiler through /usr/bin/env");
	b->ended = b->ended || news.kind == BOX_NEWS_ENDED;
	b->result.status = news.value;
	return 0;
}

/* Until the compiler has ended and all it said is read, or a limit. */
static int watch(struct build *b, struct fault *f)
{
	int64_t deadline = clock_now_us() + time_us;
	b->result.end = BUILD_MADE;
	while (!b->ended) {
		struct pollfd p[3] = { { .fd = box_news_fd(b->box), .events = POLLIN } };
		for (int fd = 1; fd <= 2; fd++)
			p[fd] = (struct pollfd){ .fd = b->out_open[fd] ? box_std_fd(b->box, 0, fd) : -1,
						 .events = POLLIN };
		int64_t left = deadline - clock_now_us();
		if (left <= 0) {
			b->result.end = BUILD_TIMEOUT;
			return 0;
		}
		if (poll(p, 3, (int)(left / 1000) + 1) < 0 && errno != EINTR)
			return fault_set(f, FAULT_SYSTEM, errno, "poll");
		read_log(b, 1);
		read_log(b, 2);
		if (b->log.bytes > log_most) {
			b->result.end = BUILD_FLOOD;
			return 0;
		}
		if (p[0].revents != 0 && hear_news(b, f) < 0)
			return -1;
	}
	read_log(b, 1);
	read_log(b, 2);
	if (!WIFEXITED(b->result.status) || WEXITSTATUS(b->result.status) != 0)
		b->result.end = BUILD_REFUSED;
	return 0;
}

/* The program, if there is one: a regular file under its own name, whatever the Makefile may have put there. */
static int take_product(struct build *b, const char *name, struct buf *ret, struct fault *f)
{
	char path[PATH_MAX];
	struct stat st;
	(void)snprintf(path, sizeof path, "%s/work/%s", box_root(b->box), name);
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0 ||
	    st.st_size > PROGRAM_MOST) {
		b->result.end = BUILD_NO_FILE;
		return 0;
	}
	while (ret->len < (size_t)st.st_size) {
		ssize_t n = read(fd, buf_room(ret, (size_t)st.st_size - ret->len),
				 (size_t)st.st_size - ret->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fault_set(f, FAULT_SYSTEM, n < 0 ? errno : EIO, "read the built program");
		ret->len += (size_t)n;
	}
	return 0;
}

static int run(const struct build_job *job, struct build *b, struct buf *product, struct fault *f)
{
	pid_t pid;
	pid_t inside;
	b->out_open[1] = b->out_open[2] = true;
	if (box_start(b->box, 0, &pid, &inside, f) < 0 || box_go(b->box, 0, f) < 0 || watch(b, f) < 0)
		return -1;
	/* nothing of the build runs on while its product is read */
	box_kill(b->box);
	while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
		continue;
	if (b->result.end != BUILD_MADE)
		return 0;
	return take_product(b, job->plan->product, product, f);
}

int build_run(const struct build_job *job, struct buf *ret, struct fault *f)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf product = { 0 };
	struct build b = { 0 };
	int64_t began = clock_now_us();
	if (enter(job, &a, &b, f) < 0 || run(job, &b, &product, f) < 0) {
		compiler_log_done(&b.log);
		return -1;
	}
	compiler_log_close(&b.log);
	struct bytes log = compiler_log_kept(&b.log, &a);
	const char *first = compiler_log_first_error(&b.log, &a);
	b.result.warnings = b.log.warnings;
	b.result.wall_us = clock_now_us() - began;
	b.result.log_len = log.len;
	b.result.first_error_len = first == NULL ? 0 : strlen(first);
	b.result.program_len = product.len;
	buf_add(ret, &b.result, sizeof b.result);
	buf_add(ret, log.at, log.len);
	buf_add(ret, first, b.result.first_error_len);
	buf_add(ret, product.at, product.len);
	compiler_log_done(&b.log);
	return 0;
}

int build_answer(struct bytes answer, struct build_result *ret, struct bytes *ret_log,
		 struct bytes *ret_first_error, struct bytes *ret_program, struct fault *f)
{
	struct build_result r;
	if (answer.len < sizeof r)
		return fault_set(f, FAULT_WORKER, 0, "a build's answer is cut short");
	memcpy(&r, answer.at, sizeof r);
	struct bytes rest = { answer.at + sizeof r, answer.len - sizeof r };
	if (r.log_len > rest.len || r.first_error_len > rest.len - r.log_len ||
	    r.program_len != rest.len - r.log_len - r.first_error_len)
		return fault_set(f, FAULT_WORKER, 0, "a build's answer does not add up");
	*ret = r;
	*ret_log = (struct bytes){ rest.at, r.log_len };
	*ret_first_error = (struct bytes){ rest.at + r.log_len, r.first_error_len };
	*ret_program = (struct bytes){ rest.at + r.log_len + r.first_error_len, r.program_len };
	return 0;
}

struct text2 build_message(struct arena *a, const struct build_result *r, const char *program,
			   struct bytes first_error)
{
	const char *error = arena_copy(a, first_error.at,
				       first_error.len); /* escaped by compiler_log already */
	switch ((enum build_end)r->end) {
	case BUILD_MADE:
		return say(a, "« %s » est construit.", "'%s' is built.", program);
	case BUILD_REFUSED:
		return say(a, "« %s » ne se compile pas. %s", "'%s' does not compile. %s", program, error);
	case BUILD_NO_FILE:
		return say(a, "La construction de « %s » n'a pas produit de fichier de ce nom. %s",
			   "Building '%s' made no file of that name. %s", program, error);
	case BUILD_TIMEOUT:
		return say(a, "La construction de « %s » n'en finit pas. %s",
			   "Building '%s' does not come to an end. %s", program, error);
	case BUILD_FLOOD:
		return say(a, "La construction de « %s » écrit sans fin. %s",
			   "Building '%s' writes without end. %s", program, error);
	}
	return say(a, "« %s » : %s", "'%s': %s", program, error);
}

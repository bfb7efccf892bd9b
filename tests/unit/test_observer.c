/*
 * What the observer says about programs that fork, exec, call, wait and end; and that they run as if nobody watched them.
 *
 * The programs are tests/unit/helpers/doer.c in its many ways. No box is needed: they are children of the test's, filtered.
 */
#include "helper_fixture.h"

#include "sandbox/observer/observer.h"

#include "base/clock.h"
#include "sandbox/box/filter.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { EVENTS_MOST = 20000, PROGRAM = 3, OTHER_PROGRAM = 5 };

struct seen {
	struct trace_event e;
	char call[32];
	int family, port;
};

static struct observer *observer;
static struct seen events[EVENTS_MOST];
static size_t n_events;
static int signals_fd;
static char said[4096]; /* by the program last started */
static size_t said_len;
static int said_fd;

static void remember(void *context, const struct trace_event *e)
{
	(void)context;
	ck_assert_uint_lt(n_events, EVENTS_MOST);
	struct seen *s = &events[n_events++];
	*s = (struct seen){ .e = *e };
	if (e->call == NULL)
		return;
	(void)snprintf(s->call, sizeof s->call, "%s", e->call->name);
	s->family = e->call->address.ss_family;
	if (s->family == AF_INET)
		s->port = ntohs(((const struct sockaddr_in *)&e->call->address)->sin_port);
	if (s->family == AF_INET6)
		s->port = ntohs(((const struct sockaddr_in6 *)&e->call->address)->sin6_port);
}

static void start(void)
{
	sigset_t child;
	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &child, NULL), 0);
	signals_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	observer = observer_new(remember, NULL);
	n_events = 0;
	said_len = 0;
}

static void end(void)
{
	observer_free(observer);
	(void)close(signals_fd);
	(void)close(said_fd);
}

struct held {
	pid_t pid;
	int go;
};

/* A child that becomes the doer with these words as soon as it is let go; its output is in `said`. */
static struct held hold(const char *a, const char *b, const char *c, unsigned watched)
{
	int out[2];
	int go[2];
	static struct filter filter;
	struct fault f;
	free(filter.program.filter);
	ck_assert_int_eq(filter_make(watched, &filter, &f), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(go, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0) {
		char x;
		const char *const argv[] = { "doer", a, b, c, NULL };
		sigset_t none;
		(void)sigemptyset(&none);
		(void)sigprocmask(SIG_SETMASK, &none, NULL);
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		(void)dup2(out[1], STDOUT_FILENO);
		if (read(go[0], &x, 1) == 1 && (watched == 0 || filter_load(&filter) == 0))
			(void)execv(helper_path, (char *const *)argv);
		_exit(99);
	}
	(void)close(out[1]);
	(void)close(go[0]);
	(void)fcntl(out[0], F_SETFL, O_NONBLOCK);
	said_fd = out[0];
	return (struct held){ pid, go[1] };
}

static void let_go(struct held h)
{
	ck_assert_int_eq(write(h.go, "g", 1), 1);
	(void)close(h.go);
}

static pid_t trace(const char *a, const char *b, const char *c, unsigned watched)
{
	struct fault f;
	struct held h = hold(a, b, c, watched);
	ck_assert_msg(observer_take(observer, h.pid, PROGRAM, &f) == 0, "%s", f.text);
	let_go(h);
	return h.pid;
}

/* Handles what happened; waits at most so long for more. */
static void pump(int wait_ms)
{
	struct fault f;
	struct signalfd_siginfo info[8];
	struct pollfd p[2] = { { .fd = signals_fd, .events = POLLIN }, { .fd = said_fd, .events = POLLIN } };
	(void)poll(p, 2, wait_ms);
	(void)!read(signals_fd, info, sizeof info);
	ck_assert_msg(observer_pump(observer, &f) == 0, "%s", f.text);
	for (;;) {
		ssize_t n = read(said_fd, said + said_len, sizeof said - 1 - said_len);
		if (n <= 0)
			break;
		said_len += (size_t)n;
	}
	said[said_len] = '\0';
}

/* Until every task has ended; the last words are read then too. */
static void pump_to_the_end(void)
{
	while (observer_tasks(observer, -1) > 0)
		pump(100);
	pump(0);
}

static void pump_until_said(const char *text)
{
	while (strstr(said, text) == NULL)
		pump(100);
}

static void run(const char *a, const char *b, const char *c, unsigned watched)
{
	(void)trace(a, b, c, watched);
	pump_to_the_end();
}

/* The next event of that kind at or after *from, which is moved past it; NULL: none. */
static const struct seen *next_event(enum trace_kind kind, size_t *from)
{
	while (*from < n_events) {
		const struct seen *s = &events[(*from)++];
		if (s->e.kind == kind)
			return s;
	}
	return NULL;
}

static const struct seen *only_event(enum trace_kind kind)
{
	size_t from = 0;
	const struct seen *first = next_event(kind, &from);
	ck_assert_ptr_nonnull(first);
	ck_assert_ptr_null(next_event(kind, &from));
	return first;
}

static size_t count(enum trace_kind kind, bool thread)
{
	size_t n = 0;
	for (size_t i = 0; i < n_events; i++)
		n += events[i].e.kind == kind && events[i].e.thread == thread;
	return n;
}

static const struct seen *exit_of(pid_t pid)
{
	for (size_t i = 0; i < n_events; i++)
		if (events[i].e.kind == TRACE_EXIT && events[i].e.tid == pid)
			return &events[i];
	ck_abort_msg("no end of %d was seen", pid);
}

/* ---- births and ends ---- */

static const char *const births[] = { "fork", "vfork", "clone", "silent-clone", "vfork-clone" };

START_TEST(a_birth_is_seen_with_the_right_pids)
{
	int parent;
	int child;
	run("birth", births[_i], NULL, 0);
	ck_assert_int_eq(sscanf(said, "%d %d", &parent, &child), 2);
	const struct seen *born = only_event(TRACE_BORN);
	ck_assert_int_eq(born->e.program, PROGRAM);
	ck_assert_int_eq(born->e.pid, parent);
	ck_assert_int_eq(born->e.tid, parent);
	ck_assert_int_eq(born->e.child, child);
	ck_assert(!born->e.thread);
	const struct seen *ended = exit_of(child);
	ck_assert_int_eq(ended->e.value, 5 << 8);
	ck_assert_int_eq(ended->e.pid, child);
	ck_assert_int_eq(ended->e.program, PROGRAM);
	ck_assert(born < ended);
	ck_assert_int_eq(exit_of(parent)->e.value, 3 << 8);
	ck_assert(ended < exit_of(parent));
}
END_TEST

START_TEST(an_exec_is_seen)
{
	pid_t pid = trace("exit", "9", NULL, 0);
	pump_to_the_end();
	ck_assert_int_eq(only_event(TRACE_EXEC)->e.pid, pid);
	ck_assert_int_eq(only_event(TRACE_EXIT)->e.value, 9 << 8);
	ck_assert_uint_eq(n_events, 2);
}
END_TEST

START_TEST(a_spawned_child_becomes_a_program)
{
	int parent;
	int child;
	run("spawned", NULL, NULL, 0);
	ck_assert_int_eq(sscanf(said, "%d %d", &parent, &child), 2);
	size_t from = 0;
	ck_assert_int_eq(next_event(TRACE_EXEC, &from)->e.pid, parent);
	ck_assert_int_eq(next_event(TRACE_BORN, &from)->e.child, child);
	ck_assert_int_eq(next_event(TRACE_EXEC, &from)->e.pid, child);
	ck_assert_int_eq(exit_of(child)->e.value, 0);
}
END_TEST

START_TEST(children_of_children_are_the_programs)
{
	run("generations", "6", NULL, 0);
	ck_assert_uint_eq(count(TRACE_BORN, false), 6);
	ck_assert_uint_eq(count(TRACE_EXEC, false), 7);
	ck_assert_uint_eq(count(TRACE_EXIT, false), 7);
	for (size_t i = 0; i < n_events; i++)
		ck_assert_int_eq(events[i].e.program, PROGRAM);
}
END_TEST

START_TEST(a_child_that_outlives_its_parent_stays_the_programs)
{
	int grandchild;
	(void)trace("orphan", NULL, NULL, 0);
	while (observer_tasks(observer, PROGRAM) != 1 || strstr(said, "ready") == NULL)
		pump(100);
	ck_assert_int_eq(sscanf(said, "%d", &grandchild), 1);
	ck_assert_int_eq(kill(grandchild, SIGTERM), 0);
	pump_to_the_end();
	ck_assert_int_eq(exit_of(grandchild)->e.value, SIGTERM);
	ck_assert_int_eq(exit_of(grandchild)->e.program, PROGRAM);
}
END_TEST

START_TEST(two_programs_are_kept_apart)
{
	struct fault f;
	struct held other = hold("wait", "pause", NULL, 0);
	int other_said = said_fd;
	(void)trace("tree", "2", NULL, 0);
	ck_assert_int_eq(observer_take(observer, other.pid, OTHER_PROGRAM, &f), 0);
	let_go(other);
	while (observer_tasks(observer, PROGRAM) > 0)
		pump(100);
	ck_assert_uint_eq(observer_tasks(observer, OTHER_PROGRAM), 1);
	ck_assert_uint_eq(observer_tasks(observer, -1), 1);
	ck_assert_int_eq(kill(other.pid, SIGKILL), 0);
	pump_to_the_end();
	(void)close(other_said);
	ck_assert_int_eq(exit_of(other.pid)->e.program, OTHER_PROGRAM);
	for (size_t i = 0; i < n_events; i++)
		ck_assert_int_eq(events[i].e.program, events[i].e.pid == other.pid ? OTHER_PROGRAM : PROGRAM);
}
END_TEST

static void collect(void *context, pid_t pid)
{
	*(pid_t *)context += pid;
}

START_TEST(each_process_is_named_once_however_many_threads_it_has)
{
	pid_t sum = 0;
	pid_t pid = trace("wait", "join", NULL, 0);
	while (observer_tasks(observer, PROGRAM) != 2)
		pump(100);
	observer_each_process(observer, PROGRAM, collect, &sum);
	ck_assert_int_eq(sum, pid);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	pump_to_the_end();
}
END_TEST

START_TEST(a_bomb_of_62_is_seen_whole)
{
	run("tree", "5", NULL, 0);
	ck_assert_uint_eq(count(TRACE_BORN, false), 62);
	ck_assert_uint_eq(count(TRACE_EXIT, false), 63);
}
END_TEST

/* ---- threads ---- */

START_TEST(threads_are_seen_as_threads)
{
	pid_t pid = trace("threads", "3", NULL, 0);
	pump_to_the_end();
	ck_assert_uint_eq(count(TRACE_BORN, true), 3);
	ck_assert_uint_eq(count(TRACE_EXIT, true), 3);
	for (size_t i = 0; i < n_events; i++)
		ck_assert_int_eq(events[i].e.pid, pid);
	ck_assert_int_eq(exit_of(pid)->e.value, 4 << 8);
	ck_assert(!exit_of(pid)->e.thread);
}
END_TEST

START_TEST(two_thousand_threads_are_born_and_end)
{
	pid_t pid = trace("threads", "2000", NULL, 0);
	pump_to_the_end();
	ck_assert_uint_eq(count(TRACE_BORN, true), 2000);
	ck_assert_uint_eq(count(TRACE_EXIT, true), 2000);
	ck_assert_int_eq(exit_of(pid)->e.value, 4 << 8);
}
END_TEST

START_TEST(an_exec_by_a_thread_leaves_one_task_with_the_process_pid)
{
	pid_t pid = trace("thread-exec", NULL, NULL, 0);
	pump_to_the_end();
	size_t from = 0;
	ck_assert_int_eq(next_event(TRACE_EXEC, &from)->e.pid, pid);
	const struct seen *second = next_event(TRACE_EXEC, &from);
	ck_assert_ptr_nonnull(second);
	ck_assert_int_eq(second->e.pid, pid);
	ck_assert_int_eq(second->e.tid, pid);
	ck_assert_uint_eq(count(TRACE_BORN, true), 4);
	ck_assert_int_eq(events[n_events - 1].e.kind, TRACE_EXIT);
	ck_assert_int_eq(events[n_events - 1].e.tid, pid);
	ck_assert_int_eq(events[n_events - 1].e.value, 7 << 8);
	ck_assert_uint_eq(count(TRACE_EXIT, false), 1);
	ck_assert_uint_eq(count(TRACE_OTHER, false), 0);
}
END_TEST

START_TEST(a_process_ends_with_its_last_thread_not_with_its_first)
{
	pid_t pid = trace("leader-first", NULL, NULL, 0);
	pump_to_the_end();
	ck_assert_uint_eq(count(TRACE_EXIT, false), 1);
	ck_assert_int_eq(exit_of(pid)->e.value, 6 << 8);
	ck_assert_ptr_eq(exit_of(pid), &events[n_events - 1]);
}
END_TEST

/* ---- signals ---- */

START_TEST(signals_somebody_listens_to_are_seen)
{
	pid_t pid = trace("signals", NULL, NULL, 0);
	pump_to_the_end();
	size_t from = 0;
	/* not USR2, which is ignored, nor URG, which is ignored by default */
	static const int expected[] = { SIGUSR1, SIGCONT, SIGWINCH, SIGTERM };
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		const struct seen *s = next_event(TRACE_SIGNAL, &from);
		ck_assert_ptr_nonnull(s);
		ck_assert_int_eq(s->e.value, expected[i]);
		ck_assert_int_eq(s->e.pid, pid);
	}
	ck_assert_ptr_null(next_event(TRACE_SIGNAL, &from));
	ck_assert_str_eq(said, "2\n");
	ck_assert_int_eq(exit_of(pid)->e.value, SIGTERM);
}
END_TEST

static char state_of(pid_t pid)
{
	char path[64];
	char stat[1024];
	(void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, stat, sizeof stat - 1);
	if (n <= 0)
		return 'X';
	stat[n] = '\0';
	return strrchr(stat, ')')[2];
}

/* Lines that the program has printed. */
static int lines_said(void)
{
	int n = 0;
	for (const char *at = said; (at = strstr(at, "line\n")) != NULL; at++)
		n++;
	return n;
}

START_TEST(a_program_that_is_stopped_stops_until_it_is_continued)
{
	pid_t pid = trace("lines", NULL, NULL, WATCH_WAITS);
	pump_until_said("ready");
	for (int round = 1; round <= 3; round++) {
		ck_assert_int_eq(kill(pid, SIGSTOP), 0);
		for (char s = 0; s != 'T' && s != 't'; s = state_of(pid))
			pump(10);
		/* a signal that waits for it, and that it gets only afterwards */
		ck_assert_int_eq(kill(pid, SIGUSR1), 0);
		for (int i = 0; i < 20; i++)
			pump(1);
		ck_assert_int_eq(lines_said(), round - 1);
		ck_assert_int_eq(kill(pid, SIGCONT), 0);
		while (lines_said() < round)
			pump(100);
	}
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	pump_to_the_end();
	ck_assert_int_eq(exit_of(pid)->e.value, SIGKILL);
}
END_TEST

START_TEST(a_stopped_program_can_be_killed)
{
	pid_t pid = trace("wait", "stop", NULL, 0);
	pump_until_said("ready");
	for (char s = 0; s != 'T' && s != 't'; s = state_of(pid))
		pump(10);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	pump_to_the_end();
	ck_assert_int_eq(exit_of(pid)->e.value, SIGKILL);
}
END_TEST

START_TEST(a_parent_learns_that_its_child_was_stopped_and_continued)
{
	run("stop-child", NULL, NULL, 0);
	ck_assert_str_eq(said, "stopped 19\ncontinued\nstopped 20\nkilled 9\n");
}
END_TEST

/* ---- zombies ---- */

static struct sleep_look look_at(int program)
{
	struct sleep_look look;
	observer_look(observer, program, &look);
	return look;
}

START_TEST(zombies_are_counted_until_they_are_reaped)
{
	pid_t pid = trace("zombies", "5", NULL, 0);
	pump_until_said("ready");
	ck_assert_uint_eq(look_at(PROGRAM).zombies, 5);
	ck_assert_uint_eq(look_at(-1).zombies, 5);
	ck_assert_uint_eq(look_at(OTHER_PROGRAM).zombies, 0);
	ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	pump_until_said("reaped");
	ck_assert_uint_eq(look_at(PROGRAM).zombies, 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	pump_to_the_end();
}
END_TEST

START_TEST(zombies_of_a_parent_that_ended_are_not_its_fault)
{
	pid_t pid = trace("zombies", "5", NULL, 0);
	pump_until_said("ready");
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	pump_to_the_end();
	ck_assert_uint_eq(look_at(-1).zombies, 0);
}
END_TEST

START_TEST(children_that_nobody_need_wait_for_are_no_zombies)
{
	pid_t pid = trace("nobodys-zombies", NULL, NULL, 0);
	pump_until_said("ready");
	ck_assert_uint_eq(look_at(PROGRAM).zombies, 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	pump_to_the_end();
}
END_TEST

/* ---- calls ---- */

static const struct {
	const char *call;
	int64_t result;
	int family, port; /* port -1: the one that the program says */
} expected_calls[] = {
	{ "bind", 0, AF_INET, 0 },          { "bind", -EINVAL, AF_INET, 4444 },
	{ "bind", 0, AF_INET, 0 },          { "sendto", 5, AF_INET, -1 },
	{ "connect", 0, AF_INET, -1 },      { "sendto", 3, 0, 0 },
	{ "listen", -EOPNOTSUPP, 0, 0 },    { "sendto", -EBADF, AF_INET, 53 },
	{ "bind", -EBADF, AF_INET6, 5353 }, { "connect", -ENOENT, AF_UNIX, 0 },
	{ "bind", -EFAULT, 0, 0 },          { "bind", -EINVAL, 0, 0 },
	{ "sendmsg", -EBADF, AF_INET, 53 }, { "sendmsg", -EFAULT, 0, 0 },
	{ "setsockopt", 0, 0, 0 },          { "alarm", 0, 0, 0 },
};

static void ck_calls(unsigned watched)
{
	pid_t pid = trace("calls", NULL, NULL, watched);
	size_t from = 0;
	pump_to_the_end();
	int port = atoi(said);
	for (size_t i = 0; i < ARRAY_SIZE(expected_calls); i++) {
		const struct seen *s = next_event(TRACE_CALL, &from);
		ck_assert_msg(s != NULL, "call %zu (%s) was not seen", i, expected_calls[i].call);
		ck_assert_str_eq(s->call, expected_calls[i].call);
		ck_assert_msg(s->e.value == expected_calls[i].result, "call %zu (%s): %lld", i, s->call,
			      (long long)s->e.value);
		ck_assert_msg(s->family == expected_calls[i].family, "call %zu (%s): family %d", i, s->call,
			      s->family);
		ck_assert_msg(s->port == (expected_calls[i].port < 0 ? port : expected_calls[i].port),
			      "call %zu (%s): port %d", i, s->call, s->port);
		ck_assert_int_eq(s->e.pid, pid);
		ck_assert_int_eq(s->e.program, PROGRAM);
	}
	ck_assert_ptr_null(next_event(TRACE_CALL, &from));
	ck_assert_int_eq(exit_of(pid)->e.value, 0);
}

START_TEST(watched_calls_are_seen_with_results_and_addresses)
{
	ck_calls(WATCH_NAMES | WATCH_SENDS | WATCH_TIMERS);
}
END_TEST

START_TEST(calls_watched_for_their_waiting_are_no_events)
{
	ck_calls(WATCH_NAMES | WATCH_SENDS | WATCH_TIMERS | WATCH_WAITS | WATCH_CLOCKS);
}
END_TEST

START_TEST(calls_that_are_not_watched_are_not_seen)
{
	run("calls", NULL, NULL, WATCH_SENDS);
	size_t from = 0;
	size_t n = 0;
	for (const struct seen *s; (s = next_event(TRACE_CALL, &from)) != NULL; n++)
		ck_assert_int_eq(strncmp(s->call, "send", 4), 0);
	ck_assert_uint_eq(n, 5);
}
END_TEST

/* ---- as if nobody watched ---- */

static const char *const interruptible[] = { "read",           "recv",         "recv-timeout",
					     "poll",           "poll-timeout", "select",
					     "select-timeout", "epoll",        "epoll-timeout" };
static const char *const dispositions[] = { "default", "handled", "restarted", "ignored" };

/* What the doer says when nobody traces it. */
static const char *untraced(const char *a, const char *b, const char *c)
{
	static char text[200];
	struct held h = hold(a, b, c, 0);
	let_go(h);
	while (waitpid(h.pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	ssize_t n = read(said_fd, text, sizeof text - 1);
	(void)close(said_fd);
	text[MAX(n, (ssize_t)0)] = '\0';
	return text;
}

START_TEST(a_child_that_ends_interrupts_a_call_only_where_it_would_untraced)
{
	const char *way = interruptible[(size_t)_i / ARRAY_SIZE(dispositions)];
	const char *how = dispositions[(size_t)_i % ARRAY_SIZE(dispositions)];
	const char *expected = untraced("interrupted", way, how);
	run("interrupted", way, how, WATCH_NAMES | WATCH_TIMERS);
	ck_assert_msg(strcmp(said, expected) == 0, "%s with SIGCHLD %s: untraced %straced %s", way, how,
		      expected, said);
}
END_TEST

START_TEST(a_watched_wait_is_interrupted_only_where_it_would_untraced)
{
	const char *way = interruptible[(size_t)_i / ARRAY_SIZE(dispositions)];
	const char *how = dispositions[(size_t)_i % ARRAY_SIZE(dispositions)];
	const char *expected = untraced("interrupted", way, how);
	run("interrupted", way, how, WATCH_NAMES | WATCH_TIMERS | WATCH_WAITS | WATCH_CLOCKS);
	ck_assert_msg(strcmp(said, expected) == 0, "%s with SIGCHLD %s: untraced %straced %s", way, how,
		      expected, said);
}
END_TEST

/* ---- asleep ---- */

static const struct {
	const char *way;
	enum sleep_state state;
	const char *where; /* NULL: one of several tasks' */
} sleepers[] = {
	{ "read", SLEEP_FOREVER, "read" },
	{ "recv", SLEEP_FOREVER, "recvfrom" },
	{ "recv-timeout", SLEEP_TIMED, "recvfrom" },
	{ "poll", SLEEP_FOREVER, "poll" },
	{ "poll-timeout", SLEEP_TIMED, "poll" },
	{ "select", SLEEP_FOREVER, "select" },
	{ "select-timeout", SLEEP_TIMED, "select" },
	{ "epoll", SLEEP_FOREVER, "epoll_wait" },
	{ "epoll-timeout", SLEEP_TIMED, "epoll_wait" },
	{ "futex", SLEEP_FOREVER, "futex" },
	{ "futex-timeout", SLEEP_TIMED, "futex" },
	{ "nanosleep", SLEEP_TIMED, "nanosleep" },
	{ "sigwait", SLEEP_FOREVER, "rt_sigtimedwait" },
	{ "sigwait-timeout", SLEEP_TIMED, "rt_sigtimedwait" },
	{ "pause", SLEEP_FOREVER, "pause" },
	{ "alarm", SLEEP_TIMED, "pause" },
	{ "itimer", SLEEP_TIMED, "read" },
	{ "timerfd", SLEEP_TIMED, "read" },
	{ "accept", SLEEP_FOREVER, "accept" },
	{ "wait", SLEEP_FOREVER, NULL },
	{ "wait-for-sleeper", SLEEP_TIMED, NULL },
	{ "join", SLEEP_FOREVER, NULL },
	{ "join-of-sleeper", SLEEP_TIMED, NULL },
	{ "stop", SLEEP_FOREVER, "SIGSTOP" },
};

static void kill_one(void *context, pid_t pid)
{
	(void)context;
	(void)kill(pid, SIGKILL);
}

static void kill_all(void)
{
	observer_each_process(observer, -1, kill_one, NULL);
	pump_to_the_end();
}

static void ck_sleeper(int row, unsigned watched)
{
	(void)trace("wait", sleepers[row].way, NULL, watched);
	struct sleep_look look = { 0 };
	struct sleep_look before;
	pump_until_said("ready");
	/* until two looks agree: then every task has slept from the one to the other */
	int64_t deadline = clock_now_us() + 20000000;
	do {
		before = look;
		pump(1);
		look = look_at(PROGRAM);
		ck_assert_msg(clock_now_us() < deadline, "%s: state %d, in '%s'", sleepers[row].way,
			      look.state, look.where);
	} while (look.state != sleepers[row].state || before.state != look.state ||
		 before.switches != look.switches ||
		 (sleepers[row].where != NULL && strcmp(look.where, sleepers[row].where) != 0));
	/* and so it stays */
	for (int i = 0; i < 10; i++) {
		pump(1);
		ck_assert_int_eq(look_at(PROGRAM).state, sleepers[row].state);
	}
	ck_assert_str_ne(look.where, "");
	kill_all();
}

START_TEST(a_sleeper_is_told_by_what_could_wake_it)
{
	ck_sleeper(_i, WATCH_TIMERS);
}
END_TEST

START_TEST(a_sleeper_in_a_watched_call_is_told_the_same)
{
	ck_sleeper(_i, WATCH_NAMES | WATCH_TIMERS | WATCH_WAITS | WATCH_CLOCKS);
}
END_TEST

static const char *const awake[] = { "spin", "join-of-spinner" };

START_TEST(who_computes_is_awake)
{
	pid_t pid = trace("wait", awake[_i], NULL, WATCH_TIMERS);
	int64_t used = 0;
	pump_until_said("ready");
	/* until it has computed for a while */
	while (used < 30000000) {
		pump(1);
		used = look_at(PROGRAM).cpu_ns;
	}
	for (int i = 0; i < 20; i++) {
		pump(1);
		ck_assert_int_eq(look_at(PROGRAM).state, SLEEP_AWAKE);
	}
	ck_assert_int_gt(look_at(PROGRAM).cpu_ns, used);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	pump_to_the_end();
}
END_TEST

START_TEST(who_wakes_up_between_two_looks_is_found_out)
{
	pid_t pid = trace("lines", NULL, NULL, 0);
	pump_until_said("ready");
	struct sleep_look before = look_at(PROGRAM);
	ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	while (lines_said() < 1)
		pump(100);
	ck_assert_uint_ne(look_at(PROGRAM).switches, before.switches);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	pump_to_the_end();
}
END_TEST

/* ---- the observer itself ---- */

START_TEST(a_child_that_is_not_traced_is_told_apart)
{
	said_fd = -1;
	pid_t pid = fork();
	if (pid == 0)
		_exit(2);
	while (n_events == 0)
		pump(100);
	ck_assert_int_eq(only_event(TRACE_OTHER)->e.pid, pid);
	ck_assert_int_eq(events[0].e.program, -1);
	ck_assert_int_eq(events[0].e.value, 2 << 8);
}
END_TEST

START_TEST(a_process_that_is_gone_cannot_be_taken)
{
	struct fault f;
	said_fd = -1;
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(observer_take(observer, pid, PROGRAM, &f), -1);
	ck_assert_int_eq(f.error, ESRCH);
	ck_assert_uint_eq(observer_tasks(observer, -1), 0);
}
END_TEST

START_TEST(programs_die_with_their_observer)
{
	int told[2];
	ck_assert_int_eq(pipe2(told, O_CLOEXEC), 0);
	pid_t tracer = fork();
	if (tracer == 0) {
		pid_t pid = trace("wait", "wait", NULL, 0);
		while (observer_tasks(observer, -1) != 2)
			pump(100);
		(void)!write(told[1], &pid, sizeof pid);
		for (;;)
			pump(1000);
	}
	pid_t pid;
	ck_assert_int_eq(read(told[0], &pid, sizeof pid), sizeof pid);
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	ck_assert_int_ge(pidfd, 0);
	ck_assert_int_eq(kill(tracer, SIGKILL), 0);
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	ck_assert_int_eq(poll(&p, 1, -1), 1);
	(void)close(pidfd);
	ck_assert_int_eq(waitpid(tracer, NULL, 0), tracer);
	said_fd = -1;
}
END_TEST

static TCase *case_of(Suite *suite, const char *name)
{
	TCase *t = tcase_create(name);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, start, end);
	suite_add_tcase(suite, t);
	return t;
}

static void add_births(Suite *suite)
{
	TCase *t = case_of(suite, "births");
	tcase_add_loop_test(t, a_birth_is_seen_with_the_right_pids, 0, (int)ARRAY_SIZE(births));
	tcase_add_test(t, an_exec_is_seen);
	tcase_add_test(t, a_spawned_child_becomes_a_program);
	tcase_add_test(t, children_of_children_are_the_programs);
	tcase_add_test(t, a_child_that_outlives_its_parent_stays_the_programs);
	tcase_add_test(t, two_programs_are_kept_apart);
	tcase_add_test(t, each_process_is_named_once_however_many_threads_it_has);
	tcase_add_test(t, a_bomb_of_62_is_seen_whole);
	tcase_add_test(t, threads_are_seen_as_threads);
	tcase_add_test(t, two_thousand_threads_are_born_and_end);
	tcase_add_test(t, an_exec_by_a_thread_leaves_one_task_with_the_process_pid);
	tcase_add_test(t, a_process_ends_with_its_last_thread_not_with_its_first);
}

static void add_signals(Suite *suite)
{
	TCase *t = case_of(suite, "signals");
	tcase_add_test(t, signals_somebody_listens_to_are_seen);
	tcase_add_test(t, a_program_that_is_stopped_stops_until_it_is_continued);
	tcase_add_test(t, a_stopped_program_can_be_killed);
	tcase_add_test(t, a_parent_learns_that_its_child_was_stopped_and_continued);
	tcase_add_test(t, zombies_are_counted_until_they_are_reaped);
	tcase_add_test(t, zombies_of_a_parent_that_ended_are_not_its_fault);
	tcase_add_test(t, children_that_nobody_need_wait_for_are_no_zombies);
}

static void add_calls(Suite *suite)
{
	const int n = (int)(ARRAY_SIZE(interruptible) * ARRAY_SIZE(dispositions));
	TCase *t = case_of(suite, "calls");
	tcase_add_test(t, watched_calls_are_seen_with_results_and_addresses);
	tcase_add_test(t, calls_watched_for_their_waiting_are_no_events);
	tcase_add_test(t, calls_that_are_not_watched_are_not_seen);
	tcase_add_loop_test(t, a_child_that_ends_interrupts_a_call_only_where_it_would_untraced, 0, n);
	tcase_add_loop_test(t, a_watched_wait_is_interrupted_only_where_it_would_untraced, 0, n);
	t = case_of(suite, "asleep");
	tcase_add_loop_test(t, a_sleeper_is_told_by_what_could_wake_it, 0, (int)ARRAY_SIZE(sleepers));
	tcase_add_loop_test(t, a_sleeper_in_a_watched_call_is_told_the_same, 0, (int)ARRAY_SIZE(sleepers));
	tcase_add_loop_test(t, who_computes_is_awake, 0, (int)ARRAY_SIZE(awake));
	tcase_add_test(t, who_wakes_up_between_two_looks_is_found_out);
	t = case_of(suite, "the observer");
	tcase_add_test(t, a_child_that_is_not_traced_is_told_apart);
	tcase_add_test(t, a_process_that_is_gone_cannot_be_taken);
	tcase_add_test(t, programs_die_with_their_observer);
}

int main(void)
{
	if (!helper_compile("doer"))
		return EXIT_FAILURE;
	Suite *suite = suite_create("observer");
	add_births(suite);
	add_signals(suite);
	add_calls(suite);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	helper_clean();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

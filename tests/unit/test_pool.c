/* Workers that answer, fail, die, dawdle and say too much: each costs its own job and no other. */
#include "run/pool.h"

#include "base/clock.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { PATIENCE_US = 60 * 1000000, SLOTS = 4 };

static struct pool *pool;
static struct pool_result result;
static struct fault fault;

static void start(void)
{
	pool = pool_new(SLOTS, PATIENCE_US);
}

static void end(void)
{
	pool_free(pool);
}

/* Runs one job in slot 0 to its end. */
static void run(worker_fn *fn, void *job)
{
	bool any;
	ck_assert_int_eq(pool_start(pool, 0, fn, job, &fault), 0);
	ck_assert_int_eq(pool_wait(pool, -1, -1, &result, &any, &fault), 0);
	ck_assert(any);
	ck_assert_ptr_eq(result.job, job);
	ck_assert_int_eq(pool_running(pool), 0);
}

/* ---- answers ---- */

static int echo(void *job, int slot, struct buf *ret, struct fault *f)
{
	const struct bytes *b = job;
	(void)slot;
	(void)f;
	buf_add(ret, b->at, b->len);
	return 0;
}

static char large[300000];

static const struct bytes answers[] = {
	BYTES_LITERAL("answer"), { NULL, 0 }, BYTES_LITERAL("a\0b\0"), BYTES_LITERAL("f"),
	{ large, sizeof large },
};

START_TEST(a_worker_answers_byte_for_byte)
{
	for (size_t i = 0; i < sizeof large; i++)
		large[i] = (char)(i * 7 + i / 999);
	struct bytes job = answers[_i];
	run(echo, &job);
	ck_assert(result.ok);
	ck_assert(bytes_equal(result.answer, job));
	ck_assert_int_ge(result.wall_us, 0);
}
END_TEST

static int tell_slot(void *job, int slot, struct buf *ret, struct fault *f)
{
	(void)job;
	(void)f;
	buf_printf(ret, "%d", slot);
	return 0;
}

START_TEST(a_worker_knows_its_slot)
{
	bool any;
	ck_assert_int_eq(pool_start(pool, 2, tell_slot, NULL, &fault), 0);
	ck_assert_int_eq(pool_wait(pool, -1, -1, &result, &any, &fault), 0);
	ck_assert(bytes_equal(result.answer, BYTES_LITERAL("2")));
}
END_TEST

START_TEST(an_answer_is_good_until_the_next_one)
{
	struct bytes one = BYTES_LITERAL("one");
	struct bytes two = BYTES_LITERAL("two");
	run(echo, &one);
	struct bytes first = result.answer;
	ck_assert(bytes_equal(first, one));
	run(echo, &two);
	ck_assert(bytes_equal(result.answer, two));
}
END_TEST

/* ---- faults ---- */

static int fails(void *job, int slot, struct buf *ret, struct fault *f)
{
	(void)job;
	(void)slot;
	buf_puts(ret, "half an answer");
	return fault_set(f, FAULT_WORLD, ENOSPC, "the case '%s'", "x");
}

START_TEST(a_fault_of_a_worker_is_the_jobs)
{
	run(fails, NULL);
	ck_assert(!result.ok);
	ck_assert_int_eq(result.fault.kind, FAULT_WORLD);
	ck_assert_int_eq(result.fault.error, ENOSPC);
	ck_assert_str_eq(result.fault.text, "the case 'x': No space left on device");
}
END_TEST

static int kills_itself(void *job, int slot, struct buf *ret, struct fault *f)
{
	(void)job;
	(void)slot;
	(void)f;
	buf_puts(ret, "never said");
	(void)raise(SIGKILL);
	return 0;
}

static _Noreturn int exits(void *job, int slot, struct buf *ret, struct fault *f)
{
	(void)slot;
	(void)ret;
	(void)f;
	_exit(*(int *)job);
}

static int terminated(void *job, int slot, struct buf *ret, struct fault *f)
{
	(void)job;
	(void)slot;
	(void)ret;
	(void)f;
	(void)raise(SIGTERM);
	return 0;
}

static int status_0 = 0;
static int status_70 = 70;

static const struct {
	worker_fn *fn;
	void *job;
	const char *text;
} deaths[] = {
	{ kills_itself, NULL, "a worker was killed by signal 9" },
	{ terminated, NULL, "a worker was killed by signal 15" },
	{ exits, &status_0, "a worker ended with status 0 and no answer" },
	{ exits, &status_70, "a worker ended with status 70 and no answer" },
};

START_TEST(a_worker_that_dies_is_a_fault_of_its_job)
{
	run(deaths[_i].fn, deaths[_i].job);
	ck_assert(!result.ok);
	ck_assert_int_eq(result.fault.kind, FAULT_WORKER);
	ck_assert_str_eq(result.fault.text, deaths[_i].text);
}
END_TEST

/* The pipe to the pool, which a worker has no business to know: the only pipe it can write to that nobody gave it. */
static _Noreturn int forged(void *job, int slot, struct buf *ret, struct fault *f)
{
	const char *said = job;
	(void)slot;
	(void)ret;
	(void)f;
	for (int fd = 3; fd < 256; fd++)
		if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY && fcntl(fd, F_GETPIPE_SZ) > 0)
			(void)!write(fd, said, strlen(said));
	_exit(0);
}

static const char *const forgeries[] = { "f", "fault", "x", "f0123456789" };

START_TEST(an_answer_that_makes_no_sense_is_a_fault)
{
	char text[20];
	(void)snprintf(text, sizeof text, "%s", forgeries[_i]);
	run(forged, text);
	ck_assert(!result.ok);
	ck_assert_int_eq(result.fault.kind, FAULT_WORKER);
	ck_assert_str_eq(result.fault.text, "a worker's answer makes no sense");
}
END_TEST

static int says_too_much(void *job, int slot, struct buf *ret, struct fault *f)
{
	const size_t far_too_much = (size_t)300 << 20;
	(void)job;
	(void)slot;
	(void)f;
	(void)buf_room(ret, far_too_much);
	ret->len += far_too_much;
	return 0;
}

START_TEST(a_worker_that_says_too_much_is_killed)
{
	run(says_too_much, NULL);
	ck_assert(!result.ok);
	ck_assert_int_eq(result.fault.kind, FAULT_WORKER);
	ck_assert_ptr_nonnull(strstr(result.fault.text, "said too much"));
}
END_TEST

/* Waits for what never comes. */
static _Noreturn int waits(void *job, int slot, struct buf *ret, struct fault *f)
{
	(void)job;
	(void)slot;
	(void)ret;
	(void)f;
	for (;;)
		(void)pause();
}

START_TEST(a_worker_that_takes_too_long_is_killed)
{
	pool_free(pool);
	pool = pool_new(SLOTS, 50000);
	run(waits, NULL);
	ck_assert(!result.ok);
	ck_assert_int_eq(result.fault.kind, FAULT_WORKER);
	ck_assert_ptr_nonnull(strstr(result.fault.text, "longer than"));
	ck_assert_int_ge(result.wall_us, 50000);
}
END_TEST

START_TEST(one_that_takes_too_long_does_not_hurt_another)
{
	struct bytes job = BYTES_LITERAL("x");
	bool any;
	pool_free(pool);
	pool = pool_new(SLOTS, 2000000);
	ck_assert_int_eq(pool_start(pool, 0, waits, NULL, &fault), 0);
	ck_assert_int_eq(pool_start(pool, 1, kills_itself, &status_0, &fault), 0);
	ck_assert_int_eq(pool_start(pool, 2, echo, &job, &fault), 0);
	int answered = 0;
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(pool_wait(pool, -1, -1, &result, &any, &fault), 0);
		ck_assert(any);
		answered += result.ok;
		if (result.ok)
			ck_assert_ptr_eq(result.job, &job);
	}
	ck_assert_int_eq(answered, 1);
	ck_assert_int_eq(pool_running(pool), 0);
}
END_TEST

/* ---- the world of a worker ---- */

static int tell_group(void *job, int slot, struct buf *ret, struct fault *f)
{
	(void)job;
	(void)slot;
	(void)f;
	buf_printf(ret, "%s", getpgrp() == getpid() ? "its own" : "another's");
	return 0;
}

START_TEST(a_worker_leads_a_group_of_its_own)
{
	run(tell_group, NULL);
	ck_assert(bytes_equal(result.answer, BYTES_LITERAL("its own")));
}
END_TEST

/* Says that it is there, then answers when it is told to. */
struct dialogue {
	int told[2], go[2];
};

static int answers_when_told(void *job, int slot, struct buf *ret, struct fault *f)
{
	const struct dialogue *d = job;
	char c = 'x';
	(void)slot;
	(void)f;
	(void)!write(d->told[1], &c, 1);
	if (read(d->go[0], &c, 1) == 1)
		buf_puts(ret, "survived");
	return 0;
}

static struct dialogue dialogue_new(void)
{
	struct dialogue d;
	ck_assert_int_eq(pipe2(d.told, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(d.go, O_CLOEXEC), 0);
	return d;
}

static void wait_until_told(const struct dialogue *d)
{
	char c;
	ck_assert_int_eq(read(d->told[0], &c, 1), 1);
}

START_TEST(ctrl_c_on_the_terminal_does_not_reach_workers)
{
	struct dialogue d = dialogue_new();
	bool any;
	(void)signal(SIGINT, SIG_IGN);
	ck_assert_int_eq(pool_start(pool, 0, answers_when_told, &d, &fault), 0);
	wait_until_told(&d);
	ck_assert_int_eq(kill(0, SIGINT), 0); /* to this group, as a terminal would */
	ck_assert_int_eq(write(d.go[1], "g", 1), 1);
	ck_assert_int_eq(pool_wait(pool, -1, -1, &result, &any, &fault), 0);
	ck_assert(result.ok);
	ck_assert(bytes_equal(result.answer, BYTES_LITERAL("survived")));
}
END_TEST

static int tell_signals(void *job, int slot, struct buf *ret, struct fault *f)
{
	(void)job;
	(void)slot;
	(void)f;
	static const int all[] = { SIGINT, SIGTERM, SIGPIPE };
	sigset_t blocked;
	(void)sigprocmask(SIG_BLOCK, NULL, &blocked);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct sigaction now;
		(void)sigaction(all[i], NULL, &now);
		buf_printf(ret, "%s%s ",
			   now.sa_handler == SIG_DFL   ? "default"
			   : now.sa_handler == SIG_IGN ? "ignored"
						       : "handled",
			   sigismember(&blocked, all[i]) ? ", blocked" : "");
	}
	return 0;
}

static void nothing(int signal)
{
	(void)signal;
}

START_TEST(a_worker_does_not_inherit_handlers_or_a_mask)
{
	sigset_t all;
	(void)signal(SIGINT, nothing);
	(void)signal(SIGTERM, nothing);
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
	run(tell_signals, NULL);
	ck_assert_msg(bytes_equal(result.answer, BYTES_LITERAL("default default ignored ")), "%.*s",
		      (int)result.answer.len, result.answer.at);
}
END_TEST

/* A pipe whose writing end only workers hold: its end is theirs. */
static int lifeline_new(void)
{
	int fds[2];
	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	ck_assert_int_eq(pool_start(pool, 0, waits, NULL, &fault), 0);
	ck_assert_int_eq(pool_start(pool, 1, waits, NULL, &fault), 0);
	(void)close(fds[1]);
	return fds[0];
}

START_TEST(freeing_a_pool_ends_its_workers)
{
	char c;
	int fd = lifeline_new();
	pool_free(pool);
	pool = NULL;
	ck_assert_int_eq(read(fd, &c, 1), 0);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

START_TEST(workers_die_with_the_grader)
{
	int fds[2];
	char c;
	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	pid_t grader = fork();
	if (grader == 0) {
		bool any;
		(void)close(fds[0]);
		if (pool_start(pool, 0, waits, NULL, &fault) == 0 && write(fds[1], "x", 1) == 1 &&
		    pool_wait(pool, -1, -1, &result, &any, &fault) == 0)
			_exit(0);
		_exit(1);
	}
	(void)close(fds[1]);
	ck_assert_int_eq(read(fds[0], &c, 1), 1);
	ck_assert_int_eq(kill(grader, SIGKILL), 0);
	ck_assert_int_eq(waitpid(grader, NULL, 0), grader);
	ck_assert_int_eq(read(fds[0], &c, 1), 0);
}
END_TEST

/* ---- waiting ---- */

START_TEST(waiting_ends_when_a_descriptor_is_readable)
{
	struct dialogue d = dialogue_new();
	bool any = true;
	ck_assert_int_eq(pool_start(pool, 0, answers_when_told, &d, &fault), 0);
	ck_assert_int_eq(pool_wait(pool, d.told[0], -1, &result, &any, &fault), 0);
	ck_assert(!any);
	ck_assert_int_eq(pool_running(pool), 1);
}
END_TEST

START_TEST(waiting_ends_when_the_time_is_out)
{
	bool any = true;
	int64_t began = clock_now_us();
	ck_assert_int_eq(pool_start(pool, 0, waits, NULL, &fault), 0);
	ck_assert_int_eq(pool_wait(pool, -1, 20000, &result, &any, &fault), 0);
	ck_assert(!any);
	ck_assert_int_ge(clock_now_us() - began, 20000);
	ck_assert_int_eq(pool_wait(pool, -1, 0, &result, &any, &fault), 0);
	ck_assert(!any);
}
END_TEST

START_TEST(slots_are_free_until_they_are_taken)
{
	ck_assert_int_eq(pool_free_slot(pool, 0, SLOTS), 0);
	ck_assert_int_eq(pool_start(pool, 0, waits, NULL, &fault), 0);
	ck_assert_int_eq(pool_free_slot(pool, 0, SLOTS), 1);
	ck_assert_int_eq(pool_free_slot(pool, 0, 1), -1);
	ck_assert_int_eq(pool_start(pool, 2, waits, NULL, &fault), 0);
	ck_assert_int_eq(pool_free_slot(pool, 2, 100), 3);
	ck_assert_int_eq(pool_running(pool), 2);
}
END_TEST

static int square(void *job, int slot, struct buf *ret, struct fault *f)
{
	int n = *(int *)job;
	(void)slot;
	if (n % 10 == 3)
		return fault_set(f, FAULT_INPUT, 0, "no %d", n);
	if (n % 10 == 7)
		(void)raise(SIGKILL);
	for (int i = 0; i < n % 5; i++)
		buf_printf(ret, "%100000d\n", i);
	buf_printf(ret, "%d", n * n);
	return 0;
}

START_TEST(many_jobs_get_their_own_answers)
{
	enum { JOBS = 300 };
	static int jobs[JOBS];
	int next = 0;
	int done = 0;
	while (done < JOBS) {
		bool any;
		for (int slot; next < JOBS && (slot = pool_free_slot(pool, 0, SLOTS)) >= 0; next++) {
			jobs[next] = next;
			ck_assert_int_eq(pool_start(pool, slot, square, &jobs[next], &fault), 0);
		}
		ck_assert_int_le(pool_running(pool), SLOTS);
		ck_assert_int_eq(pool_wait(pool, -1, -1, &result, &any, &fault), 0);
		ck_assert(any);
		done++;
		int n = *(int *)result.job;
		ck_assert_int_eq(jobs[n], n);
		jobs[n] = -1;
		ck_assert_int_eq(result.ok, n % 10 != 3 && n % 10 != 7);
		if (result.ok) {
			const char *last = memrchr(result.answer.at, '\n', result.answer.len);
			const char *number = last == NULL ? result.answer.at : last + 1;
			char text[20];
			(void)snprintf(text, sizeof text, "%d", n * n);
			ck_assert_uint_eq((size_t)(result.answer.at + result.answer.len - number),
					  strlen(text));
			ck_assert_mem_eq(number, text, strlen(text));
		}
	}
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* none is left, not even as a zombie */
}
END_TEST

START_TEST(no_descriptor_is_left_open)
{
	int before = dup(0);
	(void)close(before);
	struct bytes job = BYTES_LITERAL("x");
	for (int i = 0; i < 20; i++) {
		run(echo, &job);
		run(kills_itself, NULL);
	}
	int after = dup(0);
	(void)close(after);
	ck_assert_int_eq(after, before);
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

int main(void)
{
	Suite *suite = suite_create("pool");
	TCase *t = case_of(suite, "answers");
	tcase_add_loop_test(t, a_worker_answers_byte_for_byte, 0, (int)ARRAY_SIZE(answers));
	tcase_add_test(t, a_worker_knows_its_slot);
	tcase_add_test(t, an_answer_is_good_until_the_next_one);
	tcase_add_test(t, many_jobs_get_their_own_answers);
	tcase_add_test(t, no_descriptor_is_left_open);
	t = case_of(suite, "faults");
	tcase_add_test(t, a_fault_of_a_worker_is_the_jobs);
	tcase_add_loop_test(t, a_worker_that_dies_is_a_fault_of_its_job, 0, (int)ARRAY_SIZE(deaths));
	tcase_add_loop_test(t, an_answer_that_makes_no_sense_is_a_fault, 0, (int)ARRAY_SIZE(forgeries));
	tcase_add_test(t, a_worker_that_says_too_much_is_killed);
	tcase_add_test(t, a_worker_that_takes_too_long_is_killed);
	tcase_add_test(t, one_that_takes_too_long_does_not_hurt_another);
	t = case_of(suite, "the world of a worker");
	tcase_add_test(t, a_worker_leads_a_group_of_its_own);
	tcase_add_test(t, ctrl_c_on_the_terminal_does_not_reach_workers);
	tcase_add_test(t, a_worker_does_not_inherit_handlers_or_a_mask);
	tcase_add_test(t, freeing_a_pool_ends_its_workers);
	tcase_add_test(t, workers_die_with_the_grader);
	t = case_of(suite, "waiting");
	tcase_add_test(t, waiting_ends_when_a_descriptor_is_readable);
	tcase_add_test(t, waiting_ends_when_the_time_is_out);
	tcase_add_test(t, slots_are_free_until_they_are_taken);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

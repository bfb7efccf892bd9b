#include "sandbox/observer/hurry.h"

#include "base/clock.h"
#include "sandbox/observer/arch.h"
#include "sandbox/observer/tasks.h"

#include <elf.h>
#include <errno.h>
#include <linux/futex.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>

/* How a call says its time-out. */
enum form {
	FORM_MS, /* int, milliseconds; negative: none */
	FORM_TIMESPEC, /* pointer, relative; NULL: none */
	FORM_TIMEVAL,
	FORM_SLEEP, /* clock, flags, timespec: relative or until a moment */
	FORM_FUTEX, /* relative or until a moment, by the operation */
	FORM_SOCKET, /* read and its like: the socket's own */
	FORM_ALARM,
	FORM_ITIMER, /* which, struct itimerval */
	FORM_ITIMERSPEC, /* which, flags, struct itimerspec */
	FORM_OPTION, /* setsockopt */
	FORM_CLOCK,
};

struct hurried {
	long number;
	enum form form;
	int arg; /* which argument holds it */
	int64_t late; /* the result that says the time is out */
	bool gives_rest; /* writes what is left of the time back */
};

static const struct hurried calls[] = {
	{ SYS_poll, FORM_MS, 2, 0, false },
	{ SYS_ppoll, FORM_TIMESPEC, 2, 0, true },
	{ SYS_select, FORM_TIMEVAL, 4, 0, true },
	{ SYS_pselect6, FORM_TIMESPEC, 4, 0, true },
	{ SYS_epoll_wait, FORM_MS, 3, 0, false },
	{ SYS_epoll_pwait, FORM_MS, 3, 0, false },
	{ SYS_epoll_pwait2, FORM_TIMESPEC, 3, 0, false },
	{ SYS_nanosleep, FORM_TIMESPEC, 0, 0, false },
	{ SYS_clock_nanosleep, FORM_SLEEP, 2, 0, false },
	{ SYS_futex, FORM_FUTEX, 3, -ETIMEDOUT, false },
	{ SYS_rt_sigtimedwait, FORM_TIMESPEC, 2, -EAGAIN, false },
	{ SYS_semtimedop, FORM_TIMESPEC, 3, -EAGAIN, false },
	{ SYS_read, FORM_SOCKET, 0, -EAGAIN, false },
	{ SYS_recvfrom, FORM_SOCKET, 0, -EAGAIN, false },
	{ SYS_recvmsg, FORM_SOCKET, 0, -EAGAIN, false },
	{ SYS_alarm, FORM_ALARM, 0, 0, false },
	{ SYS_setitimer, FORM_ITIMER, 1, 0, false },
	{ SYS_timer_settime, FORM_ITIMERSPEC, 2, 0, false },
	{ SYS_timerfd_settime, FORM_ITIMERSPEC, 2, 0, false },
	{ SYS_setsockopt, FORM_OPTION, 3, 0, false },
	{ SYS_clock_gettime, FORM_CLOCK, 1, 0, false },
	{ SYS_gettimeofday, FORM_CLOCK, 0, 0, false },
	{ SYS_time, FORM_CLOCK, 0, 0, false },
};

static const struct hurried *find(long number)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		if (calls[i].number == number)
			return &calls[i];
	}
	return NULL;
}

bool hurry_only(long number)
{
	const struct hurried *c = find(number);
	return c != NULL && c->form != FORM_ALARM && c->form != FORM_ITIMER && c->form != FORM_ITIMERSPEC &&
	       c->form != FORM_OPTION;
}

/* ---- the program's memory ---- */

static bool poke(pid_t tid, uint64_t at, const void *from, size_t n)
{
	struct iovec here = { (void *)(uintptr_t)from, n };
	struct iovec there = { (void *)(uintptr_t)at, n };
	return at != 0 && process_vm_writev(tid, &here, 1, &there, 1, 0) == (ssize_t)n;
}

/* Below what the ABI lets a function use without moving the stack pointer. */
enum { BELOW_STACK = 512 };

static int64_t spec_ns(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct timespec ns_spec(int64_t ns)
{
	ns = MAX(ns, (int64_t)0);
	return (struct timespec){ .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
}

static bool sane(struct timespec t)
{
	return t.tv_sec >= 0 && t.tv_sec < 9000000000 && t.tv_nsec >= 0 && t.tv_nsec < 1000000000;
}

static int64_t shorter(const struct hurry *h, int64_t ns)
{
	return ns <= 0 ? ns : MAX(ns / h->factor, (int64_t)1);
}

static int64_t clock_ns(clockid_t clock)
{
	struct timespec t;
	return clock_gettime(clock, &t) < 0 ? 0 : spec_ns(t);
}

static int64_t own_now_ns(const struct hurry *h)
{
	return clock_now_ns() + h->skipped_ns;
}

/* The program's time is at least that far. */
static void skip_to(struct hurry *h, int64_t own_ns)
{
	h->skipped_ns = MAX(h->skipped_ns, own_ns - clock_now_ns());
}

/* ---- before the call ---- */

struct entering {
	struct hurry *h;
	struct task *t;
	struct hurried_call *call;
	struct arch_call regs;
	const struct hurried *how;
};

static void point_to(struct entering *e, int arg, const void *value, size_t n)
{
	uint64_t scratch = (e->regs.stack - BELOW_STACK) & ~(uint64_t)15;
	if (!poke(e->t->tid, scratch, value, n))
		return;
	e->call->scratch = scratch;
	e->regs.args[arg] = scratch;
	e->call->changed = true;
}

static void enter_ms(struct entering *e)
{
	int ms = (int)e->regs.args[e->how->arg];
	if (ms <= 0)
		return;
	e->call->asked_ns = (int64_t)ms * 1000000;
	e->regs.args[e->how->arg] = (uint64_t)MAX(ms / e->h->factor, 1);
	e->call->changed = true;
}

static void enter_timespec(struct entering *e)
{
	struct timespec t;
	if (!memory_read(e->t->tid, e->regs.args[e->how->arg], &t, sizeof t) || !sane(t) || spec_ns(t) == 0)
		return;
	e->call->asked_ns = spec_ns(t);
	t = ns_spec(shorter(e->h, spec_ns(t)));
	point_to(e, e->how->arg, &t, sizeof t);
}

static void enter_timeval(struct entering *e)
{
	struct timeval v;
	if (!memory_read(e->t->tid, e->regs.args[e->how->arg], &v, sizeof v) || v.tv_sec < 0 ||
	    v.tv_sec > 1000000000 || v.tv_usec < 0 || v.tv_usec > 1000000000)
		return;
	e->call->asked_ns = ((int64_t)v.tv_sec * 1000000 + v.tv_usec) * 1000;
	if (e->call->asked_ns == 0)
		return;
	struct timespec t = ns_spec(shorter(e->h, e->call->asked_ns));
	v = (struct timeval){ .tv_sec = t.tv_sec, .tv_usec = MAX(t.tv_nsec / 1000, 1) };
	point_to(e, e->how->arg, &v, sizeof v);
}

/* A moment of the program's time on that clock becomes one of ours. */
static struct timespec sooner(struct entering *e, clockid_t clock, struct timespec moment)
{
	int64_t now = clock_ns(clock);
	int64_t left = spec_ns(moment) - (now + e->h->skipped_ns);
	e->call->asked_ns = MAX(left, (int64_t)0);
	return ns_spec(now + (left > 0 ? shorter(e->h, left) : left));
}

static void enter_moment(struct entering *e, clockid_t clock)
{
	struct timespec t;
	if (!memory_read(e->t->tid, e->regs.args[e->how->arg], &t, sizeof t) || !sane(t))
		return;
	t = sooner(e, clock, t);
	point_to(e, e->how->arg, &t, sizeof t);
}

static void enter_sleep(struct entering *e)
{
	if ((e->regs.args[1] & TIMER_ABSTIME) != 0)
		enter_moment(e, (clockid_t)e->regs.args[0]);
	else
		enter_timespec(e);
}

static void enter_futex(struct entering *e)
{
	int operation = (int)e->regs.args[1] & FUTEX_CMD_MASK;
	clockid_t clock = (e->regs.args[1] & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
	if (operation == FUTEX_WAIT)
		enter_timespec(e);
	else if (operation == FUTEX_WAIT_BITSET || operation == FUTEX_WAIT_REQUEUE_PI)
		enter_moment(e, clock);
	else if (operation == FUTEX_LOCK_PI)
		enter_moment(e, CLOCK_REALTIME);
}

/* Remembers when a timer runs out; an interval of 0 means it is stopped. */
static void arm(struct entering *e, long call, uint64_t which, int64_t asked_ns)
{
	struct hurry *h = e->h;
	for (size_t i = 0; i < h->n_timers; i++) {
		if (h->timers[i].call == call && h->timers[i].which == which)
			h->timers[i] = h->timers[--h->n_timers];
	}
	if (asked_ns <= 0 || h->n_timers == HURRY_TIMERS)
		return;
	h->timers[h->n_timers++] = (struct hurried_timer){ .call = call,
							   .which = which,
							   .real_due_ns = clock_now_ns() +
									  shorter(h, asked_ns),
							   .own_due_ns = own_now_ns(h) + asked_ns };
}

static struct timeval shorter_timeval(const struct hurry *h, struct timeval v)
{
	int64_t us = (int64_t)v.tv_sec * 1000000 + v.tv_usec;
	us = us <= 0 ? us : MAX(us / h->factor, (int64_t)1);
	return (struct timeval){ .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
}

/* alarm() counts in whole seconds: it becomes the setitimer() that it is in the kernel. */
static void enter_alarm(struct entering *e)
{
	int64_t asked = (int64_t)(unsigned)e->regs.args[0] * 1000000000;
	struct itimerval v = { .it_value = shorter_timeval(
				       e->h, (struct timeval){ .tv_sec = (time_t)e->regs.args[0] }) };
	arm(e, SYS_setitimer, ITIMER_REAL, asked);
	e->regs.number = SYS_setitimer;
	e->regs.args[0] = ITIMER_REAL;
	point_to(e, 1, &v, sizeof v);
	e->regs.args[2] = 0;
}

static void enter_itimer(struct entering *e)
{
	struct itimerval v;
	if (e->regs.args[0] != ITIMER_REAL || !memory_read(e->t->tid, e->regs.args[1], &v, sizeof v))
		return;
	arm(e, SYS_setitimer, ITIMER_REAL,
	    ((int64_t)v.it_value.tv_sec * 1000000 + v.it_value.tv_usec) * 1000);
	v.it_value = shorter_timeval(e->h, v.it_value);
	v.it_interval = shorter_timeval(e->h, v.it_interval);
	point_to(e, 1, &v, sizeof v);
}

static void enter_itimerspec(struct entering *e)
{
	struct itimerspec v;
	bool moment = (e->regs.args[1] & TIMER_ABSTIME) != 0; /* TFD_TIMER_ABSTIME is the same bit */
	if (!memory_read(e->t->tid, e->regs.args[2], &v, sizeof v) || !sane(v.it_value) ||
	    !sane(v.it_interval))
		return;
	if (moment && spec_ns(v.it_value) > 0) {
		/* which clock the timer has is not known here: the two differ by years */
		bool wall = spec_ns(v.it_value) > clock_ns(CLOCK_REALTIME) / 2;
		v.it_value = sooner(e, wall ? CLOCK_REALTIME : CLOCK_MONOTONIC, v.it_value);
		arm(e, (long)e->regs.number, e->regs.args[0], e->call->asked_ns);
	} else {
		arm(e, (long)e->regs.number, e->regs.args[0], spec_ns(v.it_value));
		v.it_value = ns_spec(shorter(e->h, spec_ns(v.it_value)));
	}
	e->call->asked_ns = -1; /* setting it takes no time */
	v.it_interval = ns_spec(shorter(e->h, spec_ns(v.it_interval)));
	point_to(e, 2, &v, sizeof v);
}

static void enter_option(struct entering *e)
{
	struct timeval v;
	bool receive = e->regs.args[2] == SO_RCVTIMEO;
	if (e->regs.args[1] != SOL_SOCKET || (!receive && e->regs.args[2] != SO_SNDTIMEO) ||
	    e->regs.args[4] < sizeof v || !memory_read(e->t->tid, e->regs.args[3], &v, sizeof v))
		return;
	if (receive)
		e->h->socket_timeout_ns = ((int64_t)v.tv_sec * 1000000 + v.tv_usec) * 1000;
	v = shorter_timeval(e->h, v);
	point_to(e, 3, &v, sizeof v);
}

void hurry_enter(struct hurry *h, struct task *t)
{
	struct entering e = { .h = h, .t = t, .call = &t->hurried, .how = find(t->call.number) };
	t->hurried = (struct hurried_call){ .asked_ns = -1 };
	if (h->factor <= 1 || e.how == NULL || !arch_get_call(t->tid, &e.regs))
		return;
	hurry_look(h);
	t->hurried.number = e.regs.number;
	memcpy(t->hurried.args, e.regs.args, sizeof e.regs.args);
	t->hurried.own_began_ns = own_now_ns(h);
	switch (e.how->form) {
	case FORM_MS:
		enter_ms(&e);
		break;
	case FORM_TIMESPEC:
		enter_timespec(&e);
		break;
	case FORM_TIMEVAL:
		enter_timeval(&e);
		break;
	case FORM_SLEEP:
		enter_sleep(&e);
		break;
	case FORM_FUTEX:
		enter_futex(&e);
		break;
	case FORM_SOCKET:
		if (h->socket_timeout_ns > 0)
			t->hurried.asked_ns = h->socket_timeout_ns;
		break;
	case FORM_ALARM:
		enter_alarm(&e);
		break;
	case FORM_ITIMER:
		enter_itimer(&e);
		break;
	case FORM_ITIMERSPEC:
		enter_itimerspec(&e);
		break;
	case FORM_OPTION:
		enter_option(&e);
		break;
	case FORM_CLOCK:
		break;
	}
	if (t->hurried.changed)
		arch_set_call(t->tid, &e.regs);
}

/* ---- after the call ---- */

/* What the kernel wrote back as the rest of the time, in the program's time and place. */
static void give_rest(const struct hurry *h, const struct task *t, const struct hurried *how)
{
	const struct hurried_call *c = &t->hurried;
	if (c->scratch == 0)
		return;
	if (how->form == FORM_TIMEVAL) {
		struct timeval v;
		if (!memory_read(t->tid, c->scratch, &v, sizeof v))
			return;
		int64_t us = ((int64_t)v.tv_sec * 1000000 + v.tv_usec) * h->factor;
		v = (struct timeval){ .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
		(void)poke(t->tid, c->args[how->arg], &v, sizeof v);
		return;
	}
	struct timespec v;
	if (!memory_read(t->tid, c->scratch, &v, sizeof v))
		return;
	v = ns_spec(spec_ns(v) * h->factor);
	(void)poke(t->tid, c->args[how->arg], &v, sizeof v);
}

/* nanosleep and clock_nanosleep, interrupted, write the rest to a place of its own. */
static void give_rest_of_sleep(const struct hurry *h, const struct task *t, int64_t result)
{
	uint64_t at = t->call.number == SYS_nanosleep ? t->hurried.args[1] : t->hurried.args[3];
	struct timespec v;
	if (result != -EINTR || !memory_read(t->tid, at, &v, sizeof v))
		return;
	v = ns_spec(spec_ns(v) * h->factor);
	(void)poke(t->tid, at, &v, sizeof v);
}

static bool is_own_clock(uint64_t clock)
{
	switch ((clockid_t)clock) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
	case CLOCK_TAI:
		return true;
	default: /* processor time is not put forward */
		return false;
	}
}

static void put_clock_forward(const struct hurry *h, struct task *t, int64_t result, struct arch_call *regs)
{
	if (result < 0)
		return;
	if (t->call.number == SYS_time) {
		time_t seconds = (time_t)((clock_ns(CLOCK_REALTIME) + h->skipped_ns) / 1000000000);
		(void)poke(t->tid, t->call.args[0], &seconds, sizeof seconds);
		regs->result = (uint64_t)seconds;
	} else if (t->call.number == SYS_gettimeofday) {
		struct timeval v;
		if (!memory_read(t->tid, t->call.args[0], &v, sizeof v))
			return;
		int64_t us = (int64_t)v.tv_sec * 1000000 + v.tv_usec + h->skipped_ns / 1000;
		v = (struct timeval){ .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
		(void)poke(t->tid, t->call.args[0], &v, sizeof v);
	} else if (is_own_clock(t->call.args[0])) {
		struct timespec v;
		if (!memory_read(t->tid, t->call.args[1], &v, sizeof v))
			return;
		v = ns_spec(spec_ns(v) + h->skipped_ns);
		(void)poke(t->tid, t->call.args[1], &v, sizeof v);
	}
}

/* A receive that would not block anyway says the same as one whose time is out: only the latter took its time. */
static bool is_late(const struct hurry *h, const struct task *t, const struct hurried *how, int64_t result)
{
	if (t->hurried.asked_ns < 0 || result != how->late)
		return false;
	int64_t real = own_now_ns(h) - t->hurried.own_began_ns;
	return how->form != FORM_SOCKET || real >= shorter(h, t->hurried.asked_ns) * 9 / 10;
}

void hurry_leave(struct hurry *h, struct task *t, int64_t result)
{
	const struct hurried *how = find(t->call.number);
	struct arch_call regs;
	if (h->factor <= 1 || how == NULL || !arch_get_call(t->tid, &regs))
		return;
	h->waits += hurry_only(t->call.number);
	if (is_late(h, t, how, result))
		skip_to(h, t->hurried.own_began_ns + t->hurried.asked_ns);
	hurry_look(h);
	if (how->gives_rest)
		give_rest(h, t, how);
	if (how->form == FORM_SLEEP || t->call.number == SYS_nanosleep)
		give_rest_of_sleep(h, t, result);
	regs.result = (uint64_t)result;
	if (how->form == FORM_CLOCK)
		put_clock_forward(h, t, result, &regs);
	if (how->form == FORM_ALARM)
		regs.result = 0;
	/* the compiler takes for granted that a call leaves its arguments in their registers */
	if (t->hurried.changed)
		memcpy(regs.args, t->hurried.args, sizeof regs.args);
	if (t->hurried.changed || how->form == FORM_CLOCK)
		arch_set_call_result(t->tid, &regs);
}

void hurry_look(struct hurry *h)
{
	int64_t now = clock_now_ns();
	for (size_t i = 0; i < h->n_timers;) {
		if (h->timers[i].real_due_ns > now) {
			i++;
			continue;
		}
		skip_to(h, h->timers[i].own_due_ns);
		h->timers[i] = h->timers[--h->n_timers];
	}
}

/* ---- exec ---- */

enum { ARGUMENTS_MOST = 100000 };

/*
 * The vDSO reads the clock without a system call. On the new program's stack stand argc, argv, environment, and the auxiliary
 * vector that says where the vDSO is: that entry is made one to be ignored, and libc asks the kernel.
 */
void hurry_exec(const struct hurry *h, pid_t tid)
{
	struct arch_call regs;
	uint64_t word;
	if (h->factor <= 1 || !arch_get_call(tid, &regs) ||
	    !memory_read(tid, regs.stack, &word, sizeof word) || word > ARGUMENTS_MOST)
		return;
	uint64_t at = regs.stack + (1 + word + 1) * sizeof word;
	for (int i = 0; i < ARGUMENTS_MOST; i++) { /* past the environment */
		if (!memory_read(tid, at, &word, sizeof word))
			return;
		at += sizeof word;
		if (word == 0)
			break;
	}
	for (int i = 0; i < 64; i++, at += 2 * sizeof word) {
		if (!memory_read(tid, at, &word, sizeof word) || word == AT_NULL)
			return;
		if (word != AT_SYSINFO_EHDR)
			continue;
		word = AT_IGNORE;
		(void)poke(tid, at, &word, sizeof word);
		return;
	}
}

/*
 * Whether a program can still move by itself: all its tasks sleep in the kernel, in which calls, with or without a time-out.
 */
#include "sandbox/observer/observer.h"
#include "sandbox/observer/tasks.h"

#include "sandbox/observer/arch.h"

#include <linux/futex.h>
#include <stdio.h>
#include <sys/syscall.h>

/* Where a call has its time-out: a pointer (0: none), or milliseconds as an int (negative: none). */
enum timeout_form { TIMEOUT_POINTER, TIMEOUT_MS, TIMEOUT_ALWAYS };

struct sleeper {
	long number;
	enum timeout_form form;
	int arg;
};

static const struct sleeper sleepers[] = {
	{ SYS_poll, TIMEOUT_MS, 2 },
	{ SYS_ppoll, TIMEOUT_POINTER, 2 },
	{ SYS_select, TIMEOUT_POINTER, 4 },
	{ SYS_pselect6, TIMEOUT_POINTER, 4 },
	{ SYS_epoll_wait, TIMEOUT_MS, 3 },
	{ SYS_epoll_pwait, TIMEOUT_MS, 3 },
	{ SYS_epoll_pwait2, TIMEOUT_POINTER, 3 },
	{ SYS_futex, TIMEOUT_POINTER, 3 },
	{ SYS_rt_sigtimedwait, TIMEOUT_POINTER, 2 },
	{ SYS_semtimedop, TIMEOUT_POINTER, 3 },
	{ SYS_mq_timedreceive, TIMEOUT_POINTER, 4 },
	{ SYS_mq_timedsend, TIMEOUT_POINTER, 4 },
	{ SYS_recvmmsg, TIMEOUT_POINTER, 4 },
	{ SYS_nanosleep, TIMEOUT_ALWAYS, 0 },
	{ SYS_clock_nanosleep, TIMEOUT_ALWAYS, 0 },
	{ SYS_restart_syscall, TIMEOUT_ALWAYS,
	  0 }, /* poll, nanosleep or futex after a stop: nobody can tell */
};

static bool has_timeout(long number, const unsigned long long args[6])
{
	for (size_t i = 0; i < ARRAY_SIZE(sleepers); i++) {
		if (sleepers[i].number != number)
			continue;
		unsigned long long value = args[sleepers[i].arg];
		switch (sleepers[i].form) {
		case TIMEOUT_POINTER:
			return value != 0;
		case TIMEOUT_MS:
			return (int)value >= 0;
		case TIMEOUT_ALWAYS:
			return true;
		}
	}
	return false; /* a socket's own time-out and timers are told by task.timers */
}

static uint64_t number_after(const char *text, const char *key)
{
	const char *at = strstr(text, key);
	return at == NULL ? 0 : strtoull(at + strlen(key), NULL, 10);
}

static char state_of(const char *stat)
{
	const char *end = strrchr(stat, ')'); /* the name may hold anything */
	return end == NULL || end[1] == '\0' ? '?' : end[2];
}

/* One task's state letter; '?' when it cannot be read (it just ended). */
static char look_at_stat(pid_t tgid, pid_t tid)
{
	char path[80];
	char text[1024];
	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/stat", tgid, tid);
	return proc_read(path, text, sizeof text) < 0 ? '?' : state_of(text);
}

static void add_use(pid_t tgid, pid_t tid, struct sleep_look *ret)
{
	char path[80];
	char text[4096];
	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", tgid, tid);
	if (proc_read(path, text, sizeof text) > 0)
		ret->cpu_ns += (int64_t)strtoull(text, NULL, 10);
	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/status", tgid, tid);
	if (proc_read(path, text, sizeof text) > 0)
		ret->switches += number_after(text, "\nvoluntary_ctxt_switches:\t") +
				 number_after(text, "\nnonvoluntary_ctxt_switches:\t");
}

static enum sleep_state look_at_call(const struct task *t, struct sleep_look *ret)
{
	char path[80];
	char text[256];
	long number;
	unsigned long long a[6];
	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/syscall", t->tgid, t->tid);
	if (proc_read(path, text, sizeof text) <= 0 ||
	    sscanf(text, "%ld %llx %llx %llx %llx %llx %llx", &number, &a[0], &a[1], &a[2], &a[3], &a[4],
		   &a[5]) != 7)
		return SLEEP_AWAKE; /* "running", or asleep outside a call (a page fault) */
	if (ret->where[0] == '\0') {
		const char *name = arch_call_name(number);
		if (name != NULL)
			(void)snprintf(ret->where, sizeof ret->where, "%s", name);
		else
			(void)snprintf(ret->where, sizeof ret->where, "call %ld", number);
	}
	return has_timeout(number, a) ? SLEEP_TIMED : SLEEP_FOREVER;
}

static enum sleep_state look_at_task(const struct task *t, struct sleep_look *ret)
{
	if (t->stopped) { /* only another signal moves it */
		if (ret->where[0] == '\0')
			(void)snprintf(ret->where, sizeof ret->where, "SIGSTOP");
		return SLEEP_FOREVER;
	}
	switch (look_at_stat(t->tgid, t->tid)) {
	case 'S':
		return look_at_call(t, ret);
	case 'Z': /* a leader that ended before its threads */
		return SLEEP_FOREVER;
	default:
		return SLEEP_AWAKE;
	}
}

void observer_look(struct observer *o, int program, struct sleep_look *ret)
{
	*ret = (struct sleep_look){ .state = SLEEP_FOREVER };
	bool timers = false;
	for (size_t i = 0; i < o->n; i++) {
		const struct task *t = &o->tasks[i];
		if (program >= 0 && t->program != program)
			continue;
		enum sleep_state s = look_at_task(t, ret);
		if (s == SLEEP_AWAKE || (s == SLEEP_TIMED && ret->state == SLEEP_FOREVER))
			ret->state = s;
		timers = timers || t->timers;
		add_use(t->tgid, t->tid, ret);
	}
	ret->zombies = tasks_zombies(o, program);
	if (timers && ret->state == SLEEP_FOREVER)
		ret->state = SLEEP_TIMED;
}

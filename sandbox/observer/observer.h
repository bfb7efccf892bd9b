/*
 * observer.h - what the programs of a box do: ptrace (PTRACE_SEIZE) and a seccomp filter that stops only at watched calls.
 *
 * Everything that a taken process starts is taken too. Calls that are not watched run at native speed.
 * Life: observer_new, observer_take before the program may exec, observer_pump whenever SIGCHLD came, until observer_gone.
 * The observer is the parent's equal: waitpid(-1) belongs to it alone in this process.
 * May use: base/, sandbox/box/filter.h.  Knows nothing of specs, checks or marks.
 */
#pragma once

#include "base/bytes.h"
#include "base/fault.h"

#include <sys/socket.h>
#include <sys/types.h>

enum trace_kind {
	TRACE_BORN, /* pid started child (a thread when `thread`) */
	TRACE_EXEC, /* pid became another program */
	TRACE_SIGNAL, /* `value` is about to be delivered to pid */
	TRACE_CALL, /* a watched call returned: `call`, `value` is its result (-errno on failure) */
	TRACE_EXIT, /* the task is gone: `value` is its wait status; `thread` when others of its process live on or it was no leader */
	TRACE_OTHER, /* a child of the worker that is not traced ended: init */
};

struct trace_call {
	const char *name; /* "bind" */
	long number;
	uint64_t args[6];
	struct sockaddr_storage address; /* of bind, connect, send*: as given; family 0 when none */
	struct bytes data; /* reserved for calls whose bytes are asked for */
};

struct trace_event {
	enum trace_kind kind;
	int program; /* what observer_take was told */
	pid_t pid, tid; /* as this process sees them; pid is the thread group */
	pid_t child;
	bool thread;
	int64_t value;
	const struct trace_call *call;
};

typedef void observer_fn(void *context, const struct trace_event *e);

struct observer;

struct observer *observer_new(observer_fn *fn, void *context);
void observer_free(struct observer *o);

/* Makes time pass `factor` times as fast for programs that wait (hurry.h). Before anything is taken. */
void observer_hurry(struct observer *o, int factor);

/* Time has passed for the programs that has not for us. */
void observer_skip(struct observer *o, int64_t us);

/* How often programs that are hurried waited or asked for the time; 0 when nobody is hurried. */
int64_t observer_waits(const struct observer *o);

/* How far the programs' time is ahead of ours. */
int64_t observer_skipped_us(const struct observer *o);

/* Takes a process that waits before exec. `program` marks it and all its descendants. */
int observer_take(struct observer *o, pid_t pid, int program, struct fault *f) MUST_CHECK;

/* Handles all that happened; calls the function for each. */
int observer_pump(struct observer *o, struct fault *f) MUST_CHECK;

/* Number of live tasks (threads) of a program. program -1: of all. */
size_t observer_tasks(const struct observer *o, int program);

/* Whether every task of the process is stopped by a signal, until SIGCONT. False when it has ended. */
bool observer_is_stopped(const struct observer *o, pid_t pid);

/* Calls fn for each live process (thread group) of a program. */
typedef void observer_each_fn(void *context, pid_t pid);
void observer_each_process(const struct observer *o, int program, observer_each_fn *fn, void *context);

/* ---- asleep.c ---- */

enum sleep_state {
	SLEEP_AWAKE, /* something runs, or could not be read */
	SLEEP_TIMED, /* all tasks sleep; a time-out or timer may wake one */
	SLEEP_FOREVER, /* all tasks sleep, and only others can wake them */
};

struct sleep_look {
	enum sleep_state state;
	uint64_t
		switches; /* sum of voluntary context switches of all tasks: unchanged between two looks = nobody woke */
	int64_t cpu_ns; /* used by the live tasks */
	size_t zombies; /* ended processes that their parent has not reaped */
	char where[32]; /* the call the first task sleeps in: "recvfrom" */
};

/*
 * Looks once. Two looks with the same `switches`, both not awake, mean: every task slept from the one to the other.
 * source  /proc/PID/task/TID/{stat,status,syscall,schedstat} (proc(5))
 */
void observer_look(struct observer *o, int program, struct sleep_look *ret);

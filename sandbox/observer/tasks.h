/*
 * tasks.h - the observer's table of live tasks.
 */
#pragma once

#include "sandbox/observer/hurry.h"
#include "sandbox/observer/observer.h"

struct task {
	pid_t tid, tgid;
	int program; /* -1 until its parent's event named it */
	bool held; /* its first stop was seen before its parent's event */
	bool stopped; /* by a signal, until SIGCONT */
	bool in_call; /* between entry and return of a watched call */
	bool timers; /* its program asked for a timer or a time-out on a socket */
	struct trace_call call;
	struct hurried_call hurried;
};

/* A process that ended; its parent may not have reaped it. */
struct dead {
	pid_t pid;
	int program;
};

struct observer {
	observer_fn *fn;
	void *context;
	struct task *tasks; /* unordered */
	size_t n, cap;
	struct dead *dead;
	size_t n_dead, cap_dead;
	struct hurry hurry;
	pid_t current; /* whose stop is being handled */
};

struct task *tasks_find(const struct observer *o, pid_t tid);

/* The table may move: pointers into it are good until the next call. */
struct task *tasks_add(struct observer *o, pid_t tid);
void tasks_remove(struct observer *o, pid_t tid);

/* Forgets all tasks of the process but its leader's. */
void tasks_drop_threads(struct observer *o, pid_t tgid);

/* Somebody of this program will be woken by a timer one day. Descendants inherit the mark. */
void tasks_mark_timers(struct observer *o, int program);

void tasks_add_dead(struct observer *o, pid_t pid, int program);

/* Ended processes of the program whose parent, a live process of the box's programs, has not reaped them. */
size_t tasks_zombies(struct observer *o, int program);

/* Copies n bytes from a program's memory, or none; what it gave as an address may be no address at all. */
bool memory_read(pid_t tid, uint64_t at, void *to, size_t n);

/* Reads a file of /proc, NUL-terminated. Number of bytes, or -1. */
ssize_t proc_read(const char *path, char *text, size_t size);

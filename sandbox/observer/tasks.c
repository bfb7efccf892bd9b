#include "sandbox/observer/tasks.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/uio.h>

struct task *tasks_find(const struct observer *o, pid_t tid)
{
	for (size_t i = 0; i < o->n; i++) {
		if (o->tasks[i].tid == tid)
			return &o->tasks[i];
	}
	return NULL;
}

struct task *tasks_add(struct observer *o, pid_t tid)
{
	if (o->n == o->cap) {
		o->cap = MAX(o->cap * 2, (size_t)16);
		o->tasks = must_alloc(realloc(o->tasks, o->cap * sizeof *o->tasks));
	}
	struct task *t = &o->tasks[o->n++];
	*t = (struct task){ .tid = tid, .tgid = tid, .program = -1 };
	return t;
}

void tasks_remove(struct observer *o, pid_t tid)
{
	struct task *t = tasks_find(o, tid);
	if (t != NULL)
		*t = o->tasks[--o->n];
}

void tasks_drop_threads(struct observer *o, pid_t tgid)
{
	for (size_t i = 0; i < o->n;) {
		if (o->tasks[i].tgid == tgid && o->tasks[i].tid != tgid)
			o->tasks[i] = o->tasks[--o->n];
		else
			i++;
	}
}

void tasks_mark_timers(struct observer *o, int program)
{
	for (size_t i = 0; i < o->n; i++)
		o->tasks[i].timers = o->tasks[i].timers || o->tasks[i].program == program;
}

void tasks_add_dead(struct observer *o, pid_t pid, int program)
{
	if (o->n_dead == o->cap_dead) {
		o->cap_dead = MAX(o->cap_dead * 2, (size_t)16);
		o->dead = must_alloc(realloc(o->dead, o->cap_dead * sizeof *o->dead));
	}
	o->dead[o->n_dead++] = (struct dead){ .pid = pid, .program = program };
}

/* The parent of a zombie; 0 when pid is no zombie any more. */
static pid_t parent_of_zombie(pid_t pid)
{
	char path[64];
	char text[1024];
	(void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
	if (proc_read(path, text, sizeof text) <= 0)
		return 0;
	const char *end = strrchr(text, ')');
	if (end == NULL || strncmp(end, ") Z ", 4) != 0)
		return 0;
	return (pid_t)strtol(end + 4, NULL, 10);
}

size_t tasks_zombies(struct observer *o, int program)
{
	size_t count = 0;
	for (size_t i = 0; i < o->n_dead;) {
		pid_t parent = parent_of_zombie(o->dead[i].pid);
		if (parent == 0) {
			o->dead[i] = o->dead[--o->n_dead];
			continue;
		}
		/* init and the keepers reap too, a moment later: that is no business of the program's */
		bool of_program = tasks_find(o, parent) != NULL;
		count += of_program && (program < 0 || o->dead[i].program == program);
		i++;
	}
	return count;
}

bool memory_read(pid_t tid, uint64_t at, void *to, size_t n)
{
	struct iovec here = { .iov_base = to, .iov_len = n };
	struct iovec there = { .iov_base = (void *)(uintptr_t)at, .iov_len = n };
	return at != 0 && process_vm_readv(tid, &here, 1, &there, 1, 0) == (ssize_t)n;
}

ssize_t proc_read(const char *path, char *text, size_t size)
{
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t n = read(fd, text, size - 1);
	if (n >= 0)
		text[n] = '\0';
	return n;
}

static bool belongs(const struct task *t, int program)
{
	return program < 0 || t->program == program;
}

size_t observer_tasks(const struct observer *o, int program)
{
	size_t n = 0;
	for (size_t i = 0; i < o->n; i++)
		n += belongs(&o->tasks[i], program);
	return n;
}

bool observer_is_stopped(const struct observer *o, pid_t pid)
{
	size_t tasks = 0;
	size_t stopped = 0;
	for (size_t i = 0; i < o->n; i++) {
		if (o->tasks[i].tgid != pid)
			continue;
		tasks++;
		stopped += o->tasks[i].stopped;
	}
	return tasks > 0 && stopped == tasks;
}

void observer_each_process(const struct observer *o, int program, observer_each_fn *fn, void *context)
{
	for (size_t i = 0; i < o->n; i++) {
		if (belongs(&o->tasks[i], program) && o->tasks[i].tid == o->tasks[i].tgid)
			fn(context, o->tasks[i].tgid);
	}
}

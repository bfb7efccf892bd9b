/*
 * From what the observer and /proc say to events of the journal.
 */
#include "run/stage_internal.h"

#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

/*
 * How long processes that a program left may take to end or to come to rest, before they are called left behind; and how long
 * the keeper of a program that ended may take to say what it used.
 */
static const int64_t settle_us = 2000000;

void processes_add(struct stage *s, pid_t pid, pid_t inside, int actor)
{
	s->processes = arena_push(s->arena, s->processes, &s->n_processes, &s->cap_processes,
				  sizeof *s->processes);
	s->processes[s->n_processes - 1] = (struct process){ .pid = pid, .inside = inside, .actor = actor };
}

static pid_t inside_of(const struct stage *s, pid_t pid)
{
	for (size_t i = s->n_processes; i > 0; i--) { /* the newest first: numbers come again */
		if (s->processes[i - 1].pid == pid)
			return s->processes[i - 1].inside;
	}
	return 0;
}

/* The last number of NSpid: the task's pid in the innermost pid namespace. */
static pid_t read_inside_pid(pid_t pid)
{
	char path[64];
	char text[4096];
	(void)snprintf(path, sizeof path, "/proc/%d/status", pid);
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	char *line = strstr(text, "\nNSpid:");
	if (line == NULL)
		return 0;
	char *end = strchr(line + 1, '\n');
	if (end != NULL)
		*end = '\0';
	char *last = strrchr(line, '\t');
	return last == NULL ? 0 : (pid_t)strtol(last, NULL, 10);
}

static void note_new_sockets(struct stage *s, int actor)
{
	struct bound_socket *sockets;
	size_t n;
	stage_sockets(s, actor, &sockets, &n);
	for (size_t i = 0; i < n; i++) {
		bool known = false;
		for (size_t k = 0; k < s->n_known; k++)
			known = known || s->known_sockets[k] == sockets[i].inode;
		if (known)
			continue;
		s->known_sockets = arena_push(s->arena, s->known_sockets, &s->n_known, &s->cap_known,
					      sizeof *s->known_sockets);
		s->known_sockets[s->n_known - 1] = sockets[i].inode;
		const char *text = arena_printf(s->arena, "%s %s", sockets[i].protocol,
						address_text(s->arena, &sockets[i].address));
		stage_note(s, (struct event){ .kind = EV_BOUND,
					      .actor = actor,
					      .n = { address_port(&sockets[i].address),
						     sockets[i].address.ss_family },
					      .text = text });
	}
}

static void observe_call(struct stage *s, const struct trace_event *e)
{
	stage_note(s, (struct event){
			      .kind = EV_CALL,
			      .actor = e->program,
			      .pid = inside_of(s, e->pid),
			      .n = { e->value, address_port(&e->call->address), e->call->address.ss_family },
			      .text = e->call->name });
	bool names = strcmp(e->call->name, "bind") == 0 || strcmp(e->call->name, "listen") == 0;
	if (names && e->value == 0)
		note_new_sockets(s, e->program);
}

static void observe_exit(struct stage *s, const struct trace_event *e)
{
	if (e->thread)
		return;
	struct program_state *p = &s->programs[e->program];
	int status = (int)e->value;
	struct event exit_event = { .kind = EV_EXIT, .actor = e->program, .pid = inside_of(s, e->pid) };
	exit_event.n[0] = WIFEXITED(status) ? END_EXITED : END_SIGNALED;
	exit_event.n[1] = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
	if (s->stopping)
		exit_event.n[0] = END_KILLED_BY_GRADER;
	stage_note(s, exit_event);
	if (e->pid == p->pid) {
		p->ended = true;
		p->status = status;
	}
}

static void observe_birth(struct stage *s, const struct trace_event *e)
{
	pid_t inside = read_inside_pid(e->child);
	if (!e->thread)
		processes_add(s, e->child, inside, e->program);
	stage_note(s, (struct event){ .kind = EV_FORK,
				      .actor = e->program,
				      .pid = inside_of(s, e->pid),
				      .n = { inside, e->thread } });
}

void stage_observe(void *stage, const struct trace_event *e)
{
	struct stage *s = stage;
	if (e->kind == TRACE_OTHER) {
		s->init_gone = s->init_gone || e->pid == box_init_pid(s->box);
		return;
	}
	if (e->program < 0)
		return;
	switch (e->kind) {
	case TRACE_BORN:
		observe_birth(s, e);
		return;
	case TRACE_EXEC:
		stage_note(s, (struct event){
				      .kind = EV_EXEC, .actor = e->program, .pid = inside_of(s, e->pid) });
		return;
	case TRACE_SIGNAL:
		stage_note(s, (struct event){ .kind = EV_SIGNAL,
					      .actor = e->program,
					      .pid = inside_of(s, e->pid),
					      .n = { e->value } });
		return;
	case TRACE_CALL:
		observe_call(s, e);
		return;
	case TRACE_EXIT:
		observe_exit(s, e);
		return;
	case TRACE_OTHER:
		return;
	}
}

/* Looks at one program; true when this look and the one before agree that it sleeps for ever. */
static bool program_at_rest(struct stage *s, int actor)
{
	struct program_state *p = &s->programs[actor];
	struct sleep_look before = p->look;
	observer_look(s->observer, actor, &p->look);
	p->at_rest = p->look.state == SLEEP_FOREVER && before.state == SLEEP_FOREVER &&
		     p->look.switches == before.switches && before.where[0] != '\0';
	return p->at_rest;
}

bool stage_at_rest(struct stage *s)
{
	bool rest = true;
	for (size_t i = 0; i < s->c->n_actors; i++) {
		struct program_state *p = &s->programs[i];
		if (p->box_index >= 0 && p->started && observer_tasks(s->observer, (int)i) > 0)
			rest = program_at_rest(s, (int)i) && rest;
	}
	return rest;
}

static bool left_running(const struct stage *s)
{
	for (size_t i = 0; i < s->c->n_actors; i++) {
		if (s->programs[i].ended && observer_tasks(s->observer, (int)i) > 0)
			return true;
	}
	return false;
}

/* The tracer learns of an end before the keeper does. */
static bool usage_missing(const struct stage *s)
{
	for (size_t i = 0; i < s->c->n_actors; i++) {
		if (s->programs[i].ended && !s->programs[i].accounted)
			return true;
	}
	return false;
}

int stage_settle(struct stage *s, struct fault *f)
{
	int64_t waited = 0;
	for (int64_t step = 500; waited < settle_us; step = MIN(step * 2, 20000)) {
		if (!usage_missing(s) && (!left_running(s) || stage_at_rest(s)))
			return 0;
		if (stage_wait(s, step, f) < 0)
			return -1;
		waited += step;
	}
	return 0;
}

/* ---- what is left ---- */

static void note_residue(struct stage *s, int actor, const char *what, int64_t count)
{
	stage_note(s, (struct event){ .kind = EV_RESIDUE, .actor = actor, .text = what, .n = { count } });
}

/* Names in a folder of the box, but for those of ours. */
static void note_files(struct stage *s, const char *folder)
{
	char path[256];
	(void)snprintf(path, sizeof path, "%s%s", box_root(s->box), folder);
	DIR *d = opendir(path);
	if (d == NULL)
		return;
	int listed = 0;
	for (struct dirent *e; (e = readdir(d)) != NULL && listed < 20;) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
		    strncmp(e->d_name, ".asan.", 6) == 0)
			continue;
		const char *name = bytes_show(s->arena, bytes_of(e->d_name), 60);
		note_residue(s, -1, arena_printf(s->arena, "%s/%s", folder, name), 1);
		listed++;
	}
	(void)closedir(d);
}

/* Objects in /proc/sysvipc/KIND: its lines but for the heading. The file speaks of the reader's IPC namespace: the box's. */
static void note_sysv(struct stage *s, const char *kind)
{
	char path[64];
	CLEANUP(buf_done) struct buf text = { 0 };
	struct fault none;
	(void)snprintf(path, sizeof path, "/proc/sysvipc/%s", kind);
	if (io_read_file(AT_FDCWD, path, 1 << 20, &text, &none) < 0)
		return; /* a kernel without System V IPC has none of it */
	int64_t lines = -1;
	for (size_t i = 0; i < text.len; i++)
		lines += text.at[i] == '\n';
	if (lines > 0)
		note_residue(s, -1, arena_printf(s->arena, "sysv %s", kind), lines);
}

/* A memory error report of the asan variant, wherever the program's stderr went. */
static void note_sanitizer(struct stage *s)
{
	char folder[128];
	(void)snprintf(folder, sizeof folder, "%s/tmp", box_root(s->box));
	DIR *d = opendir(folder);
	if (d == NULL)
		return;
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		CLEANUP(buf_done) struct buf report = { 0 };
		struct fault none;
		if (strncmp(e->d_name, ".asan.", 6) != 0 ||
		    io_read_file(dirfd(d), e->d_name, 1 << 20, &report, &none) < 0 || report.len == 0)
			continue;
		struct bytes kept = { report.at, MIN(report.len, (size_t)8192) };
		stage_note(s,
			   (struct event){ .kind = EV_SANITIZER, .actor = -1, .text = "asan", .data = kept });
	}
	(void)closedir(d);
}

static void take_stock_of_program(struct stage *s, int actor)
{
	struct program_state *p = &s->programs[actor];
	note_new_sockets(s, actor);
	size_t tasks = observer_tasks(s->observer, actor);
	observer_look(s->observer, actor, &p->look);
	if (p->look.zombies > 0)
		stage_note(s, (struct event){ .kind = EV_ZOMBIES,
					      .actor = actor,
					      .n = { (int64_t)p->look.zombies } });
	if (p->ended && tasks > 0)
		note_residue(s, actor, "process", (int64_t)tasks);
	int64_t cpu = p->look.cpu_ns / 1000;
	if (p->ended)
		cpu += (int64_t)p->usage.ru_utime.tv_sec * 1000000 + p->usage.ru_utime.tv_usec +
		       (int64_t)p->usage.ru_stime.tv_sec * 1000000 + p->usage.ru_stime.tv_usec;
	stage_note(s, (struct event){ .kind = EV_USAGE,
				      .actor = actor,
				      .n = { cpu, p->usage.ru_maxrss * 1024, observer_waits(s->observer) } });
}

void stage_take_stock(struct stage *s)
{
	for (size_t i = 0; i < s->c->n_actors; i++) {
		if (s->programs[i].started)
			take_stock_of_program(s, (int)i);
	}
	static const char *const folders[] = { "/dev/shm", "/dev/mqueue", "/tmp", "/work" };
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		note_files(s, folders[i]);
	static const char *const kinds[] = { "msg", "sem", "shm" };
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		note_sysv(s, kinds[i]);
	note_sanitizer(s);
	s->stopping = true; /* what ends from here on, we end */
}

/*
 * box.h - programs, and everything they start, shut in a world of their own.
 *
 * Life, all in one process (the worker of one job):
 *	box_enter        the worker itself moves into new user, mount, net, IPC, UTS and cgroup namespaces, so that its
 *	                 sockets, queues and segments are the box's; builds the file tree; starts pid 1 of the box
 *	box_start        starts one of the declared programs, held before exec; box_go lets it go (after a tracer took it)
 *	box_report       what pid 1 has to say: a program ended, an exec failed
 *	box_kill         ends every process of the box, and proves it
 * There is no way back: when the worker ends, the world is gone.
 *
 * Who is who: the worker (our uid outside, all capabilities inside the box's user namespace, never a student's code) →
 * init (pid 1: reaps, starts keepers; not dumpable) → keeper (a session of its own with the terminal: the "shell") →
 * the program (a process group, no capability, no_new_privs, filtered). What flows: a byte that names a program to init,
 * one datagram a fact back to the worker.
 *
 * As root the worker first becomes an ordinary user (options.uid); from there on nothing differs.
 * May use: base/.  Knows nothing of specs, checks or marks.
 */
#pragma once

#include "base/bytes.h"
#include "base/fault.h"
#include "sandbox/box/filter.h"

#include <sys/resource.h>
#include <sys/types.h>

enum { BOX_PROGRAMS_MOST = 64 };

/* What a standard descriptor of a program is. */
enum box_std {
	BOX_TERMINAL, /* stdin and stdout share one, stderr has another */
	BOX_PIPE, /* the worker holds the other end */
	BOX_FILE, /* a file that the worker made in the box: outputs only */
	BOX_NULL, /* /dev/null */
	BOX_CLOSED,
};

struct box_limits {
	int64_t cpu_us; /* RLIMIT_CPU of each process, rounded up to seconds */
	int64_t memory_bytes; /* see box_world.c for what it bounds without cgroups */
	int64_t disk_bytes; /* of each writable file system, and of one file */
	int64_t processes, files;
	bool address_space; /* whether RLIMIT_DATA may be used: sanitizers reserve far more than they use */
};

struct box_program {
	const char *path; /* in the box */
	char *const *argv, *const *envp;
	const char *cwd; /* in the box */
	enum box_std std[3];
	bool terminal_echo; /* what is written to the terminal's other side comes back, as for a person */
	const struct filter *filter;
};

/* A file to be put into the box before anything runs. Folders on the way are made. */
struct box_file {
	const char *path; /* absolute, in the box, below /prog, /work or /opt */
	struct bytes content; /* used when fd < 0 */
	int fd; /* read from its start; or -1 */
	mode_t mode;
};

struct box_options {
	uid_t uid; /* used as root: the ordinary user and group to become; must not be 0 */
	struct box_limits limits;
	const struct box_program *programs;
	size_t n_programs;
	const struct box_file *files;
	size_t n_files;
	int cpu; /* pin everything to this processor; -1: do not */
};

struct box;

/* What init or a keeper reports. */
enum box_news_kind {
	BOX_NEWS_READY, /* the program waits for box_go; pid as the worker sees it */
	BOX_NEWS_EXEC_FAILED, /* value: errno */
	BOX_NEWS_ENDED, /* value: wait status; rusage of it and its children */
	BOX_NEWS_FAULT, /* value: errno; something of ours failed, text says what */
};

struct box_news {
	enum box_news_kind kind;
	int program;
	int value;
	pid_t pid;
	pid_t pid_inside; /* as the program sees itself */
	struct rusage usage;
	char text[80];
};

/*
 * Moves this process into a new world and starts its init.
 *
 * *ret  the box; it lives until the process ends
 * -1    FAULT_WORLD: this machine or container refuses (the text says which step, and why that usually is);
 *       FAULT_SYSTEM otherwise. The process is then of no use any more: _exit.
 */
int box_enter(struct box **ret, const struct box_options *o, struct fault *f) MUST_CHECK;

/* Starts program `k`, waits until it is ready (before exec), and gives its pid as this process sees it, and as it itself does. */
int box_start(struct box *b, int k, pid_t *ret_pid, pid_t *ret_pid_inside, struct fault *f) MUST_CHECK;

/* Lets program `k` exec. */
int box_go(struct box *b, int k, struct fault *f) MUST_CHECK;

/*
 * The worker's end of a program's standard descriptor 0, 1 or 2: the terminal's other side, the pipe's other end, or the
 * file. Non-blocking. -1 when there is none. With a terminal 0 and 1 are the same descriptor. The box keeps it.
 */
int box_std_fd(const struct box *b, int k, int std);

/* Closes the worker's end: end of file for a stdin that is a pipe. */
void box_std_close(struct box *b, int k, int std);

/* Readable when there is news. */
int box_news_fd(const struct box *b);

/*
 * One piece of news; *ret_any is false when there is none now. Ask after box_start too: what came while it waited does not make
 * the descriptor readable.
 */
int box_news(struct box *b, struct box_news *ret, bool *ret_any, struct fault *f) MUST_CHECK;

/* pid of init as this process sees it. */
pid_t box_init_pid(const struct box *b);

/* Kills init and with it every process of the box. The caller then reaps what it traces, and init. */
void box_kill(struct box *b);

/* Where the box's file tree stands for this process: "/mnt", say. */
const char *box_root(const struct box *b);

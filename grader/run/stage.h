/*
 * stage.h - runs one case: a box, its actors, one timeline of steps; gives back what happened, as an observation.
 *
 * Runs in a worker process of its own, which ends afterwards: the box cannot be left. One event loop (epoll, signalfd), no
 * threads, no fixed pauses. A step is tried again whenever something happened; it fails when it cannot happen any more
 * (every program ended, or sleeps with nobody to wake it: sandbox/observer), at the latest at its deadline.
 * May use: base/, conf/, model/, sandbox/, run/.
 */
#pragma once

#include "run/actor.h"
#include "sandbox/box/box.h"
#include "sandbox/observer/observer.h"

struct stage_job {
	const struct spec_case *c;
	const struct spec *spec;
	const int *program_fds; /* the built files, in the order of c->programs */
	unsigned watch; /* enum watch bits that its checks need */
	uid_t uid; /* to become when we are root */
	int cpu; /* processor to stay on; -1: any */
};

/* A process of a program; the journal speaks in the pids that programs see. */
struct process {
	pid_t pid; /* as we see it */
	pid_t inside; /* as it sees itself */
	int actor;
};

/* A student's program in the case. */
struct program_state {
	int box_index; /* -1 for peers */
	bool started, ended;
	bool accounted; /* its keeper has said what it used */
	pid_t pid;
	int status; /* wait status when ended */
	struct rusage usage;
	int64_t output[3]; /* captured bytes of descriptor 1 and 2 (1: the terminal's) */
	bool out_closed[3]; /* no more will come */
	/* the last two looks (observer_look) */
	struct sleep_look look;
	bool at_rest; /* two looks agreed: it sleeps for ever */
};

/* What a socket is bound to; by its own word (getsockname). */
struct bound_socket {
	const char *protocol; /* "udp", "tcp" */
	struct sockaddr_storage address;
	uint64_t inode;
	bool listening; /* tcp: state LISTEN; udp: always */
};

/* A block of steps being played. */
struct frame {
	const struct steps *steps;
	size_t next;
	int64_t times; /* still to come, this one included */
};

enum { FRAMES_MOST = 8, TICKERS_MOST = 16 };

/* Something a peer says again and again while the scenario goes on. */
struct ticker {
	struct peer *peer;
	struct bytes data;
	struct endpoint to;
	int64_t every_us, next_us; /* real time: next is clock_now_us() */
};

/* What probe_idle has seen since its step began. */
struct idle_watch {
	int64_t step_began_us;
	int64_t cpu_ns; /* used when the step began */
	uint64_t switches; /* likewise */
	int looks, asleep;
};

struct stage {
	const struct stage_job *job;
	const struct spec_case *c;
	struct arena *arena;
	struct observation *journal;
	struct box *box;
	struct observer *observer;
	int epoll;
	int signals; /* signalfd for SIGCHLD */
	int64_t began_ns;
	int64_t began_own_us; /* stage_own_time_us() */
	struct program_state *programs; /* one an actor; those of peers are unused */
	struct peer *peers; /* one an actor; those of programs are unused */
	struct process *processes;
	size_t n_processes, cap_processes;
	uint64_t *known_sockets; /* inodes that were journalled */
	size_t n_known, cap_known;
	int64_t step_began_us; /* the step being tried; stage_own_time_us() */
	struct idle_watch idle;
	int64_t bound_since_us; /* probe_bound: when the socket was first seen; stage_own_time_us() */
	struct ticker tickers[TICKERS_MOST];
	size_t n_tickers;
	struct frame frames[FRAMES_MOST]; /* the innermost block last */
	size_t n_frames;
	bool over; /* a limit ended the case */
	bool init_gone;
	bool stopping; /* we are ending what still runs */
	struct fault fault; /* the first that happened inside a callback; kind FAULT_NONE: none */
};

/*
 * ret  the whole journal, EV_END last
 * -1   a fault of ours: nothing may be concluded
 */
int stage_run(struct arena *a, const struct stage_job *job, struct observation *ret,
	      struct fault *f) MUST_CHECK;

/* ---- for steps and probes ---- */

struct step_kind {
	struct kind kind;
	unsigned watch; /* enum watch bits it needs */
	/* Tries once. Never blocks. -1 is a fault of ours. */
	int (*try)(struct stage *s, const struct step *st, struct attempt *ret, struct fault *f);
	/* All programs are at rest, and a last try said "wait". NULL: then it will never happen. */
	void (*rest)(struct stage *s, const struct step *st, struct attempt *ret);
	/* Why it failed, for the student. Pure. */
	struct text2 (*explain)(struct arena *a, const struct spec_case *c, const struct observation *o,
				const struct step *st, const struct event *e);
};

struct probe_kind {
	struct kind kind;
	unsigned watch;
	/* Whether the fact is there now. */
	int (*look)(struct stage *s, const struct step *st, void *params, struct attempt *ret,
		    struct fault *f);
	/* The program is at rest without it: NULL: it will never be. */
	void (*rest)(struct stage *s, const struct step *st, void *params, struct attempt *ret);
	struct text2 (*explain)(struct arena *a, const struct spec_case *c, const struct observation *o,
				const struct step *st, const void *params, const struct event *e);
};

/* Adds an event at the present time. */
void stage_note(struct stage *s, struct event e);

/* Sockets of all processes of an actor. In the stage's arena. */
void stage_sockets(struct stage *s, int actor, struct bound_socket **ret, size_t *ret_n);

/* Starts the program of an actor. */
int stage_start(struct stage *s, int actor, struct fault *f) MUST_CHECK;

/*
 * Time as the programs of the case have it since a moment: real time, and what was skipped for those that waited (hurry).
 * `since` is what the function itself returned.
 */
int64_t stage_own_time_us(const struct stage *s);

/* Keeps a ticker; beyond TICKERS_MOST it is forgotten: a spec has no use for so many. */
void stage_say_again(struct stage *s, const struct ticker *t);

static inline bool actor_is_process(const struct actor *a)
{
	return ((const struct actor_kind *)a->kind)->is_process;
}

/*
 * journal.h - an observation: what happened in a case, as a time-ordered journal of events. Facts only.
 *
 * One kind of event is one row of a table (EVENT_KINDS): its name and the meaning of its numbers, its text and its bytes.
 * Exported, each event is one line of JSON, the first line is a header: docs/observation.md.
 * May use: base/.
 */
#pragma once

#include "base/bytes.h"
#include "base/fault.h"

/* clang-format off */
/*	enum           name         numbers (up to 4)            text        data */
#define EVENT_KINDS(X)                                                                    \
	/* an actor's first process is about to exec */                                   \
	X(EV_START,     "start",     "",                          "program",  "")         \
	/* pid made `child`; thread: 1 if a thread */                                     \
	X(EV_FORK,      "fork",      "child thread",              "",         "")         \
	X(EV_EXEC,      "exec",      "",                          "",         "")         \
	/* how: enum end_kind; value: code or signal */                                   \
	X(EV_EXIT,      "exit",      "how value",                 "",         "")         \
	/* about to be delivered to pid */                                                \
	X(EV_SIGNAL,    "signal",    "signal",                    "",         "")         \
	/* a system call asked for; port and family: of its address */                    \
	X(EV_CALL,      "call",      "result port family",        "call",     "data")     \
	/* a socket of the actor has this local name: protocol, address */                \
	X(EV_BOUND,     "bound",     "port family",               "address",  "")         \
	/* bytes out of a descriptor */                                                   \
	X(EV_OUTPUT,    "output",    "fd",                        "",         "data")     \
	/* a peer sent, a peer received */                                                \
	X(EV_SENT,      "sent",      "result",                    "to",       "data")     \
	X(EV_RECEIVED,  "received",  "",                          "from",     "data")     \
	/* number: struct step.number; outcome: enum step_outcome */                      \
	X(EV_STEP,      "step",      "number outcome waited_us",  "came",     "data")     \
	/* every task of the actor sleeps; in which call */                               \
	X(EV_ASLEEP,    "asleep",    "timed",                     "where",    "")         \
	/* with nothing to do it used the processor, or did not */                        \
	X(EV_BUSY,      "busy",      "cpu_us wall_us",            "",         "")         \
	X(EV_IDLE,      "idle",      "cpu_us wall_us",            "",         "")         \
	/* children of the actor that are not reaped, now */                              \
	X(EV_ZOMBIES,   "zombies",   "count",                     "",         "")         \
	/* a limit was hit */                                                             \
	X(EV_LIMIT,     "limit",     "limit",                     "name",     "")         \
	/* a memory error that the asan variant reported */                               \
	X(EV_SANITIZER, "sanitizer", "",                          "what",     "data")     \
	/* left in the world when all was over */                                         \
	X(EV_RESIDUE,   "residue",   "count",                     "what",     "")         \
	/* of an actor's whole process tree; waits: of the case, when hurried */          \
	X(EV_USAGE,     "usage",     "cpu_us rss_bytes waits",    "",         "")         \
	/* the case is over; nothing is missing */                                        \
	X(EV_END,       "end",       "",                          "",         "")
/* clang-format on */

enum event_kind {
#define X(id, name, numbers, text, data) id,
	EVENT_KINDS(X)
#undef X
};

enum end_kind { END_EXITED, END_SIGNALED, END_KILLED_BY_GRADER };

enum step_outcome {
	STEP_DONE, /* what it asked for happened */
	STEP_MISMATCH, /* something else came: text and data say what */
	STEP_NEVER, /* it cannot happen any more: the program ended, or sleeps for ever; text says which */
	STEP_TIMEOUT, /* it had not happened at the deadline */
	STEP_IMPOSSIBLE, /* it could not be tried (no such address): text says why */
};

enum { EVENT_NUMBERS = 4 };

struct event {
	int64_t at_ns; /* since the case began */
	enum event_kind kind;
	int actor; /* index in the case, or -1 */
	int32_t pid; /* as the program sees it where known; 0: none */
	int64_t n[EVENT_NUMBERS];
	const char *text; /* UTF-8 of ours; "" when none */
	struct bytes data;
};

struct observation {
	struct arena *arena;
	struct event *events;
	size_t n, cap;
	int64_t wall_us;
};

struct event_shape {
	const char *name;
	const char *numbers; /* names, separated by blanks */
	const char *text, *data;
};
const struct event_shape *event_shape(enum event_kind k);

/*
 * Appends a copy of *e (text and data copied into the arena). A fact that is learned late stands where it was learned: an
 * at_ns before that of the last event is raised to it.
 */
void journal_add(struct observation *o, const struct event *e);

/* First event of that kind for that actor (-1: any) at or after index `from`; NULL when none. */
const struct event *journal_find(const struct observation *o, enum event_kind k, int actor, size_t from);

/* All that an actor wrote to a descriptor, joined. */
struct bytes journal_output(const struct observation *o, struct arena *a, int actor, int fd);

/*
 * Appends one JSON line per event, a header line first. Bytes are base64 unless they are plain UTF-8. Only what the
 * event's shape names is written.
 */
void journal_write(const struct observation *o, struct buf *ret);

/*
 * Reads what journal_write wrote. The text comes from a worker that watched a hostile program: everything is checked.
 *
 * -1  FAULT_WORKER: not a journal, cut short (no EV_END), or an event of a shape we do not know; *ret is untouched
 */
int journal_read(struct arena *a, struct bytes text, struct observation *ret, struct fault *f) MUST_CHECK;

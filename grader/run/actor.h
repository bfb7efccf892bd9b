/*
 * actor.h - what can play in a case: the student's programs (kind "run") and peers (the opposite roles).
 *
 * A peer is a kind with functions; it lives in the stage's event loop, never blocks, and journals all that it says and hears.
 * Peers stand in reference/peers/, one file a kind.
 * May use: base/, conf/, model/.
 */
#pragma once

#include "model/journal.h"
#include "model/spec.h"

#include <sys/socket.h>

struct stage;
struct peer;

/* Whether a step got what it asked for. */
enum tried { TRIED_DONE, TRIED_WAIT, TRIED_FAILED };

struct attempt {
	enum tried tried;
	enum step_outcome outcome; /* when TRIED_FAILED */
	const char *came; /* a word or two of ours: the call it sleeps in, an address; "" when none */
	struct bytes data; /* what came instead, of a mismatch */
};

struct message {
	struct bytes data;
	struct sockaddr_storage from;
	socklen_t from_len;
};

struct actor_kind {
	struct kind kind;
	bool is_process;
	/* Opens what it needs, before any program starts. -1: a fault of ours. */
	int (*open)(struct peer *p, struct fault *f);
	/* p->fd is readable: everything that is there goes to peer_take_in(). */
	void (*ready)(struct peer *p);
	/* Says `data`; to->len 0: to whom the kind itself thinks. */
	void (*send)(struct peer *p, struct bytes data, const struct endpoint *to, struct attempt *ret);
	void (*close)(struct peer *p);
};

struct peer {
	struct stage *stage;
	const struct actor *actor;
	const struct actor_kind *kind;
	int index; /* of the actor in the case */
	int fd; /* non-blocking; -1 when closed */
	struct message *inbox; /* in the order of arrival */
	size_t n, cap;
	size_t taken; /* how many of them an expect has taken */
	size_t bytes; /* held in all, against limits.output_bytes */
	struct sockaddr_storage destination; /* resolved when it first spoke; destination_len 0: not yet */
	socklen_t destination_len;
	struct sockaddr_storage sender; /* of the last message */
	socklen_t sender_len;
};

/* Params of kind "run"; argv first: spec_load relies on it. */
struct run_params {
	struct texts argv;
	int stdin_is, stdout_is, stderr_is; /* enum box_std */
	struct texts env; /* NAME=value, added */
};

/* Journals a received message and puts it into the inbox. */
void peer_take_in(struct peer *p, struct bytes data, const struct sockaddr_storage *from, socklen_t from_len);

/* Journals what was said. `result` is the number of bytes, or -errno. */
void peer_said(struct peer *p, struct bytes data, const struct sockaddr_storage *to, int64_t result);

/*
 * The address an endpoint stands for, now: its own, where a program has a socket of `protocol` bound (127.0.0.1 when it
 * listens on every address), or who last spoke to a peer. False when there is none.
 */
bool stage_resolve(struct stage *s, const struct endpoint *e, const char *protocol,
		   struct sockaddr_storage *ret, socklen_t *ret_len);

/* "127.0.0.1:4444", "[::1]:4444". */
const char *address_text(struct arena *a, const struct sockaddr_storage *address);

/* Its port in host order; 0 when it has none. */
int address_port(const struct sockaddr_storage *address);

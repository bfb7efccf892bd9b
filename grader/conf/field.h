/*
 * field.h - what a spec may say, as tables of fields; and the one function that reads them.
 *
 * A *kind* (of actor, step, probe, check) has a name, a help line, and a table of fields. In a spec a kind is written as a
 * map with the kind's name as one key, whose value is the *main* field, and the other fields beside it:
 *
 *	alice:   {udp-client: serveur, from: "127.0.0.2:0"}
 *	- alice: {send: "bonjour", to: serveur}
 *	- {output: client, lines: ["Recu : bonjour"]}
 *	- alice: close                                    a kind that needs no field may stand alone
 *
 * Messages, `grader kinds`, the JSON Schema and the language manual all come from these tables.
 * May use: base/, conf/conf.h.
 */
#pragma once

#include "base/text.h"
#include "conf/conf.h"

#include <sys/socket.h>

enum field_type {
	FIELD_TEXT, /* const char * (NULL when absent) */
	FIELD_TEXT2, /* struct text2: {fr:, en:}, or one text for both */
	FIELD_TEXTS, /* struct texts: a list of texts (numbers are taken as written), or one text */
	FIELD_BYTES, /* struct bytes: see payload forms in docs/spec.md: "text", {hex:}, {repeat:, times:}, {all-bytes: true}, a list of those */
	FIELD_PATTERN, /* struct pattern: a payload (exact), {starts: payload}, {any: true}, {length: n}; ANY when absent */
	FIELD_INT, /* int64_t */
	FIELD_DURATION, /* int64_t microseconds: 5s, 300ms, 10us, 2min */
	FIELD_SIZE, /* int64_t bytes: 128MiB, 64KiB, 100 */
	FIELD_POINTS, /* int64_t hundredths: 2, 0.5, 1.25 */
	FIELD_BOOL, /* bool */
	FIELD_CHOICE, /* int: the value of the choice */
	FIELD_ACTOR, /* int: index of an actor of the case; -1 when absent */
	FIELD_ENDPOINT, /* struct endpoint: "1.2.3.4:4444", "[::1]:4444", or the name of an actor */
	FIELD_SOCKET, /* struct socket_name: "udp", "udp:4444" */
	FIELD_PROBE, /* struct kinded: a probe */
	FIELD_STEPS, /* struct steps: a list of steps */
	FIELD_NODE, /* const struct node * (NULL when absent): a part that somebody else reads; the help says what it is */
};

struct texts {
	const char **at; /* n texts and a NULL */
	size_t n;
};

enum pattern_kind { PATTERN_EXACT, PATTERN_STARTS, PATTERN_ANY, PATTERN_LENGTH };

struct pattern {
	enum pattern_kind kind;
	struct bytes bytes; /* EXACT, STARTS */
	int64_t length; /* LENGTH */
};

struct endpoint {
	int actor; /* -1: the address */
	struct sockaddr_storage address;
	socklen_t len; /* 0 when the field is absent */
};

enum { PORT_ANY = -1 };

struct socket_name {
	const char *protocol; /* "udp", "tcp"; NULL when absent */
	int port; /* PORT_ANY, or 0..65535 */
};

struct choice {
	const char *name; /* NULL ends the list */
	int value;
	const char *help;
};

struct field {
	const char *key;
	enum field_type type;
	size_t offset; /* where the value goes in the params struct */
	bool required;
	bool main; /* the value that stands beside the kind's own name */
	int64_t min,
		max; /* for numbers; both 0: no limit but the type's; max below min: no upper limit. For texts and lists: the length */
	const char *dflt; /* as it would be written, {…} and […] too; NULL: absent */
	const struct choice *choices;
	const char *unit; /* for people: "microseconds" */
	const char *help;
};

struct kind {
	const char *name;
	const char *help; /* one line, English */
	const struct field *fields;
	size_t n_fields;
	size_t size; /* of the params struct; may be 0 */
	bool no_actor; /* steps: stands alone (repeat), not under an actor */
	/* steps, probes: names of the actor kinds they work on; checks: of the actor in their main field; NULL: all */
	const char *const *on;
	/* Looks at what was read as a whole, when all of it was right; may resolve things; adds problems. May be NULL. */
	void (*finish)(void *params, struct arena *a, const struct pos *pos, struct problems *p);
};

/* A value whose form is decided by its kind. */
struct kinded {
	const struct kind *kind; /* NULL when absent */
	void *params;
	struct pos pos;
};

struct steps {
	struct step *at; /* model/spec.h */
	size_t n;
};

/* The tables of all kinds, NULL-terminated. cli/ fills it; the lower layers only see this. */
struct vocabulary {
	const struct kind *const *actors, *const *steps, *const *probes, *const *checks;
};

/* What the reading of a case needs to know. */
struct reader {
	struct arena *arena;
	struct problems *problems;
	const struct vocabulary *vocabulary;
	const char *const *actor_names; /* of the case, NULL-terminated; NULL outside a case */
	const struct kind *const *actor_kinds; /* same order */
	/* FIELD_STEPS: read by the spec layer */
	void (*read_steps)(struct reader *r, const struct node *list, struct steps *ret);
	size_t payload_bytes; /* of all payloads built so far: at most 64 MiB a spec */
};

/*
 * Reads a map into *params by the table. Unknown keys, missing ones, wrong types and values out of range become problems;
 * absent fields get their default. `skip` (may be NULL) is a NULL-terminated list of keys that somebody else reads.
 */
void fields_read(struct reader *r, const struct node *map, const struct field *fields, size_t n,
		 const char *const *skip, void *params);

/*
 * Reads a map that names exactly one kind of `kinds`, or a scalar that is the name of one. `what` is the word for messages
 * ("step"). `skip` as above. The result has kind NULL when there was a problem.
 */
struct kinded kinded_read(struct reader *r, const struct node *n, const struct kind *const *kinds,
			  const char *what, const char *const *skip);

/* "duration", "text in both languages", … for manuals and messages. */
const char *field_type_name(enum field_type type);

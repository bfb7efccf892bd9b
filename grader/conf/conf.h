/*
 * conf.h - a YAML file as a tree of nodes that know where they stand; and the list of what is wrong with the file.
 *
 * libyaml's events are read (never its document API): aliases are copied within limits, keys said twice are refused.
 * Nothing here stops at the first error: problems are collected, and the caller goes on with what can be read.
 * May use: base/.
 */
#pragma once

#include "base/arena.h"
#include "base/bytes.h"
#include "base/fault.h"

struct pos {
	const char *file;
	int line, column; /* from 1 */
};

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	struct pos pos;
	/* NODE_SCALAR */
	struct bytes text; /* followed by a NUL that does not count */
	bool quoted; /* "4444" is a text, 4444 is a number or a text */
	/* NODE_LIST: n items; NODE_MAP: n keys (scalars) and n items */
	struct node **keys, **items;
	size_t n;
	bool cut; /* the reading ended inside: what seems to be missing may stand in the part that was not read */
};

struct problem {
	struct pos pos;
	bool warning; /* lint's advice; an error otherwise */
	const char *text; /* what was found, what was expected, "did you mean" */
};

struct problems {
	struct arena *arena;
	struct problem *at;
	size_t n, cap;
	size_t errors; /* added so far, those that were not kept counted too; warnings not */
};

enum { PROBLEMS_MOST = 200 };

/*
 * Adds "text" at pos. The same text at the same place is kept once. At most 200 are kept, the last one then says so; an
 * error takes the place of a warning.
 */
void problem_add(struct problems *p, const struct pos *pos, bool warning, const char *fmt, ...) PRINTF(4, 5);

#define PROBLEM(p, pos, ...) problem_add((p), (pos), false, __VA_ARGS__)
#define ADVICE(p, pos, ...) problem_add((p), (pos), true, __VA_ARGS__)

/* In the order of the file: by line, then column. */
void problems_sort(struct problems *p);

/*
 * Reads the one document in `text`. `file` is the name for messages.
 *
 * *ret    the tree, or NULL when nothing could be read; problems say what was wrong either way
 * limits  1 MiB of text, 20,000 nodes (aliases counted as copied), depth 32, scalars of 64 KiB; no tags, no merge keys
 * shared  an alias is the anchor's own node, at the anchor's place: the tree is to be read, not changed
 */
void conf_read(struct arena *a, const char *file, struct bytes text, struct problems *p, struct node **ret);

enum {
	CONF_TEXT_MOST = 1024 * 1024,
	CONF_NODES_MOST = 20000,
	CONF_DEPTH_MOST = 32,
	CONF_SCALAR_MOST = 64 * 1024
};

/* The item under `key` of a map, or NULL; of no map: NULL. */
struct node *node_get(const struct node *map, const char *key);

/* Whether nothing was written: "key:" and no value. */
bool node_is_empty(const struct node *n);

/* Whether it is a scalar with exactly these letters. */
bool node_is_text(const struct node *n, const char *text);

/* Says which keys of the map stand there twice. */
void node_check_keys(const struct node *map, struct arena *scratch, struct problems *p);

/* A scalar that stands in no file, at a place of one. Lives in the arena; the text is borrowed. */
struct node *node_scalar(struct arena *a, const struct pos *pos, struct bytes text);

/* For messages: "a list", "a map", "the text \"abc\"". */
const char *node_describe(struct arena *a, const struct node *n);

/*
 * value.h - the value of one field: from a node to bytes in a params struct. Used by field.c and by the spec's readers.
 *
 * Every reader says what is wrong in `problems` and returns false; *ret is then as if the field were absent.
 * May use: base/, conf/.
 */
#pragma once

#include "conf/field.h"

typedef bool value_reader(struct reader *r, const struct field *f, const struct node *n, void *ret);

/* Reads by f->type into *ret (whose type field.h tells). f->key is the name in messages. */
bool value_read(struct reader *r, const struct field *f, const struct node *n, void *ret);

/* What stands in a params struct when the field is not written: its default, or nothing. */
void value_absent(struct reader *r, const struct field *f, const struct pos *pos, void *ret);

/* "a duration such as 5s, 300ms, 10us or 2min" */
const char *value_expected(enum field_type type);

/* A number as it would be written: 1500000 µs is "1500ms", 25 hundredths are "0.25". */
const char *value_show(struct arena *a, enum field_type type, int64_t value);

/* "'time' must be a duration …; found the text "abc" (why)". why may be NULL. Returns false. */
bool value_wrong(struct reader *r, const struct field *f, const struct node *n, const char *why);

/* Whether a length or count is within f->min and f->max; says so when not. `noun` is "byte", "item". */
bool value_length_ok(struct reader *r, const struct field *f, const struct node *n, size_t length,
		     const char *noun);

/* A number as people write it: sign and digits, exactly. Not for anything with a unit. */
struct number {
	bool negative;
	uint64_t size;
};

/* Takes digits (and a sign before them) from *at. NULL, or why not. */
const char *number_take(const char **at, struct number *ret);

/* " (did you mean 'x'?)" or "". */
const char *did_you_mean(struct reader *r, const char *word, const char *const *candidates);

/* "a, b or c"; `names` is NULL-terminated. */
const char *names_joined(struct arena *a, const char *const *names);

/* The scalar as a text without NUL, or NULL. */
const char *node_as_text(const struct node *n);

value_reader value_int, value_duration, value_size, value_points;
value_reader value_bytes, value_pattern;
value_reader value_endpoint, value_socket;

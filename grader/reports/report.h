/*
 * report.h - marks for people and for programs. Each kind is a file report_NAME.c and a row in list.h.
 *
 *	report_begin, report_add for each submission, report_end
 *
 * A report is written as the submissions come: memory does not grow with their number (but for 8 bytes each in `text`,
 * for the median). Whatever a student may have chosen (names, output, compiler messages) is escaped for where it is shown.
 * May use: base/, model/, score/mark.h.
 */
#pragma once

#include "model/sheet.h"

#include <stdio.h>

struct report_options {
	enum lang lang;
	bool colour; /* ANSI escapes: for a terminal only */
	size_t width; /* columns; 0: lines may be as long as they like */
	bool for_student; /* hidden cases are counted, but neither named nor explained */
};

/* A report that is being written. Open for the kinds; others use the functions below. */
struct report {
	const struct report_kind *kind;
	FILE *out; /* borrowed */
	const struct spec *spec; /* borrowed */
	struct report_options options;
	void *state; /* kind->state_size bytes, zeroed at the beginning */
};

struct report_kind {
	const char *name;
	const char *help; /* one line, English */
	size_t state_size;
	void (*begin)(struct report *r);
	void (*add)(struct report *r, const struct sheet *sheet);
	void (*end)(struct report *r); /* frees what the state points to */
};

/* All kinds, NULL-terminated, in the order of list.h. */
extern const struct report_kind *const report_kinds[];

/* NULL: no such kind. */
const struct report_kind *report_kind_named(const char *name);

/* `out` and `s` must live until report_end. */
void report_begin(struct report *r, const struct report_kind *kind, FILE *out, const struct spec *s,
		  const struct report_options *options);

void report_add(struct report *r, const struct sheet *sheet);

/*
 * Writes what comes last, and flushes; `out` stays open. Always to be called, also when the run was cut: what was written
 * so far becomes a valid report.
 *
 * -1  FAULT_SYSTEM: something, now or before, could not be written
 */
int report_end(struct report *r, struct fault *f) MUST_CHECK;

/*
 * A safe file name for a submission, without suffix: no '/', no control characters, no leading dot or dash, no '..', never
 * empty, at most 200 bytes. Different names give different files: what cannot stand is written %HH, and a name that is
 * too long is cut and ends in ~ and a part of its hash.
 */
const char *report_file_name(struct arena *a, const char *name);

/*
 * What the report says of a case: its verdict's message; for a student a hidden case only says that it is one.
 */
struct text2 report_message(const struct report *r, const struct case_score *c);

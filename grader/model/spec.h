/*
 * spec.h - a lab sheet as data: programs, rubric, cases. Plain and open; lives in the spec's arena.
 *
 * May use: base/, conf/ (for positions and kinds).
 */
#pragma once

#include "base/text.h"
#include "conf/field.h"

struct limits {
	int64_t time_us; /* wall time of a case: the last resort that ends a hang */
	int64_t cpu_us; /* of one process */
	int64_t memory_bytes; /* of the whole box */
	int64_t output_bytes; /* captured of each descriptor */
	int64_t disk_bytes; /* of each writable file system of the box */
	int64_t processes; /* at any one time, threads counted */
	int64_t files; /* open descriptors of a process */
};

struct program {
	const char *name;
	struct texts sources; /* default: NAME.c */
	struct texts flags; /* added to the common ones */
	const char *target; /* of make; default: the name */
	struct pos pos;
};

/* How a program is built. */
enum variant {
	VARIANT_PLAIN, /* as the common rules say */
	VARIANT_ASAN, /* + -g -fsanitize=address -ftrivial-auto-var-init=pattern: memory errors end it, unset memory is seen */
};
enum { VARIANT_COUNT = 2 };
const char *variant_name(enum variant v);

enum rubric_rule {
	RUBRIC_SHARE, /* the (weighted) share of its cases that pass */
	RUBRIC_ALL, /* all points or none */
};

struct rubric_line {
	const char *id;
	int64_t points; /* hundredths */
	struct text2 title, hint; /* hint may be NULL */
	int rule; /* enum rubric_rule */
	struct pos pos;
};

struct actor {
	const char *name;
	const struct kind *kind; /* run, udp-client, … */
	void *params;
	struct pos pos;
};

struct step {
	const struct kind *kind;
	void *params;
	int actor; /* index in the case; -1 for repeat and its like */
	int64_t within_us; /* 0: the case's own time */
	int number; /* from 0, in the order of the text, unique in the case; steps inside repeat too */
	struct pos pos;
};

struct check {
	const struct kind *kind;
	void *params;
	struct pos pos;
};

enum visibility { CASE_PUBLIC, CASE_HIDDEN };

struct spec_case {
	const char *id; /* foreach is expanded: each is a case of its own */
	int rubric; /* index of its line */
	int64_t weight; /* in the share of its line; 1 by default */
	struct text2 title; /* may be NULL */
	struct text2 hint; /* may be NULL: then the line's */
	int visibility; /* enum visibility */
	int variant; /* enum variant */
	int64_t waits_us; /* time that the sheet itself makes this case wait: such cases start first and run beside others */
	int64_t hurry; /* how many times as fast time passes for programs that wait: 1 is real time */
	struct limits limits;
	struct actor *actors;
	size_t n_actors;
	struct steps scenario;
	struct check *checks;
	size_t n_checks;
	size_t *programs; /* indexes of the programs it runs */
	size_t n_programs;
	struct pos pos;
	const char *hash; /* hexadecimal: of all in the spec that decides this case's result */
};

struct spec {
	const char *path;
	const char *id;
	struct text2 title;
	struct limits limits;
	struct program *programs;
	size_t n_programs;
	struct rubric_line *rubric;
	size_t n_rubric;
	struct spec_case *cases;
	size_t n_cases;
	int64_t total; /* hundredths: sum of the rubric's points */
	const char *hash; /* hexadecimal SHA-256 of the file */
};

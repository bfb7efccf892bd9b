/*
 * spec_reader.h - what the files that read a spec share. Private to spec/.
 */
#pragma once

#include "spec/foreach.h"
#include "spec/spec_fields.h"

struct spec_reader {
	struct reader reader; /* stays first: read_steps finds the rest by it */
	struct spec spec; /* as far as it is read */
	/* whether all of them are known; else nothing is said about one that is not */
	bool knows_lines, knows_programs, knows_cases;
	size_t cap_cases;
	bool line_used[RUBRIC_MOST], program_used[PROGRAMS_MOST];
	struct expansion expansion; /* how much foreach has made so far */
	/* of the case that is being read */
	int next_step;
	bool can_fail; /* a step of it was seen that can */
};

/* Whether the text may be an id: letters, digits, '-', '_', '.'; not '-' or '.' first. Says so when not. */
bool id_check(struct spec_reader *s, const struct pos *pos, const char *what, const char *id);

/* Reads limits: what is not said is as in *base, or the default when base is NULL. */
void limits_read(struct spec_reader *s, const struct node *n, const struct limits *base, struct limits *ret);

/* Reads one entry of 'cases': with foreach it becomes several. */
void case_read(struct spec_reader *s, const struct node *n);

/* Reads the steps of a scenario, or those inside a step. `r` is the reader of a struct spec_reader. */
void steps_read(struct reader *r, const struct node *list, struct steps *ret);

/* Whether a kind with this `on` works on actors of that kind. */
bool works_on(const struct kind *k, const struct kind *actor);

/* Hexadecimal hash of all that decides the result of *c; `n` is the case after foreach. Lives in the arena. */
const char *case_hash(struct spec_reader *s, const struct node *n, const struct spec_case *c);

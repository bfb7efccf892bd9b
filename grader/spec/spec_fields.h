/*
 * spec_fields.h - the tables of what stands in a spec besides the kinds: the file itself, programs, limits, rubric lines,
 * cases, and what may stand beside any step. The readers use them, and so does the manual.
 *
 * May use: base/, conf/, model/.
 */
#pragma once

#include "conf/field.h"
#include "model/spec.h"

struct field_table {
	const char *name; /* "limits" */
	const char *help; /* one line, English */
	const struct field *fields;
	size_t n;
	size_t size; /* of the struct that the offsets count in */
};

/* The file as it is written. */
struct spec_text {
	int64_t version;
	const char *id;
	struct text2 title;
	const struct node *programs, *limits, *rubric, *cases;
};

/* A case as it is written. */
struct case_text {
	const char *id, *rubric;
	int64_t weight, waits_us, hurry;
	struct text2 title, hint;
	int visibility, variant;
	const struct node *foreach, *limits, *actors, *scenario, *checks;
};

extern const struct field_table spec_table; /* struct spec_text */
extern const struct field_table program_table; /* struct program */
extern const struct field_table limits_table; /* struct limits; all fields are int64_t */
extern const struct field_table rubric_table; /* struct rubric_line */
extern const struct field_table case_table; /* struct case_text */
extern const struct field_table
	step_table; /* struct step: the keys that may stand beside those of its kind */

/* The tables in the order in which a manual shows them; NULL-terminated. */
extern const struct field_table *const spec_tables[];

/* The longest id, and how many of each thing a spec may have. */
enum { ID_MOST = 64, PROGRAMS_MOST = 50, RUBRIC_MOST = 200, CASES_MOST = 2000, ACTORS_MOST = 64 };

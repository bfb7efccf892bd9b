/*
 * sheet.h - one submission's marks: what all reports are made from.
 */
#pragma once

#include "model/spec.h"
#include "model/verdict.h"

struct line_score {
	const struct rubric_line *line;
	int64_t earned; /* hundredths */
	bool graded; /* false: a case of it met a fault of ours, and the mark is not settled */
};

struct case_score {
	const struct spec_case *c;
	struct verdict verdict;
	int64_t wall_us; /* of the run; 0 when it was not run */
};

struct build_score {
	const struct program *program;
	bool built; /* false: it did not compile, or there is no source */
	int64_t warnings; /* of the compiler */
	struct bytes log; /* what the compiler said, cut at 64 KiB; bytes of strangers */
	const char *first_error; /* "file:line: text", or NULL; UTF-8, escaped for one line */
};

struct sheet {
	const char *folder; /* its very name, whatever bytes it has */
	const char *name; /* the folder's; UTF-8 (bytes that are not are shown as \xHH) */
	int64_t mark, total; /* hundredths */
	bool graded; /* all lines are */
	struct line_score *lines; /* spec->n_rubric */
	struct case_score *cases; /* spec->n_cases */
	struct build_score *builds; /* spec->n_programs */
	struct fault *faults; /* what went wrong on our side */
	size_t n_faults;
	struct text2
		*remarks; /* about the folder: "no Makefile and no .c file", "3 symbolic links ignored" */
	size_t n_remarks;
};

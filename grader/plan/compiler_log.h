/*
 * compiler_log.h - what a compiler (and make, and the linker) wrote: kept within bounds, counted, its first error found.
 *
 *	CLEANUP(compiler_log_done) struct compiler_log log = { 0 };
 *	compiler_log_add(&log, bytes);            as they come, in any pieces
 *	compiler_log_close(&log);
 *	compiler_log_kept(&log, arena), log.warnings, compiler_log_first_error(&log, arena)
 *
 * The bytes are strangers': a Makefile may print what it likes. So the numbers are for people and decide no mark.
 * Counts are of the whole text, also of what is not kept.
 * May use: base/.
 */
#pragma once

#include "base/bytes.h"

enum {
	LOG_FIRST = 48 * 1024, /* kept of the beginning, where the first error is */
	LOG_LAST = 16 * 1024, /* kept of the end */
	LOG_LINE = 1024, /* understood of a line */
};

struct compiler_log {
	int64_t bytes; /* in all */
	int64_t warnings; /* lines like "prog.c:3:5: warning: …", "cc1: warning: …" */
	int64_t errors; /* likewise */

	struct buf first; /* the rest is private */
	char *last; /* a ring of LOG_LAST bytes, used when `first` is full */
	char line[LOG_LINE];
	size_t line_len;
	char best[LOG_LINE]; /* the line of the first error */
	size_t best_len;
	int best_rank;
};

void compiler_log_done(struct compiler_log *l);

void compiler_log_add(struct compiler_log *l, struct bytes b);

/* The last line may lack its \n: this counts it. */
void compiler_log_close(struct compiler_log *l);

/* At most 64 KiB and one line of ours that says how many bytes are missing in the middle. Raw: escape it where it is shown. */
struct bytes compiler_log_kept(const struct compiler_log *l, struct arena *a);

/*
 * The first error as "file:line: text", one line, escaped; NULL when there is none. An error of the compiler (or a
 * place in the Makefile) goes before one of the linker, that before "make: *** …": each is the consequence of the former.
 */
const char *compiler_log_first_error(const struct compiler_log *l, struct arena *a);

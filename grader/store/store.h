/*
 * store.h - what has been graded: DIR/results.db (SQLite) and the programs that were built, DIR/programs/KEY.
 *
 * Life:   store_open, (store_begin_run, store_add_submission, jobs…, store_end_run)…, store_close.
 * A job:  store_find by its key; when it is not there, run it and store_put it, or store_put_fault; store_link it to the
 *         submission it was wanted for. A key is the hash of all that decides the job's result, 64 hexadecimal digits:
 *         what is found under it need not be run again, whichever run or submission it was run for.
 *
 * Each function that changes something is one transaction: after a kill -9 what was told to be stored is there. After
 * FAULT_SYSTEM (disk full, …) what was stored before is there and the store can still be used.
 * One writer: the grader's own process. Workers, forked from it, leave the store alone, except for the names of the
 * programs. Nothing in memory grows with the number of jobs. Times of day are microseconds since 1970.
 *
 * Faults of all functions but where told: FAULT_SYSTEM: cannot be written, the text names the folder;
 * FAULT_INPUT: results.db is damaged.
 * May use: base/, model/.
 */
#pragma once

#include "base/arena.h"
#include "model/verdict.h"

struct store;

/*
 * Makes the folder where it is missing, and takes it for this process until store_close or its end.
 * Runs that were being made when a grader died are marked as cut when the next one begins.
 *
 * -1  FAULT_INPUT: in use by another grader; results.db damaged, not the grader's, or of a newer grader
 *     FAULT_SYSTEM: cannot be made or opened
 */
int store_open(const char *dir, struct store **ret, struct fault *f) MUST_CHECK;

/* Takes NULL. A run that was not ended stays as "running" and is marked as cut by the next. */
void store_close(struct store *s);

static inline void store_closep(struct store **s)
{
	store_close(*s);
}

struct run_info { /* none NULL */
	const char *spec_id, *spec_hash, *spec_path;
	const char *version; /* of the grader */
	const char *kernel, *compiler;
	const char *options; /* the command line */
};

int store_begin_run(struct store *s, const struct run_info *info, int64_t *ret_run,
		    struct fault *f) MUST_CHECK;

enum run_end {
	RUN_DONE, /* "done": all was graded, but for the faults */
	RUN_STOPPED, /* "stopped": by the user */
	RUN_FAILED, /* "failed": by a fault that ended the run */
};

int store_end_run(struct store *s, int64_t run, enum run_end end, struct fault *f) MUST_CHECK;

struct stored_submission {
	const char *name, *path, *hash;
	struct text2 remarks; /* one a line; may be NULL */
};

int store_add_submission(struct store *s, int64_t run, const struct stored_submission *sub,
			 struct fault *f) MUST_CHECK;

enum stored_kind { STORED_BUILD, STORED_CASE };

struct stored_job {
	const char *key;
	enum stored_kind kind;
	struct verdict
		verdict; /* never OUTCOME_FAULT. A build: OUTCOME_PASS, or OUTCOME_FAIL and what the compiler said */
	int64_t wall_us;
	int64_t warnings; /* of the compiler */
	const char *first_error; /* of the compiler; may be NULL */
	struct bytes log; /* of the compiler; may be empty */
	struct bytes journal; /* as journal_write wrote it, at most 64 MiB; may be empty. Kept compressed */
};

/*
 * Looks a job up. *ret_found false: it has to be run. Else *ret is filled, its texts in the arena, but for the journal,
 * which is left empty: store_find_journal.
 */
int store_find(struct store *s, struct arena *a, const char *key, struct stored_job *ret, bool *ret_found,
	       struct fault *f) MUST_CHECK;

/* The journal of a job; empty when the job is not there or has none. */
int store_find_journal(struct store *s, struct arena *a, const char *key, struct bytes *ret,
		       struct fault *f) MUST_CHECK;

/* Keeps a result; an older one under the same key is replaced. FAULT_BUG: an OUTCOME_FAULT, or a key that is none. */
int store_put(struct store *s, int64_t run, const struct stored_job *job, struct fault *f) MUST_CHECK;

/* A submission of a run, and which job gave its item: a case's id, or "build:PROGRAM". */
struct stored_place {
	int64_t run;
	const char *submission,
		*item; /* item may be NULL for a fault of the whole submission; both, for one of the run */
};

int store_link(struct store *s, const struct stored_place *at, const char *key, struct fault *f) MUST_CHECK;

/* Records that we failed. It is history only: store_find never finds it, so the next run tries again. */
int store_put_fault(struct store *s, const struct stored_place *at, const struct fault *what,
		    struct fault *f) MUST_CHECK;

/* Where the program of a build stands or will stand: absolute, in the arena. Good in a worker too. */
const char *store_program_path(const struct store *s, struct arena *a, const char *key);

/* Whether it stands there: a build that is found without its program has to be made again. */
bool store_has_program(const struct store *s, const char *key);

/* Writes it beside, 0755, and renames it: there is never half a program. Good in a worker too. */
int store_put_program(const struct store *s, const char *key, struct bytes program,
		      struct fault *f) MUST_CHECK;

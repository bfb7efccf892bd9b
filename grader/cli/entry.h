/*
 * entry.h - one submission under way: what is to be built, what is to be run, what has come of it.
 */
#pragma once

#include "cli/pipeline.h"
#include "plan/build_plan.h"
#include "plan/snapshot.h"
#include "run/worker.h"

/* What all submissions of a run share. */
struct context {
	const struct pipeline_options *o;
	struct compiler compiler;
	size_t cases_cached;
};

void context_init(struct context *x, const struct pipeline_options *o);

enum job_state { JOB_UNWANTED, JOB_READY, JOB_RUNNING, JOB_DONE };

/* A build of (program, variant), or a case. */
struct job {
	struct entry *entry;
	enum job_state state;
	worker_fn *body; /* given to the pool with the job itself */
	const struct spec_case *c; /* NULL: a build */
	size_t program; /* a build's */
	char key[HASH_HEX];
	struct verdict verdict;
	int64_t wall_us;
	/* a build's */
	struct build_plan plan;
	int64_t warnings;
	const char *first_error;
	struct bytes log;
	/* a case's */
	const char **program_paths;
};

struct entry {
	struct arena arena;
	const struct submission *submission;
	const struct spec *spec;
	struct snapshot snapshot;
	struct job *builds; /* programs × VARIANT_COUNT */
	struct job *cases;
	size_t n_builds, n_cases; /* 0 when the submission cannot be read */
	struct sheet sheet;
	struct fault *faults;
	size_t n_faults, cap_faults;
	bool unreadable; /* the folder itself: nothing is graded, a fault says why */
};

/* Reads the folder, plans its builds, takes from the store what is there. */
int entry_new(struct context *x, const struct submission *s, struct entry **ret, struct fault *f) MUST_CHECK;
void entry_free(struct entry *e);

/* A job that can start now (*ret NULL: none), marked as running. `waiting`: of those that wait for a clock. */
int entry_next_job(struct context *x, struct entry *e, bool waiting, struct job **ret,
		   struct fault *f) MUST_CHECK;

/* A worker's answer, or its failure: stored and kept. */
int entry_take_answer(struct context *x, struct job *job, const struct pool_result *r,
		      struct fault *f) MUST_CHECK;
int entry_take_fault(struct context *x, struct job *job, const struct fault *what,
		     struct fault *f) MUST_CHECK;

bool entry_is_complete(const struct entry *e);

/* Makes the sheet, and links the jobs to the submission in the store. */
int entry_finish(struct context *x, struct entry *e, struct fault *f) MUST_CHECK;

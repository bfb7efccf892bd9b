/*
 * worker.h - what a worker process does for each of the two kinds of jobs: build a program, run a case.
 */
#pragma once

#include "run/build.h"
#include "run/pool.h"
#include "run/stage.h"

/*
 * As root each slot's box has a user of its own, so that nothing of one case can touch another's. The numbers are far
 * from any that people get.
 */
uid_t worker_uid(int slot);

/* Answer: build_run's. The job's uid is filled in here. */
int worker_build(struct build_job job, int slot, struct buf *ret, struct fault *f) MUST_CHECK;

struct case_order {
	const struct spec *spec;
	const struct spec_case *c;
	const char **program_paths; /* in the order of c->programs */
	unsigned watch; /* judge_watch() */
};

/* Answer: journal_write's. */
int worker_case(const struct case_order *order, int slot, struct buf *ret, struct fault *f) MUST_CHECK;

/*
 * build.h - compiles one program in a box of its own: sources in /work, the product read back, never executed.
 *
 * May use: base/, model/, plan/, sandbox/.
 */
#pragma once

#include "plan/build_plan.h"
#include "plan/snapshot.h"

#include <sys/types.h>

struct build_job {
	const struct snapshot *snapshot;
	const struct build_plan *plan;
	uid_t uid;
};

enum build_end {
	BUILD_MADE, /* there is a program */
	BUILD_REFUSED, /* the compiler or make said no */
	BUILD_NO_FILE, /* it said yes, and there is no program */
	BUILD_TIMEOUT,
	BUILD_FLOOD, /* it wrote without end */
};

/* Flat: sent from the worker, followed by the log and the program. */
struct build_result {
	int32_t end; /* enum build_end */
	int32_t status; /* wait status of the compiler or make */
	int64_t warnings;
	int64_t wall_us;
	uint64_t log_len, first_error_len, program_len;
};

/* In a worker; leaves the result in *ret as the header says. */
int build_run(const struct build_job *job, struct buf *ret, struct fault *f) MUST_CHECK;

/* Takes the worker's answer apart; the parts borrow from it. -1: FAULT_WORKER. */
int build_answer(struct bytes answer, struct build_result *ret, struct bytes *ret_log,
		 struct bytes *ret_first_error, struct bytes *ret_program, struct fault *f) MUST_CHECK;

/* What to tell the student when it is not BUILD_MADE; `first_error` may be empty. */
struct text2 build_message(struct arena *a, const struct build_result *r, const char *program,
			   struct bytes first_error);

/*
 * pool.h - worker processes, one a job: started by fork, watched by pidfd, their answer read from a pipe.
 *
 * A worker that dies, is killed, or says too much costs its own job: a fault. Nothing else is touched.
 * When this process dies, however, its workers die too (and with them their boxes).
 * May use: base/.
 */
#pragma once

#include "base/bytes.h"
#include "base/fault.h"

#include <sys/types.h>

/* The body of a worker, in the child: fills *ret and returns 0, or -1 with the fault. */
typedef int worker_fn(void *job, int slot, struct buf *ret, struct fault *f);

/* What became of a job. */
struct pool_result {
	void *job;
	bool ok;
	struct bytes answer; /* when ok; good until the next pool_wait */
	struct fault fault; /* when not */
	int64_t wall_us;
};

struct pool;

/*
 * `slots` workers at a time at most. `patience_us` is how long one may take before it is killed: well beyond what a job is
 * allowed, since jobs end themselves.
 */
struct pool *pool_new(int slots, int64_t patience_us);

/* Kills and reaps whoever still runs. */
void pool_free(struct pool *p);

/* A free slot in [from, to), or -1. */
int pool_free_slot(const struct pool *p, int from, int to);

/* Starts a worker in that slot. */
int pool_start(struct pool *p, int slot, worker_fn *fn, void *job, struct fault *f) MUST_CHECK;

/* Number of workers that run. */
int pool_running(const struct pool *p);

/*
 * Waits until a job is over, or a descriptor of interest is readable (`wake_fd`, -1: none), or the time is out (< 0: none).
 * *ret_any: a job is over, *ret says which.
 */
int pool_wait(struct pool *p, int wake_fd, int64_t timeout_us, struct pool_result *ret, bool *ret_any,
	      struct fault *f) MUST_CHECK;

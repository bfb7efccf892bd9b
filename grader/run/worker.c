#include "run/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>

enum { FIRST_UID = 1735549952 };

uid_t worker_uid(int slot)
{
	return (uid_t)FIRST_UID + (uid_t)slot;
}

/* The slot's share of the processors we may use: a traced program and its tracer share one. */
static int processor_of(int slot)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof set, &set) < 0)
		return -1;
	int count = CPU_COUNT(&set);
	int wanted = count == 0 ? 0 : slot % count;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET((size_t)cpu, &set) && wanted-- == 0)
			return cpu;
	}
	return -1;
}

int worker_build(struct build_job job, int slot, struct buf *ret, struct fault *f)
{
	job.uid = worker_uid(slot);
	return build_run(&job, ret, f);
}

int worker_case(const struct case_order *order, int slot, struct buf *ret, struct fault *f)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	int *fds = arena_array(&a, order->c->n_programs + 1, sizeof *fds);
	for (size_t i = 0; i < order->c->n_programs; i++) {
		fds[i] = open(order->program_paths[i], O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		if (fds[i] < 0)
			return fault_set(f, FAULT_SYSTEM, errno, "open '%s'", order->program_paths[i]);
	}
	struct stage_job stage = {
		.c = order->c,
		.spec = order->spec,
		.program_fds = fds,
		.watch = order->watch,
		.uid = worker_uid(slot),
		.cpu = processor_of(slot),
	};
	struct observation o;
	if (stage_run(&a, &stage, &o, f) < 0)
		return -1;
	journal_write(&o, ret);
	return 0;
}

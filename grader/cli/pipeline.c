/*
 * One entry a submission under way, from its snapshot to its sheet. The main loop starts what can be started, waits for one
 * worker, and takes what it answered. Only this process touches the store.
 */
#include "cli/pipeline.h"
#include "cli/entry.h"

#include "judge/judge.h"
#include "run/pool.h"
#include "score/score.h"

#include <poll.h>

/* Cases that wait for a clock use no processor: so many of them may run beside the others. */
enum { WAITING_SLOTS = 12 };
/* Far beyond a build's 60 s and a case's own limit. */
static const int64_t worker_patience_us = 300000000;

struct pipeline {
	const struct pipeline_options *o;
	const struct submissions *all;
	struct context context;
	struct pool *pool;
	struct entry **active; /* in the order of the submissions */
	size_t n_active, most_active;
	size_t next; /* submission to be taken up */
	struct pipeline_summary summary;
	size_t cases_done;
	const char *running;
};

static void tell_progress(struct pipeline *p)
{
	if (p->o->progress == NULL)
		return;
	struct progress now = {
		.done = p->next - p->n_active,
		.total = p->all->n,
		.cases_done = p->cases_done,
		.cases_run = p->summary.cases_run,
		.cases_total = p->all->n * p->o->spec->n_cases,
		.faults = p->summary.faults,
		.running = p->running,
	};
	p->o->progress(p->o->context, &now);
}

/* Hands on the sheets at the head of the row. */
static int hand_on(struct pipeline *p, struct fault *f)
{
	size_t done = 0;
	for (; done < p->n_active && entry_is_complete(p->active[done]); done++) {
		struct entry *e = p->active[done];
		if (entry_finish(&p->context, e, f) < 0)
			return -1;
		p->summary.submissions++;
		p->summary.faults += e->sheet.n_faults;
		p->o->sheet(p->o->context, e->submission, &e->sheet);
		entry_free(e);
	}
	memmove(p->active, p->active + done, (p->n_active - done) * sizeof *p->active);
	p->n_active -= done;
	if (done > 0)
		tell_progress(p);
	return 0;
}

static int take_up(struct pipeline *p, struct fault *f)
{
	struct entry *e;
	if (entry_new(&p->context, &p->all->at[p->next], &e, f) < 0)
		return -1;
	p->next++;
	p->active[p->n_active++] = e;
	return 0;
}

/* Starts one job of that class, of the first submission that has one. */
static int start_one(struct pipeline *p, bool waiting, bool *ret_started, struct fault *f)
{
	*ret_started = false;
	int slot = waiting ? pool_free_slot(p->pool, p->o->jobs, p->o->jobs + WAITING_SLOTS)
			   : pool_free_slot(p->pool, 0, p->o->jobs);
	for (size_t i = 0; slot >= 0 && i < p->n_active; i++) {
		struct job *job;
		if (entry_next_job(&p->context, p->active[i], waiting, &job, f) < 0)
			return -1;
		if (job == NULL)
			continue;
		struct fault cannot;
		p->running = p->active[i]->submission->name;
		*ret_started = true;
		if (pool_start(p->pool, slot, job->body, job, &cannot) == 0)
			return 0;
		return entry_take_fault(&p->context, job, &cannot, f);
	}
	return 0;
}

static int start_all(struct pipeline *p, struct fault *f)
{
	for (bool started = true; started;) {
		started = false;
		for (int waiting = 1; waiting >= 0; waiting--) {
			bool one;
			if (start_one(p, waiting != 0, &one, f) < 0)
				return -1;
			started = started || one;
		}
		if (hand_on(p, f) < 0)
			return -1;
		bool room = pool_free_slot(p->pool, 0, p->o->jobs) >= 0 && p->n_active < p->most_active;
		if (!started && room && p->next < p->all->n) {
			if (take_up(p, f) < 0)
				return -1;
			started = true;
		}
	}
	return 0;
}

static int take_result(struct pipeline *p, const struct pool_result *r, struct fault *f)
{
	struct job *job = r->job;
	bool is_case = job->c != NULL;
	if (is_case) {
		p->cases_done++;
		p->summary.cases_run++;
	}
	int taken = r->ok ? entry_take_answer(&p->context, job, r, f)
			  : entry_take_fault(&p->context, job, &r->fault, f);
	if (taken == 0)
		tell_progress(p);
	return taken;
}

static bool stop_asked(const struct pipeline *p)
{
	struct pollfd stop = { .fd = p->o->stop_fd, .events = POLLIN };
	return stop.fd >= 0 && poll(&stop, 1, 0) > 0;
}

static int grade_all(struct pipeline *p, struct fault *f)
{
	for (;;) {
		if (start_all(p, f) < 0)
			return -1;
		if (p->n_active == 0 && p->next == p->all->n)
			return 0;
		struct pool_result r;
		bool any;
		if (pool_wait(p->pool, p->o->stop_fd, 500000, &r, &any, f) < 0)
			return -1;
		if (any && take_result(p, &r, f) < 0)
			return -1;
		tell_progress(p);
		if (stop_asked(p)) {
			p->summary.stopped = true;
			return 0;
		}
	}
}

int pipeline_run(const struct pipeline_options *o, const struct submissions *all,
		 struct pipeline_summary *ret, struct fault *f)
{
	struct pipeline p = { .o = o, .all = all, .running = "" };
	p.most_active = (size_t)o->jobs * 2 + 4;
	p.active = must_alloc(calloc(p.most_active, sizeof *p.active));
	p.pool = pool_new(o->jobs + WAITING_SLOTS, worker_patience_us);
	context_init(&p.context, o);
	int r = grade_all(&p, f);
	p.summary.cases_cached = p.context.cases_cached;
	pool_free(p.pool);
	for (size_t i = 0; i < p.n_active; i++)
		entry_free(p.active[i]);
	free(p.active);
	*ret = p.summary;
	return r;
}

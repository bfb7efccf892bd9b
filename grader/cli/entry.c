#include "cli/entry.h"

#include "judge/judge.h"
#include "model/journal.h"
#include "score/score.h"

#include <stdio.h>

void context_init(struct context *x, const struct pipeline_options *o)
{
	x->o = o;
	x->compiler = compiler_of(o->compiler);
}

static struct job *build_of(const struct entry *e, size_t program, int variant)
{
	return &e->builds[program * VARIANT_COUNT + (size_t)variant];
}

/* ---- in the workers ---- */

static int build_body(void *context, int slot, struct buf *ret, struct fault *f)
{
	const struct job *job = context;
	struct build_job b = { .snapshot = &job->entry->snapshot, .plan = &job->plan };
	return worker_build(b, slot, ret, f);
}

static int case_body(void *context, int slot, struct buf *ret, struct fault *f)
{
	const struct job *job = context;
	struct case_order order = { .spec = job->entry->spec,
				    .c = job->c,
				    .program_paths = job->program_paths,
				    .watch = judge_watch(job->c) };
	return worker_case(&order, slot, ret, f);
}

/* ---- beginning ---- */

/* A build that the store has, program and all, need not be made again. */
static int find_build(struct context *x, struct entry *e, struct job *b, struct fault *f)
{
	struct stored_job found;
	bool any;
	if (store_find(x->o->store, &e->arena, b->key, &found, &any, f) < 0)
		return -1;
	if (!any || (found.verdict.outcome == OUTCOME_PASS && !store_has_program(x->o->store, b->key)))
		return 0;
	b->state = JOB_DONE;
	b->verdict = found.verdict;
	b->warnings = found.warnings;
	b->first_error = found.first_error;
	b->log = found.log;
	return 0;
}

static int plan_build(struct context *x, struct entry *e, struct job *b, size_t program, int variant,
		      struct fault *f)
{
	const struct program *p = &x->o->spec->programs[program];
	if (b->state != JOB_UNWANTED)
		return 0;
	*b = (struct job){ .entry = e, .state = JOB_READY, .body = build_body, .program = program };
	b->plan = build_plan_make(&e->arena, &e->snapshot, p, (enum variant)variant, &x->compiler);
	if (!b->plan.possible) {
		b->state = JOB_DONE;
		b->verdict = (struct verdict){ .outcome = OUTCOME_NOT_RUN, .message = b->plan.reason };
		return 0;
	}
	build_key(&b->plan, &e->snapshot, &x->compiler, b->key);
	return find_build(x, e, b, f);
}

static int plan_jobs(struct context *x, struct entry *e, struct fault *f)
{
	const struct spec *s = x->o->spec;
	e->n_builds = s->n_programs * VARIANT_COUNT;
	e->n_cases = s->n_cases;
	e->builds = arena_array(&e->arena, e->n_builds, sizeof *e->builds);
	e->cases = arena_array(&e->arena, e->n_cases, sizeof *e->cases);
	for (size_t p = 0; p < s->n_programs; p++) {
		if (plan_build(x, e, build_of(e, p, VARIANT_PLAIN), p, VARIANT_PLAIN, f) < 0)
			return -1;
	}
	for (size_t i = 0; i < s->n_cases; i++) {
		const struct spec_case *c = &s->cases[i];
		e->cases[i] = (struct job){ .entry = e, .state = JOB_READY, .body = case_body, .c = c };
		for (size_t k = 0; k < c->n_programs; k++) {
			if (plan_build(x, e, build_of(e, c->programs[k], c->variant), c->programs[k],
				       c->variant, f) < 0)
				return -1;
		}
	}
	return 0;
}

static void add_fault(struct entry *e, const struct fault *what)
{
	e->faults = arena_push(&e->arena, e->faults, &e->n_faults, &e->cap_faults, sizeof *e->faults);
	e->faults[e->n_faults - 1] = *what;
}

int entry_new(struct context *x, const struct submission *s, struct entry **ret, struct fault *f)
{
	struct entry *e = must_alloc(calloc(1, sizeof *e));
	e->submission = s;
	e->spec = x->o->spec;
	struct fault cannot = { 0 };
	if (snapshot_take(&e->arena, s, x->o->spec, &e->snapshot, &cannot) < 0) {
		e->unreadable = true;
		add_fault(e, &cannot);
	}
	struct stored_submission stored = { .name = s->name, .path = s->path, .hash = e->snapshot.hash };
	struct stored_place at = { .run = x->o->run, .submission = s->name };
	if (store_add_submission(x->o->store, x->o->run, &stored, f) < 0 ||
	    (e->unreadable && store_put_fault(x->o->store, &at, &cannot, f) < 0) ||
	    (!e->unreadable && plan_jobs(x, e, f) < 0)) {
		entry_free(e);
		return -1;
	}
	*ret = e;
	return 0;
}

void entry_free(struct entry *e)
{
	arena_done(&e->arena);
	free(e);
}

/* ---- jobs ---- */

static bool is_waiting(const struct job *job)
{
	return job->c != NULL && job->c->waits_us > 0;
}

/*
 * The build a case runs: its own variant, or the plain one where that variant cannot be had though the program itself
 * compiles (a Makefile that links statically, say): then the case sees less, and hurts nobody.
 */
static const struct job *build_for(const struct entry *e, const struct spec_case *c, size_t k)
{
	const struct job *b = build_of(e, c->programs[k], c->variant);
	const struct job *plain = build_of(e, c->programs[k], VARIANT_PLAIN);
	if (b->state == JOB_DONE && b->verdict.outcome == OUTCOME_FAIL &&
	    plain->verdict.outcome == OUTCOME_PASS)
		return plain;
	return b;
}

enum ready { READY_NO, READY_YES, READY_NEVER };

/* Whether all that the case needs is built; if it never will be, its verdict is given. */
static enum ready case_ready(struct entry *e, struct job *job)
{
	const struct spec_case *c = job->c;
	for (size_t k = 0; k < c->n_programs; k++) {
		const struct job *plain = build_of(e, c->programs[k], VARIANT_PLAIN);
		const struct job *b = build_of(e, c->programs[k], c->variant);
		if (plain->state != JOB_DONE || b->state != JOB_DONE)
			return READY_NO;
	}
	for (size_t k = 0; k < c->n_programs; k++) {
		const struct job *b = build_for(e, c, k);
		if (b->verdict.outcome == OUTCOME_PASS)
			continue;
		job->state = JOB_DONE;
		job->verdict = b->verdict;
		if (b->verdict.outcome == OUTCOME_FAIL)
			job->verdict.outcome = OUTCOME_NOT_RUN;
		return READY_NEVER;
	}
	return READY_YES;
}

static void case_key(const struct context *x, const struct entry *e, struct job *job)
{
	struct hash h;
	hash_init(&h);
	hash_text(&h, "case");
	hash_text(&h, x->o->identity);
	hash_text(&h, job->c->hash);
	for (size_t k = 0; k < job->c->n_programs; k++)
		hash_text(&h, build_for(e, job->c, k)->key);
	hash_end(&h, job->key);
}

static int find_case(struct context *x, struct entry *e, struct job *job, struct fault *f)
{
	struct stored_job found;
	bool any;
	if (x->o->again)
		return 0;
	if (store_find(x->o->store, &e->arena, job->key, &found, &any, f) < 0)
		return -1;
	if (!any)
		return 0;
	job->state = JOB_DONE;
	job->verdict = found.verdict;
	job->wall_us = found.wall_us;
	x->cases_cached++;
	return 0;
}

static void case_paths(struct context *x, struct entry *e, struct job *job)
{
	job->program_paths = arena_array(&e->arena, job->c->n_programs, sizeof *job->program_paths);
	for (size_t k = 0; k < job->c->n_programs; k++)
		job->program_paths[k] = store_program_path(x->o->store, &e->arena,
							   build_for(e, job->c, k)->key);
}

/* A variant of a program that does not even compile plainly is not tried: its verdict is known. */
static void settle_variant(const struct entry *e, struct job *b)
{
	const struct job *plain = build_of(e, b->program, VARIANT_PLAIN);
	if (b == plain || plain->state != JOB_DONE || plain->verdict.outcome == OUTCOME_PASS)
		return;
	b->state = JOB_DONE;
	b->verdict = plain->verdict;
	b->key[0] = '\0';
}

static struct job *next_build(struct entry *e)
{
	for (size_t i = 0; i < e->n_builds; i++) {
		struct job *b = &e->builds[i];
		if (b->state == JOB_READY)
			settle_variant(e, b);
		if (b->state == JOB_READY && (i % VARIANT_COUNT == VARIANT_PLAIN ||
					      build_of(e, b->program, VARIANT_PLAIN)->state == JOB_DONE))
			return b;
	}
	return NULL;
}

/* A case that has to be run now; those that the store knows are done on the way. */
static int next_case(struct context *x, struct entry *e, bool waiting, struct job **ret, struct fault *f)
{
	for (size_t i = 0; i < e->n_cases; i++) {
		struct job *job = &e->cases[i];
		if (job->state != JOB_READY || is_waiting(job) != waiting || case_ready(e, job) != READY_YES)
			continue;
		case_key(x, e, job);
		if (find_case(x, e, job, f) < 0)
			return -1;
		if (job->state == JOB_DONE)
			continue;
		case_paths(x, e, job);
		*ret = job;
		return 0;
	}
	return 0;
}

int entry_next_job(struct context *x, struct entry *e, bool waiting, struct job **ret, struct fault *f)
{
	*ret = NULL;
	if (e->unreadable)
		return 0;
	if (!waiting)
		*ret = next_build(e);
	if (*ret == NULL && next_case(x, e, waiting, ret, f) < 0)
		return -1;
	if (*ret != NULL)
		(*ret)->state = JOB_RUNNING;
	return 0;
}

/* ---- answers ---- */

static const char *item_of(const struct context *x, struct job *job)
{
	if (job->c != NULL)
		return job->c->id;
	size_t variant = (size_t)(job - job->entry->builds) % VARIANT_COUNT;
	return arena_printf(&job->entry->arena, "build:%s:%s", x->o->spec->programs[job->program].name,
			    variant_name((enum variant)variant));
}

int entry_take_fault(struct context *x, struct job *job, const struct fault *what, struct fault *f)
{
	struct entry *e = job->entry;
	job->state = JOB_DONE;
	job->verdict.outcome = OUTCOME_FAULT;
	job->verdict.message = say(&e->arena, "Non noté : %s", "Not graded: %s", what->text);
	struct fault named = *what;
	(void)fault_wrap(&named, "%s", item_of(x, job));
	add_fault(e, &named);
	struct stored_place at = { .run = x->o->run,
				   .submission = e->submission->name,
				   .item = item_of(x, job) };
	return store_put_fault(x->o->store, &at, what, f);
}

static int take_build(struct context *x, struct job *job, const struct pool_result *r, struct fault *f)
{
	struct entry *e = job->entry;
	struct build_result result;
	struct bytes log;
	struct bytes first;
	struct bytes program;
	struct fault bad;
	if (build_answer(r->answer, &result, &log, &first, &program, &bad) < 0)
		return entry_take_fault(x, job, &bad, f);
	bool made = result.end == BUILD_MADE;
	if (made && store_put_program(x->o->store, job->key, program, f) < 0)
		return -1;
	job->state = JOB_DONE;
	job->wall_us = r->wall_us;
	job->warnings = result.warnings;
	job->log = (struct bytes){ arena_copy(&e->arena, log.at, log.len), log.len };
	job->first_error = first.len == 0 ? NULL : arena_copy(&e->arena, first.at, first.len);
	job->verdict.outcome = made ? OUTCOME_PASS : OUTCOME_FAIL;
	job->verdict.message = build_message(&e->arena, &result, x->o->spec->programs[job->program].name,
					     first);
	struct stored_job stored = { .key = job->key,
				     .kind = STORED_BUILD,
				     .verdict = job->verdict,
				     .wall_us = job->wall_us,
				     .warnings = job->warnings,
				     .first_error = job->first_error,
				     .log = job->log };
	return store_put(x->o->store, x->o->run, &stored, f);
}

static int take_case(struct context *x, struct job *job, const struct pool_result *r, struct fault *f)
{
	struct entry *e = job->entry;
	CLEANUP(arena_done) struct arena a = { 0 };
	struct observation o;
	struct fault bad;
	if (journal_read(&a, r->answer, &o, &bad) < 0)
		return entry_take_fault(x, job, &bad, f);
	struct verdict v;
	judge_case(&a, job->c, &o, &v);
	job->state = JOB_DONE;
	job->wall_us = r->wall_us;
	job->verdict.outcome = v.outcome;
	job->verdict.message.fr = arena_strdup(&e->arena, v.message.fr);
	job->verdict.message.en = arena_strdup(&e->arena, v.message.en);
	struct stored_job stored = { .key = job->key,
				     .kind = STORED_CASE,
				     .verdict = job->verdict,
				     .wall_us = job->wall_us,
				     .journal = r->answer };
	return store_put(x->o->store, x->o->run, &stored, f);
}

int entry_take_answer(struct context *x, struct job *job, const struct pool_result *r, struct fault *f)
{
	return job->c == NULL ? take_build(x, job, r, f) : take_case(x, job, r, f);
}

/* ---- the end ---- */

bool entry_is_complete(const struct entry *e)
{
	if (e->unreadable)
		return true;
	for (size_t i = 0; i < e->n_cases; i++) {
		if (e->cases[i].state == JOB_READY || e->cases[i].state == JOB_RUNNING)
			return false;
	}
	for (size_t i = 0; i < e->n_builds; i++) {
		if (e->builds[i].state == JOB_READY || e->builds[i].state == JOB_RUNNING)
			return false;
	}
	return true;
}

static struct verdict not_graded(struct arena *a, const struct fault *why)
{
	return (struct verdict){ .outcome = OUTCOME_FAULT,
				 .message = say(a, "Non noté : %s", "Not graded: %s", why->text) };
}

static void fill_cases(struct context *x, struct entry *e)
{
	const struct spec *s = x->o->spec;
	e->sheet.cases = arena_array(&e->arena, s->n_cases, sizeof *e->sheet.cases);
	for (size_t i = 0; i < s->n_cases; i++) {
		struct case_score *c = &e->sheet.cases[i];
		*c = (struct case_score){ .c = &s->cases[i] };
		if (e->unreadable) {
			c->verdict = not_graded(&e->arena, &e->faults[0]);
		} else {
			c->verdict = e->cases[i].verdict;
			c->wall_us = e->cases[i].wall_us;
		}
	}
}

static void fill_builds(struct context *x, struct entry *e)
{
	const struct spec *s = x->o->spec;
	e->sheet.builds = arena_array(&e->arena, s->n_programs, sizeof *e->sheet.builds);
	for (size_t p = 0; p < s->n_programs; p++) {
		struct build_score *b = &e->sheet.builds[p];
		*b = (struct build_score){ .program = &s->programs[p] };
		if (e->unreadable)
			continue;
		const struct job *job = build_of(e, p, VARIANT_PLAIN);
		b->built = job->verdict.outcome == OUTCOME_PASS;
		b->warnings = job->warnings;
		b->log = job->log;
		b->first_error = job->first_error;
		if (b->first_error == NULL && !b->built && job->verdict.message.en != NULL)
			b->first_error = job->verdict.message.en;
	}
}

static int link_jobs(struct context *x, struct entry *e, struct fault *f)
{
	for (size_t i = 0; i < e->n_cases + e->n_builds; i++) {
		struct job *job = i < e->n_cases ? &e->cases[i] : &e->builds[i - e->n_cases];
		if (job->state != JOB_DONE || job->key[0] == '\0' || job->verdict.outcome == OUTCOME_FAULT)
			continue;
		struct stored_place at = { .run = x->o->run,
					   .submission = e->submission->name,
					   .item = item_of(x, job) };
		if (store_link(x->o->store, &at, job->key, f) < 0)
			return -1;
	}
	return 0;
}

int entry_finish(struct context *x, struct entry *e, struct fault *f)
{
	e->sheet.name = e->submission->name;
	const char *slash = strrchr(e->submission->path, '/');
	e->sheet.folder = e->submission->said || slash == NULL ? e->submission->name : slash + 1;
	fill_cases(x, e);
	fill_builds(x, e);
	e->sheet.faults = e->faults;
	e->sheet.n_faults = e->n_faults;
	e->sheet.remarks = e->snapshot.remarks;
	e->sheet.n_remarks = e->snapshot.n_remarks;
	e->sheet.lines = arena_array(&e->arena, x->o->spec->n_rubric, sizeof *e->sheet.lines);
	score_sheet(x->o->spec, &e->sheet);
	return link_jobs(x, e, f);
}

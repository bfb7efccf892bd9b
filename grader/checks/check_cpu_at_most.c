/*
 * For a program that mostly waits: processor time, not wall time, so that a loaded machine changes nothing. A program that is
 * hurried is stopped at each call that waits or reads the clock, and uses little processor time even when it does nothing else
 * all the while: there the number of such calls tells.
 */
#include "checks/checks.h"

struct params {
	int actor;
	int64_t cpu_us;
	int64_t waits;
};

static const struct field fields[] = {
	{ .key = "cpu-at-most",
	  .type = FIELD_ACTOR,
	  .offset = offsetof(struct params, actor),
	  .main = true,
	  .required = true,
	  .help = "the program" },
	{ .key = "time",
	  .type = FIELD_DURATION,
	  .offset = offsetof(struct params, cpu_us),
	  .required = true,
	  .min = 1000,
	  .max = 60000000,
	  .unit = "microseconds",
	  .help = "processor time of it and its children, from beginning to end" },
	{ .key = "waits",
	  .type = FIELD_INT,
	  .offset = offsetof(struct params, waits),
	  .dflt = "2000",
	  .min = 1,
	  .max = 1000000000,
	  .help = "in a case with hurry: how often it may wait or ask for the time" },
};

static bool holds(struct arena *a, const struct spec_case *c, const struct observation *o, const void *params,
		  struct text2 *ret_why)
{
	const struct params *p = params;
	const struct event *e = journal_find(o, EV_USAGE, p->actor, 0);
	if (e == NULL || (e->n[0] <= p->cpu_us && e->n[2] <= p->waits))
		return true;
	if (e->n[0] <= p->cpu_us) {
		*ret_why = say(a,
			       "« %s » n'avait qu'à attendre et a interrogé le système %lld fois : attente "
			       "active au lieu d'un appel "
			       "bloquant ?",
			       "'%s' had only to wait and asked the system %lld times: busy waiting instead "
			       "of a blocking call?",
			       c->actors[p->actor].name, (long long)e->n[2]);
		return false;
	}
	*ret_why = say(a,
		       "« %s » n'avait qu'à attendre et a consommé %lld ms de processeur : attente active au "
		       "lieu d'un appel "
		       "bloquant ?",
		       "'%s' had only to wait and used %lld ms of the processor: busy waiting instead of a "
		       "blocking call?",
		       c->actors[p->actor].name, (long long)(e->n[0] / 1000));
	return false;
}

const struct check_kind check_kind_cpu_at_most = {
	.kind = { .name = "cpu-at-most",
		  .help = "the processor time a program used",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params) },
	.holds = holds,
};

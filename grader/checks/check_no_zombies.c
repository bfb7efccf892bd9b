#include "checks/checks.h"

struct params {
	int actor;
};

static const struct field fields[] = {
	{ .key = "no-zombies",
	  .type = FIELD_ACTOR,
	  .offset = offsetof(struct params, actor),
	  .main = true,
	  .required = true,
	  .help = "the program" },
};

static bool holds(struct arena *a, const struct spec_case *c, const struct observation *o, const void *params,
		  struct text2 *ret_why)
{
	const struct params *p = params;
	const struct event *e = journal_find(o, EV_ZOMBIES, p->actor, 0);
	if (e == NULL)
		return true;
	*ret_why = say(a, "« %s » a %lld fils zombies : chaque fork() réussi doit avoir son wait().",
		       "'%s' has %lld zombie children: each fork() needs its wait().",
		       c->actors[p->actor].name, (long long)e->n[0]);
	return false;
}

const struct check_kind check_kind_no_zombies = {
	.kind = { .name = "no-zombies",
		  .help = "the program had reaped all its children when the scenario was over",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params) },
	.holds = holds,
};

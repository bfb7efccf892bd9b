#include "checks/checks.h"

#include "sandbox/box/filter.h"

struct params {
	int actor;
};

static const struct field fields[] = {
	{ .key = "system-port",
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
	const struct event *e = NULL;
	for (size_t from = 0; (e = journal_find(o, EV_CALL, p->actor, from)) != NULL;
	     from = (size_t)(e - o->events) + 1) {
		if (strcmp(e->text, "bind") != 0 || e->n[0] != 0 || e->n[1] == 0)
			continue;
		*ret_why = say(
			a,
			"« %s » a choisi lui-même son port avec bind() : %lld. C'est au système de le "
			"choisir.",
			"'%s' chose its port itself with bind(): %lld. That is for the system to choose.",
			c->actors[p->actor].name, (long long)e->n[1]);
		return false;
	}
	return true;
}

const struct check_kind check_kind_system_port = {
	.kind = { .name = "system-port",
		  .help = "the program bound no socket to a port of its own choice",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params) },
	.watch = WATCH_NAMES,
	.holds = holds,
};

/*
 * After wrong usage nothing may have been done: no socket bound or connected, nothing sent, no process made.
 */
#include "checks/checks.h"

#include "sandbox/box/filter.h"

struct params {
	int actor;
};

static const struct field fields[] = {
	{ .key = "nothing-done",
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
	const char *who = c->actors[p->actor].name;
	const struct event *e = NULL;
	for (size_t from = 0; (e = journal_find(o, EV_CALL, p->actor, from)) != NULL;
	     from = (size_t)(e - o->events) + 1) {
		/* libc asks name services and the routing table through other families; who sends without an address
		 * has connected before */
		if (e->n[2] != AF_INET && e->n[2] != AF_INET6)
			continue;
		*ret_why = say(a, "« %s » devait seulement afficher son mode d'emploi ; il a appelé %s().",
			       "'%s' should only have shown its usage; it called %s().", who, e->text);
		return false;
	}
	e = journal_find(o, EV_FORK, p->actor, 0);
	if (e == NULL)
		return true;
	*ret_why = say(
		a,
		"« %s » devait seulement afficher son mode d'emploi ; il a créé un processus ou un thread.",
		"'%s' should only have shown its usage; it made a process or a thread.", who);
	return false;
}

const struct check_kind check_kind_nothing_done = {
	.kind = { .name = "nothing-done",
		  .help = "the program bound, connected, sent and forked nothing",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params) },
	.watch = WATCH_NAMES | WATCH_SENDS,
	.holds = holds,
};

#include "checks/checks.h"

struct params {
	int actor;
	int64_t count;
};

static const struct field fields[] = {
	{ .key = "received",
	  .type = FIELD_ACTOR,
	  .offset = offsetof(struct params, actor),
	  .main = true,
	  .required = true,
	  .help = "the peer" },
	{ .key = "count",
	  .type = FIELD_INT,
	  .offset = offsetof(struct params, count),
	  .required = true,
	  .min = 0,
	  .max = 1000000,
	  .help = "how many messages, from the beginning to the end" },
};

static bool holds(struct arena *a, const struct spec_case *c, const struct observation *o, const void *params,
		  struct text2 *ret_why)
{
	const struct params *p = params;
	int64_t n = 0;
	const struct event *e = NULL;
	for (size_t from = 0; (e = journal_find(o, EV_RECEIVED, p->actor, from)) != NULL;
	     from = (size_t)(e - o->events) + 1)
		n++;
	if (n == p->count)
		return true;
	*ret_why = say(a, "« %s » devait recevoir %lld message(s) ; reçus : %lld.",
		       "'%s' should have received %lld message(s); came: %lld.", c->actors[p->actor].name,
		       (long long)p->count, (long long)n);
	return false;
}

const struct check_kind check_kind_received = {
	.kind = { .name = "received",
		  .help = "the number of messages a peer received",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params) },
	.holds = holds,
};

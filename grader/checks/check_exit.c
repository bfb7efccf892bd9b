#include "checks/checks.h"

#include "run/explain.h"

struct params {
	int actor;
	int64_t code;
};

static const struct field fields[] = {
	{ .key = "exit",
	  .type = FIELD_ACTOR,
	  .offset = offsetof(struct params, actor),
	  .main = true,
	  .required = true,
	  .help = "the program" },
	{ .key = "code",
	  .type = FIELD_INT,
	  .offset = offsetof(struct params, code),
	  .min = 0,
	  .max = 255,
	  .dflt = "0",
	  .help = "its exit status" },
};

static bool holds(struct arena *a, const struct spec_case *c, const struct observation *o, const void *params,
		  struct text2 *ret_why)
{
	const struct params *p = params;
	const struct event *end = journal_end(o, p->actor);
	if (end != NULL && end->n[0] == END_EXITED && end->n[1] == p->code)
		return true;
	const char *who = c->actors[p->actor].name;
	struct text2 how = explain_end(a, o, p->actor);
	struct text2 t = {
		.fr = arena_printf(a, "« %s » devait se terminer avec le code %lld ; il %s.", who,
				   (long long)p->code, how.fr),
		.en = arena_printf(a, "'%s' should have ended with code %lld; it %s.", who,
				   (long long)p->code, how.en),
	};
	*ret_why = text_join(a, t, explain_stderr(a, o, p->actor));
	return false;
}

const struct check_kind check_kind_exit = {
	.kind = { .name = "exit",
		  .help = "the program ended by itself with this status",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params) },
	.holds = holds,
};

#include "probes/probes.h"

#include "run/explain.h"
#include "run/steps/steps.h"

static int look(struct stage *s, const struct step *st, void *params, struct attempt *ret, struct fault *f)
{
	(void)params;
	(void)f;
	(void)probe_program_gone(s, st, ret);
	return 0;
}

static void rest(struct stage *s, const struct step *st, void *params, struct attempt *ret)
{
	(void)params;
	if (!probe_program_gone(s, st, ret))
		ret->tried = TRIED_DONE;
}

static struct text2 explain(struct arena *a, const struct spec_case *c, const struct observation *o,
			    const struct step *st, const void *params, const struct event *e)
{
	(void)params;
	const char *who = c->actors[st->actor].name;
	struct text2 t = say(a, "« %s » devait attendre, endormi.", "'%s' should have been waiting, asleep.",
			     who);
	return text_join(a, t, step_explain_never(a, c, o, e));
}

const struct probe_kind probe_kind_asleep = {
	.kind = { .name = "asleep",
		  .help = "every task of every program sleeps, and only others can wake them" },
	.watch = WATCH_TIMERS,
	.look = look,
	.rest = rest,
	.explain = explain,
};

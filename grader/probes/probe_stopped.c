#include "probes/probes.h"

#include "run/explain.h"
#include "run/steps/steps.h"

static int look(struct stage *s, const struct step *st, void *params, struct attempt *ret, struct fault *f)
{
	(void)params;
	(void)f;
	if (!probe_program_gone(s, st, ret) && observer_is_stopped(s->observer, s->programs[st->actor].pid))
		ret->tried = TRIED_DONE;
	return 0;
}

/* A signal is delivered though everything sleeps: it takes a moment. */
static void rest(struct stage *s, const struct step *st, void *params, struct attempt *ret)
{
	(void)s;
	(void)st;
	(void)params;
	(void)ret;
}

static struct text2 explain(struct arena *a, const struct spec_case *c, const struct observation *o,
			    const struct step *st, const void *params, const struct event *e)
{
	(void)params;
	const char *who = c->actors[st->actor].name;
	struct text2 t = say(a, "« %s » devait être arrêté par le signal.",
			     "'%s' should have been stopped by the signal.", who);
	return text_join(a, t, step_explain_never(a, c, o, e));
}

const struct probe_kind probe_kind_stopped = {
	.kind = { .name = "stopped", .help = "the program's first process is stopped by a signal" },
	.look = look,
	.rest = rest,
	.explain = explain,
};

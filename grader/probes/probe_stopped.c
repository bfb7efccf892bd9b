#include "probes/probes.h"

#include "run/explain.h"
#include "run/steps/steps.h"

static int look(struct stage *s, const struct step *st, void *params, struct attempt *ret, struct fault *f)
{
	(void)params;
	(void)f;
	struct sleep_look now;
	if (probe_program_gone(s, st, ret))
		return 0;
	observer_look(s->observer, st->actor, &now);
	if (now.tasks > 0 && now.stopped == now.tasks)
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
	.kind = { .name = "stopped", .help = "every task of the program is stopped by a signal" },
	.look = look,
	.rest = rest,
	.explain = explain,
};

/*
 * Whether a program that has nothing to do uses no processor time.
 *
 * Asleep for ever: proven at once. A program that wakes by itself now and then is watched: it is busy when it has used
 * `cpu` of processor time since it has had nothing to do (processor time, so that a loaded machine changes nothing), and idle
 * when it was seen asleep nearly every time for long enough before that. One that is always found running is never called
 * idle: it will have used its `cpu` sooner or later.
 */
#include "probes/probes.h"

#include "run/explain.h"
#include "run/steps/steps.h"

struct params {
	int64_t cpu_us;
	int64_t watch_us;
	int64_t wakes;
};

static const struct field fields[] = {
	{ .key = "cpu",
	  .type = FIELD_DURATION,
	  .offset = offsetof(struct params, cpu_us),
	  .dflt = "100ms",
	  .min = 10000,
	  .max = 10000000,
	  .unit = "microseconds",
	  .help = "processor time that proves it busy" },
	{ .key = "watch",
	  .type = FIELD_DURATION,
	  .offset = offsetof(struct params, watch_us),
	  .dflt = "600ms",
	  .min = 10000,
	  .max = 10000000,
	  .unit = "microseconds",
	  .help = "how long a program that wakes by itself is watched" },
	{ .key = "wakes",
	  .type = FIELD_INT,
	  .offset = offsetof(struct params, wakes),
	  .dflt = "700",
	  .min = 1,
	  .max = 1000000,
	  .help = "how often it may wake meanwhile: beyond that it asks rather than waits" },
};

static void note(struct stage *s, const struct step *st, enum event_kind kind, int64_t cpu_us)
{
	int64_t wall = stage_own_time_us(s) - s->step_began_us;
	stage_note(s, (struct event){ .kind = kind, .actor = st->actor, .n = { cpu_us, wall } });
}

static int look(struct stage *s, const struct step *st, void *params, struct attempt *ret, struct fault *f)
{
	(void)f;
	const struct params *p = params;
	if (probe_program_gone(s, st, ret))
		return 0;
	struct idle_watch *w = &s->idle;
	struct sleep_look now;
	observer_look(s->observer, st->actor, &now);
	if (w->step_began_us != s->step_began_us)
		*w = (struct idle_watch){ .step_began_us = s->step_began_us,
					  .cpu_ns = now.cpu_ns,
					  .switches = now.switches };
	w->looks++;
	w->asleep += now.state != SLEEP_AWAKE;
	int64_t cpu = (now.cpu_ns - w->cpu_ns) / 1000;
	if (cpu >= p->cpu_us || now.switches - w->switches > (uint64_t)p->wakes) {
		note(s, st, EV_BUSY, cpu);
		*ret = (struct attempt){ .tried = TRIED_FAILED, .outcome = STEP_MISMATCH, .came = "busy" };
	} else if (stage_own_time_us(s) - s->step_began_us >= p->watch_us && w->asleep * 10 >= w->looks * 8) {
		note(s, st, EV_IDLE, cpu);
		ret->tried = TRIED_DONE;
	}
	return 0;
}

static void rest(struct stage *s, const struct step *st, void *params, struct attempt *ret)
{
	(void)params;
	if (probe_program_gone(s, st, ret))
		return;
	note(s, st, EV_IDLE, 0);
	ret->tried = TRIED_DONE;
}

static struct text2 explain(struct arena *a, const struct spec_case *c, const struct observation *o,
			    const struct step *st, const void *params, const struct event *e)
{
	(void)params;
	const char *who = c->actors[st->actor].name;
	const struct event *busy = journal_find(o, EV_BUSY, st->actor, 0);
	if (busy != NULL)
		return say(a,
			   "« %s » n'a rien à faire et consomme pourtant du processeur : %lld ms de calcul "
			   "en %lld ms. "
			   "Attente active au lieu d'un appel bloquant ?",
			   "'%s' has nothing to do and uses the processor all the same: %lld ms of it in "
			   "%lld ms. "
			   "Busy waiting instead of a blocking call?",
			   who, (long long)(busy->n[0] / 1000), (long long)(busy->n[1] / 1000));
	struct text2 t = say(a, "« %s » devait attendre sans consommer de processeur.",
			     "'%s' should have been waiting without using the processor.", who);
	return text_join(a, t, step_explain_never(a, c, o, e));
}

const struct probe_kind probe_kind_idle = {
	.kind = { .name = "idle",
		  .help = "the program has nothing to do and uses no processor time",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params) },
	.watch = WATCH_TIMERS,
	.look = look,
	.rest = rest,
	.explain = explain,
};

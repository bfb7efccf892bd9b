#include "run/steps/steps.h"

#include "run/explain.h"

struct params {
	struct kinded probe;
};

static const struct field fields[] = {
	{ .key = "await",
	  .type = FIELD_PROBE,
	  .offset = offsetof(struct params, probe),
	  .main = true,
	  .required = true,
	  .help = "the fact to wait for" },
};

static const struct probe_kind *probe_of(const struct step *st)
{
	const struct params *p = st->params;
	return (const struct probe_kind *)p->probe.kind;
}

static int try(struct stage *s, const struct step *st, struct attempt *ret, struct fault *f)
{
	const struct params *p = st->params;
	return probe_of(st)->look(s, st, p->probe.params, ret, f);
}

static void rest(struct stage *s, const struct step *st, struct attempt *ret)
{
	const struct params *p = st->params;
	if (probe_of(st)->rest != NULL)
		probe_of(st)->rest(s, st, p->probe.params, ret);
	else
		*ret = (struct attempt){ .tried = TRIED_FAILED, .outcome = STEP_NEVER, .came = "" };
}

static struct text2 explain(struct arena *a, const struct spec_case *c, const struct observation *o,
			    const struct step *st, const struct event *e)
{
	const struct params *p = st->params;
	return probe_of(st)->explain(a, c, o, st, p->probe.params, e);
}

static const char *const on[] = { "run", NULL };

const struct step_kind step_kind_await = {
	.kind = { .name = "await",
		  .help = "wait until a fact about the program is there; fail as soon as it cannot come any "
			  "more",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params),
		  .on = on },
	.try = try,
	.rest = rest,
	.explain = explain,
};

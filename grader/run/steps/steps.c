#include "run/steps/steps.h"

#include "run/explain.h"

const struct kind *const step_kinds[] = {
#define KIND(name) &step_kind_##name.kind,
#include "run/steps/list.h"
#undef KIND
	NULL,
};

struct text2 step_explain_never(struct arena *a, const struct spec_case *c, const struct observation *o,
				const struct event *e)
{
	struct text2 programs = explain_programs(a, c, o, e);
	if (e->n[1] != STEP_TIMEOUT)
		return programs;
	struct text2 late = say(a, "Délai dépassé (%lld ms).", "Out of time (%lld ms).",
				(long long)(e->n[2] / 1000));
	return text_join(a, late, programs);
}

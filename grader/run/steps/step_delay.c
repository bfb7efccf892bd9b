#include "run/steps/steps.h"

struct params {
	int64_t us;
};

static const struct field fields[] = {
	{ .key = "delay",
	  .type = FIELD_DURATION,
	  .offset = offsetof(struct params, us),
	  .main = true,
	  .required = true,
	  .min = 1,
	  .max = 60000000,
	  .unit = "microseconds",
	  .help = "how long" },
};

static int try(struct stage *s, const struct step *st, struct attempt *ret, struct fault *f)
{
	(void)f;
	const struct params *p = st->params;
	if (stage_own_time_us(s) - s->step_began_us >= p->us)
		ret->tried = TRIED_DONE;
	return 0;
}

/* Rest does not end a pause. */
static void rest(struct stage *s, const struct step *st, struct attempt *ret)
{
	(void)s;
	(void)st;
	(void)ret;
}

const struct step_kind step_kind_delay = {
	.kind = { .name = "delay",
		  .help = "a fixed pause; prefer to await a fact: lint says so",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params),
		  .no_actor = true },
	.try = try,
	.rest = rest,
};

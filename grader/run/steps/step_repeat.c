#include "run/steps/steps.h"

#include "run/stage_internal.h"

struct params {
	int64_t times;
	struct steps steps;
};

static const struct field fields[] = {
	{ .key = "repeat",
	  .type = FIELD_INT,
	  .offset = offsetof(struct params, times),
	  .main = true,
	  .required = true,
	  .min = 1,
	  .max = 100000,
	  .help = "how often" },
	{ .key = "steps",
	  .type = FIELD_STEPS,
	  .offset = offsetof(struct params, steps),
	  .required = true,
	  .help = "the steps to play again and again" },
};

static int try(struct stage *s, const struct step *st, struct attempt *ret, struct fault *f)
{
	(void)f;
	const struct params *p = st->params;
	scenario_push(s, &p->steps, p->times);
	ret->tried = TRIED_DONE;
	return 0;
}

const struct step_kind step_kind_repeat = {
	.kind = { .name = "repeat",
		  .help = "play some steps several times",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params),
		  .no_actor = true },
	.try = try,
};

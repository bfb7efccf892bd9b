#include "run/steps/steps.h"

static int try(struct stage *s, const struct step *st, struct attempt *ret, struct fault *f)
{
	ret->tried = TRIED_DONE;
	return stage_start(s, st->actor, f);
}

static const char *const on[] = { "run", NULL };

const struct step_kind step_kind_start = {
	.kind = { .name = "start",
		  .help = "start the program now; programs without such a step start with the case",
		  .on = on },
	.try = try,
};

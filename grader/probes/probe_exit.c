#include "probes/probes.h"

#include "run/explain.h"
#include "run/steps/steps.h"

#include <sys/wait.h>

struct params {
	int64_t code;
};

enum { ANY_CODE = -1 };

static const struct field fields[] = {
	{ .key = "exit",
	  .type = FIELD_INT,
	  .offset = offsetof(struct params, code),
	  .main = true,
	  .min = ANY_CODE,
	  .max = 255,
	  .dflt = "-1",
	  .help = "the exit status; -1: however it ends" },
};

static int look(struct stage *s, const struct step *st, void *params, struct attempt *ret, struct fault *f)
{
	(void)f;
	const struct params *p = params;
	const struct program_state *program = &s->programs[st->actor];
	if (!program->ended)
		return 0;
	bool right = p->code == ANY_CODE ||
		     (WIFEXITED(program->status) && WEXITSTATUS(program->status) == p->code);
	ret->tried = right ? TRIED_DONE : TRIED_FAILED;
	ret->outcome = right ? STEP_DONE : STEP_MISMATCH;
	return 0;
}

static struct text2 explain(struct arena *a, const struct spec_case *c, const struct observation *o,
			    const struct step *st, const void *params, const struct event *e)
{
	const struct params *p = params;
	const char *who = c->actors[st->actor].name;
	if (e->n[1] == STEP_MISMATCH) {
		struct text2 how = explain_end(a, o, st->actor);
		struct text2 t = {
			.fr = arena_printf(a, "« %s » devait se terminer avec le code %lld ; il %s.", who,
					   (long long)p->code, how.fr),
			.en = arena_printf(a, "'%s' should have ended with code %lld; it %s.", who,
					   (long long)p->code, how.en),
		};
		return text_join(a, t, explain_stderr(a, o, st->actor));
	}
	struct text2 t = say(a, "« %s » devait se terminer.", "'%s' should have ended.", who);
	return text_join(a, t, step_explain_never(a, c, o, e));
}

const struct probe_kind probe_kind_exit = {
	.kind = { .name = "exit",
		  .help = "the program's first process has ended",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params) },
	.look = look,
	.explain = explain,
};

#include "run/steps/steps.h"

#include <errno.h>
#include <signal.h>

struct params {
	int signal;
};

static const struct choice signals[] = {
	{ "TERM", SIGTERM, NULL }, { "INT", SIGINT, NULL },   { "HUP", SIGHUP, NULL },
	{ "KILL", SIGKILL, NULL }, { "USR1", SIGUSR1, NULL }, { "USR2", SIGUSR2, NULL },
	{ "STOP", SIGSTOP, NULL }, { "CONT", SIGCONT, NULL }, { "CHLD", SIGCHLD, NULL },
	{ NULL, 0, NULL },
};

static const struct field fields[] = {
	{ .key = "signal",
	  .type = FIELD_CHOICE,
	  .offset = offsetof(struct params, signal),
	  .main = true,
	  .required = true,
	  .choices = signals,
	  .help = "the signal to send to the program's first process" },
};

static int try(struct stage *s, const struct step *st, struct attempt *ret, struct fault *f)
{
	const struct params *p = st->params;
	const struct program_state *program = &s->programs[st->actor];
	if (!program->started || program->ended) {
		*ret = (struct attempt){ .tried = TRIED_FAILED, .outcome = STEP_IMPOSSIBLE, .came = "" };
		return 0;
	}
	if (kill(program->pid, p->signal) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "send a signal");
	ret->tried = TRIED_DONE;
	return 0;
}

static struct text2 explain(struct arena *a, const struct spec_case *c, const struct observation *o,
			    const struct step *st, const struct event *e)
{
	const char *who = c->actors[st->actor].name;
	struct text2 state = step_explain_never(a, c, o, e);
	return (struct text2){
		.fr = arena_printf(a, "« %s » n'était plus là pour recevoir un signal. %s", who, state.fr),
		.en = arena_printf(a, "'%s' was not there any more to get a signal. %s", who, state.en)
	};
}

static const char *const on[] = { "run", NULL };

const struct step_kind step_kind_signal = {
	.kind = { .name = "signal",
		  .help = "send a signal to the program",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params),
		  .on = on },
	.try = try,
	.explain = explain,
};

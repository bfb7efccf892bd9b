#include "probes/probes.h"

const struct kind *const probe_kinds[] = {
#define KIND(name) &probe_kind_##name.kind,
#include "probes/list.h"
#undef KIND
	NULL,
};

bool probe_program_gone(const struct stage *s, const struct step *st, struct attempt *ret)
{
	const struct program_state *p = &s->programs[st->actor];
	if (p->started && !p->ended)
		return false;
	*ret = (struct attempt){ .tried = TRIED_FAILED, .outcome = STEP_NEVER, .came = "" };
	return true;
}

#include "checks/checks.h"

static bool holds(struct arena *a, const struct spec_case *c, const struct observation *o, const void *params,
		  struct text2 *ret_why)
{
	(void)params;
	const struct event *e = journal_find(o, EV_RESIDUE, -1, 0);
	if (e == NULL)
		return true;
	if (e->actor >= 0)
		*ret_why = say(a, "« %s » s'est terminé en laissant %lld processus derrière lui.",
			       "'%s' ended and left %lld processes behind.", c->actors[e->actor].name,
			       (long long)e->n[0]);
	else
		*ret_why = say(a, "Laissé derrière : %s (%lld).", "Left behind: %s (%lld).", e->text,
			       (long long)e->n[0]);
	return false;
}

const struct check_kind check_kind_no_residue = {
	.kind = { .name = "no-residue", .help = "nothing is left: no process, IPC object, file" },
	.holds = holds,
};

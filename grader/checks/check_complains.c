#include "checks/checks.h"

struct params {
	int actor;
};

static const struct field fields[] = {
	{ .key = "complains",
	  .type = FIELD_ACTOR,
	  .offset = offsetof(struct params, actor),
	  .main = true,
	  .required = true,
	  .help = "the program" },
};

static bool holds(struct arena *a, const struct spec_case *c, const struct observation *o, const void *params,
		  struct text2 *ret_why)
{
	const struct params *p = params;
	struct bytes text = journal_output(o, a, p->actor, 2);
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.at[i] > ' ')
			return true;
	}
	*ret_why = say(a, "« %s » devait dire pourquoi sur sa sortie d'erreur (stderr) ; elle est vide.",
		       "'%s' should have said why on its standard error; there is nothing.",
		       c->actors[p->actor].name);
	return false;
}

const struct check_kind check_kind_complains = {
	.kind = { .name = "complains",
		  .help = "the program wrote something on its standard error",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params) },
	.holds = holds,
};

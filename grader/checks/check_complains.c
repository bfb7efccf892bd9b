#include "checks/checks.h"

struct params {
	int actor;
	int64_t lines;
};

static const struct field fields[] = {
	{ .key = "complains",
	  .type = FIELD_ACTOR,
	  .offset = offsetof(struct params, actor),
	  .main = true,
	  .required = true,
	  .help = "the program" },
	{ .key = "lines",
	  .type = FIELD_INT,
	  .offset = offsetof(struct params, lines),
	  .max = 1000,
	  .help = "in so many lines, no more and no less (0: any number); empty ones do not count" },
};

/* Lines that hold something to be seen. */
static int64_t count_lines(struct bytes text)
{
	int64_t lines = 0;
	bool seen = false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\n') {
			seen = false;
		} else if ((unsigned char)text.at[i] > ' ' && !seen) {
			seen = true;
			lines++;
		}
	}
	return lines;
}

static bool holds(struct arena *a, const struct spec_case *c, const struct observation *o, const void *params,
		  struct text2 *ret_why)
{
	const struct params *p = params;
	const char *who = c->actors[p->actor].name;
	int64_t lines = count_lines(journal_output(o, a, p->actor, 2));
	if (lines > 0 && (p->lines == 0 || lines == p->lines))
		return true;
	if (lines == 0)
		*ret_why = say(a,
			       "« %s » devait dire pourquoi sur sa sortie d'erreur (stderr) ; elle est vide.",
			       "'%s' should have said why on its standard error; there is nothing.", who);
	else
		*ret_why = say(a,
			       "« %s » devait écrire %lld ligne(s) sur sa sortie d'erreur (stderr) ; il en a "
			       "écrit %lld.",
			       "'%s' should have written %lld line(s) on its standard error; it wrote %lld.",
			       who, (long long)p->lines, (long long)lines);
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

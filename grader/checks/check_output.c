#include "checks/checks.h"

struct params {
	int actor;
	struct texts lines;
	struct bytes text;
};

static const struct field fields[] = {
	{ .key = "output",
	  .type = FIELD_ACTOR,
	  .offset = offsetof(struct params, actor),
	  .main = true,
	  .required = true,
	  .help = "the program" },
	{ .key = "text",
	  .type = FIELD_BYTES,
	  .offset = offsetof(struct params, text),
	  .help = "the same as one text, for what is made of parts" },
	{ .key = "lines",
	  .type = FIELD_TEXTS,
	  .offset = offsetof(struct params, lines),
	  .help = "its standard output, line by line; compared without regard to case, accents, runs of "
		  "blanks, and lines that "
		  "start with #" },
};

enum { SHOWN = 160 };

static struct bytes wanted(struct arena *a, const struct params *p)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	for (size_t i = 0; i < p->lines.n; i++)
		buf_printf(&b, "%s\n", p->lines.at[i]);
	buf_add(&b, p->text.at, p->text.len);
	return (struct bytes){ arena_copy(a, b.at, b.len), b.len };
}

/* Cuts both at the first line that differs. */
static void first_difference(struct bytes *x, struct bytes *y, size_t *ret_line)
{
	size_t line_x = 0;
	*ret_line = 1;
	for (size_t i = 0; i < x->len && i < y->len && x->at[i] == y->at[i]; i++) {
		if (x->at[i] == '\n') {
			line_x = i + 1;
			(*ret_line)++;
		}
	}
	struct bytes *both[] = { x, y };
	for (size_t k = 0; k < 2; k++) {
		struct bytes *b = both[k];
		b->at += line_x;
		b->len -= line_x;
		const char *end = b->len == 0 ? NULL : memchr(b->at, '\n', b->len);
		if (end != NULL)
			b->len = (size_t)(end - b->at);
	}
}

static bool holds(struct arena *a, const struct spec_case *c, const struct observation *o, const void *params,
		  struct text2 *ret_why)
{
	const struct params *p = params;
	struct bytes came = text_plain(a, journal_output(o, a, p->actor, 1));
	struct bytes want = text_plain(a, wanted(a, p));
	if (bytes_equal(came, want))
		return true;
	const char *who = c->actors[p->actor].name;
	if (came.len == 0) {
		*ret_why = say(a, "« %s » n'a rien affiché sur sa sortie standard ; attendu : « %s ».",
			       "'%s' printed nothing on its standard output; expected: \"%s\".", who,
			       bytes_show(a, want, SHOWN));
		return false;
	}
	size_t line;
	first_difference(&want, &came, &line);
	const char *shown_want = want.len == 0 ? "" : bytes_show(a, want, SHOWN);
	const char *shown_came = came.len == 0 ? "" : bytes_show(a, came, SHOWN);
	*ret_why = say(a, "Sortie de « %s », ligne %zu : attendu « %s », reçu « %s ».",
		       "Output of '%s', line %zu: expected \"%s\", came \"%s\".", who, line, shown_want,
		       shown_came);
	return false;
}

const struct check_kind check_kind_output = {
	.kind = { .name = "output",
		  .help = "what the program printed on its standard output, as texts are compared in the "
			  "sheets",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params) },
	.holds = holds,
};

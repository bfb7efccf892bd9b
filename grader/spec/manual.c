#include "spec/manual.h"

#include "conf/value.h"
#include "spec/spec_fields.h"

#include <string.h>

struct kind_list {
	const char *title, *help;
	const struct kind *const *kinds;
};

enum { KIND_LISTS = 4 };

static void kind_lists(const struct vocabulary *v, struct kind_list ret[KIND_LISTS])
{
	ret[0] = (struct kind_list){ "Actors", "who takes part in a case: 'NAME: {KIND: …}' under 'actors'",
				     v->actors };
	ret[1] = (struct kind_list){ "Steps", "what an actor does: '- ACTOR: {KIND: …}' in 'scenario'",
				     v->steps };
	ret[2] = (struct kind_list){ "Probes", "facts that can be awaited: '- ACTOR: {await: {KIND: …}}'",
				     v->probes };
	ret[3] = (struct kind_list){ "Checks", "what must hold when all is over: '- {KIND: …}' in 'checks'",
				     v->checks };
}

static bool is_number(enum field_type type)
{
	return type == FIELD_INT || type == FIELD_DURATION || type == FIELD_SIZE || type == FIELD_POINTS;
}

static const char *length_noun(enum field_type type)
{
	if (type == FIELD_TEXTS)
		return " items";
	return type == FIELD_STEPS ? " steps" : " bytes";
}

static void add_limits(struct arena *a, const struct field *f, struct buf *out)
{
	if (f->min == 0 && f->max == 0)
		return;
	const char *noun = is_number(f->type) ? "" : length_noun(f->type);
	const char *low = value_show(a, f->type, f->min);
	if (f->min == f->max)
		buf_printf(out, "; %s%s", low, noun);
	else if (f->max < f->min || f->max == INT64_MAX)
		buf_printf(out, "; at least %s%s", low, noun);
	else
		buf_printf(out, "; %s to %s%s", low, value_show(a, f->type, f->max), noun);
}

static void add_choices(const struct field *f, struct buf *out)
{
	for (const struct choice *c = f->choices; c != NULL && c->name != NULL; c++) {
		buf_printf(out, "%s%s", c == f->choices ? "; " : " | ", c->name);
		if (c->help != NULL && c->help[0] != '\0')
			buf_printf(out, " (%s)", c->help);
	}
}

/* "duration; required; 1ms to 10min; default 5s" */
static const char *facts(struct arena *a, const struct field *f)
{
	CLEANUP(buf_done) struct buf out = { 0 };
	buf_puts(&out, field_type_name(f->type));
	if (f->unit != NULL)
		buf_printf(&out, " in %s", f->unit);
	if (f->required)
		buf_puts(&out, "; required");
	add_limits(a, f, &out);
	add_choices(f, &out);
	if (f->dflt != NULL)
		buf_printf(&out, "; default %s", f->dflt[0] == '\0' ? "\"\"" : f->dflt);
	return arena_copy(a, out.at, out.len);
}

static const char *joined(const char *const *names, struct arena *a)
{
	return names == NULL ? NULL : names_joined(a, names);
}

/* --- plain text --- */

static void text_field(struct arena *a, const char *key, const struct field *f, struct buf *out)
{
	buf_printf(out, "      %-12s  %s\n", key, facts(a, f));
	if (f->help != NULL)
		buf_printf(out, "      %-12s  %s\n", "", f->help);
}

static void text_kind(struct arena *a, const struct kind *k, struct buf *out)
{
	buf_printf(out, "\n  %s - %s\n", k->name, k->help);
	if (k->on != NULL)
		buf_printf(out, "      works on %s\n", joined(k->on, a));
	if (k->no_actor)
		buf_puts(out, "      stands alone, under no actor\n");
	for (size_t i = 0; i < k->n_fields; i++)
		text_field(a, k->fields[i].main ? k->name : k->fields[i].key, &k->fields[i], out);
}

void manual_text(struct arena *a, const struct vocabulary *v, struct buf *out)
{
	struct kind_list lists[KIND_LISTS];
	kind_lists(v, lists);
	for (size_t i = 0; i < KIND_LISTS; i++) {
		buf_printf(out, "%s%s: %s\n", i == 0 ? "" : "\n", lists[i].title, lists[i].help);
		for (const struct kind *const *k = lists[i].kinds; k != NULL && *k != NULL; k++)
			text_kind(a, *k, out);
	}
	buf_puts(out, "\nThe rest of a spec\n");
	for (size_t i = 0; spec_tables[i] != NULL; i++) {
		const struct field_table *t = spec_tables[i];
		buf_printf(out, "\n  %s - %s\n", t->name, t->help);
		for (size_t k = 0; k < t->n; k++)
			text_field(a, t->fields[k].key, &t->fields[k], out);
	}
	buf_puts(out, "\nHow values are written\n\n");
	for (int t = 0; t <= FIELD_NODE; t++)
		buf_printf(out, "  %-24s  %s\n", field_type_name((enum field_type)t),
			   value_expected((enum field_type)t));
}

/* --- Markdown --- */

/* Text inside a cell: bars end cells, and angle brackets could be tags. */
static void cell(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (strchr("|*_<>`[]\\", *s) != NULL)
			buf_puts(out, "\\");
		buf_add(out, s, 1);
	}
}

static void markdown_field(struct arena *a, const char *key, const struct field *f, struct buf *out)
{
	buf_printf(out, "| `%s` | ", key);
	cell(out, facts(a, f));
	buf_puts(out, " | ");
	cell(out, f->help == NULL ? "" : f->help);
	buf_puts(out, " |\n");
}

static void markdown_head(struct buf *out)
{
	buf_puts(out, "\n| key | value | meaning |\n|---|---|---|\n");
}

static void markdown_kind(struct arena *a, const struct kind *k, struct buf *out)
{
	buf_printf(out, "\n### `%s`\n\n", k->name);
	cell(out, k->help);
	buf_puts(out, ".");
	if (k->on != NULL)
		buf_printf(out, " Works on %s.", joined(k->on, a));
	if (k->no_actor)
		buf_puts(out, " Stands alone, under no actor.");
	buf_puts(out, "\n");
	if (k->n_fields > 0)
		markdown_head(out);
	for (size_t i = 0; i < k->n_fields; i++)
		markdown_field(a, k->fields[i].main ? k->name : k->fields[i].key, &k->fields[i], out);
}

void manual_markdown(struct arena *a, const struct vocabulary *v, struct buf *out)
{
	struct kind_list lists[KIND_LISTS];
	kind_lists(v, lists);
	for (size_t i = 0; spec_tables[i] != NULL; i++) {
		const struct field_table *t = spec_tables[i];
		buf_printf(out, "%s## %c%s\n\n%c%s.\n", i == 0 ? "" : "\n", t->name[0] & ~0x20, t->name + 1,
			   t->help[0] & ~0x20, t->help + 1);
		markdown_head(out);
		for (size_t k = 0; k < t->n; k++)
			markdown_field(a, t->fields[k].key, &t->fields[k], out);
	}
	for (size_t i = 0; i < KIND_LISTS; i++) {
		buf_printf(out, "\n## %s\n\n", lists[i].title);
		cell(out, lists[i].help);
		buf_puts(out, ".\n");
		for (const struct kind *const *k = lists[i].kinds; k != NULL && *k != NULL; k++)
			markdown_kind(a, *k, out);
	}
	buf_puts(out, "\n## How values are written\n\n| value | form |\n|---|---|\n");
	for (int t = 0; t <= FIELD_NODE; t++) {
		buf_printf(out, "| %s | ", field_type_name((enum field_type)t));
		cell(out, value_expected((enum field_type)t));
		buf_puts(out, " |\n");
	}
}

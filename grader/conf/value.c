#include "conf/value.h"

#include <assert.h>
#include <string.h>

static const char *no_texts[] = { NULL };

static const char *const bool_words[] = { "yes", "no", "on",   "off",   "y",    "n",     "Yes",
					  "No",  "On", "Off",  "YES",   "NO",   "ON",    "OFF",
					  "Y",   "N",  "True", "False", "TRUE", "FALSE", NULL };

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

const char *node_as_text(const struct node *n)
{
	if (n->kind != NODE_SCALAR || node_is_empty(n) || memchr(n->text.at, '\0', n->text.len) != NULL)
		return NULL;
	return n->text.at;
}

const char *did_you_mean(struct reader *r, const char *word, const char *const *candidates)
{
	/* when nobody will read it, the search is not worth its time */
	if (r->problems->n == PROBLEMS_MOST)
		return "";
	const char *near = text_nearest(word, candidates);
	for (size_t i = 0; near == NULL && candidates[i] != NULL; i++)
		if (strlen(candidates[i]) >= 3 && strstr(word, candidates[i]) != NULL)
			near = candidates[i]; /* SIGTERM for TERM */
	return near == NULL ? "" : arena_printf(r->arena, " (did you mean '%s'?)", near);
}

const char *names_joined(struct arena *a, const char *const *names)
{
	CLEANUP(buf_done) struct buf out = { 0 };
	for (size_t i = 0; names[i] != NULL; i++) {
		if (i > 0)
			buf_puts(&out, names[i + 1] == NULL ? " or " : ", ");
		buf_puts(&out, names[i]);
	}
	return arena_copy(a, out.at, out.len);
}

bool value_wrong(struct reader *r, const struct field *f, const struct node *n, const char *why)
{
	if (n->cut) { /* the value was not read to its end, which is an error that was told */
		r->problems->errors++;
		return false;
	}
	PROBLEM(r->problems, &n->pos, "'%s' must be %s; found %s%s%s%s", f->key, value_expected(f->type),
		node_describe(r->arena, n), why == NULL ? "" : " (", why == NULL ? "" : why,
		why == NULL ? "" : ")");
	return false;
}

bool value_length_ok(struct reader *r, const struct field *f, const struct node *n, size_t length,
		     const char *noun)
{
	if (f->min == 0 && f->max == 0)
		return true;
	bool too_short = (int64_t)length < f->min;
	if (!too_short && ((int64_t)length <= f->max || f->max < f->min))
		return true;
	int64_t limit = too_short ? f->min : f->max;
	PROBLEM(r->problems, &n->pos, "'%s' must have at %s %jd %s%s; found %zu", f->key,
		too_short ? "least" : "most", (intmax_t)limit, noun, limit == 1 ? "" : "s", length);
	return false;
}

/* --- one reader a type --- */

static bool read_text(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	const char *text = node_as_text(n);
	if (text == NULL)
		return value_wrong(r, f, n,
				   n->kind == NODE_SCALAR && n->text.len > 0 ? "it holds a NUL byte" : NULL);
	if (!value_length_ok(r, f, n, n->text.len, "byte"))
		return false;
	*(const char **)ret = text;
	return true;
}

static bool read_text2(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	static const struct field languages[] = {
		{ .key = "fr",
		  .type = FIELD_TEXT,
		  .offset = offsetof(struct text2, fr),
		  .help = "in French" },
		{ .key = "en",
		  .type = FIELD_TEXT,
		  .offset = offsetof(struct text2, en),
		  .help = "in English" },
	};
	struct text2 t = { 0 };
	size_t before = r->problems->errors;
	if (n->kind == NODE_MAP)
		fields_read(r, n, languages, ARRAY_SIZE(languages), NULL, &t);
	else if (node_as_text(n) != NULL)
		t.fr = t.en = node_as_text(n);
	if (r->problems->errors > before)
		return false;
	if (t.fr == NULL && t.en == NULL)
		return value_wrong(r, f, n, NULL);
	*(struct text2 *)ret = (struct text2){ .fr = t.fr == NULL ? t.en : t.fr,
					       .en = t.en == NULL ? t.fr : t.en };
	return true;
}

static bool read_texts(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	const struct field item = { .key = f->key, .type = FIELD_TEXT };
	struct node *const *items = n->items;
	struct node *alone = (struct node *)n; /* only read */
	size_t count = n->n;
	if (n->kind == NODE_MAP)
		return value_wrong(r, f, n, NULL);
	if (n->kind == NODE_SCALAR) {
		items = &alone;
		count = 1;
	}
	const char **at = arena_array(r->arena, count + 1, sizeof *at);
	bool good = true;
	for (size_t i = 0; i < count; i++)
		good = read_text(r, &item, items[i], &at[i]) && good;
	if (!good || !value_length_ok(r, f, n, count, "item"))
		return false;
	*(struct texts *)ret = (struct texts){ at, count };
	return true;
}

static bool read_bool(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	bool is_true = node_is_text(n, "true");
	if (!is_true && !node_is_text(n, "false")) {
		const char *text = node_as_text(n);
		bool other_word = text != NULL && is_one_of(text, bool_words);
		return value_wrong(r, f, n, other_word ? "only these two words are used" : NULL);
	}
	*(bool *)ret = is_true;
	return true;
}

static const char *const *choice_names(struct arena *a, const struct choice *choices)
{
	size_t n = 0;
	while (choices[n].name != NULL)
		n++;
	const char **names = arena_array(a, n + 1, sizeof *names);
	for (size_t i = 0; i < n; i++)
		names[i] = choices[i].name;
	return names;
}

static bool read_choice(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	for (const struct choice *c = f->choices; c->name != NULL; c++) {
		if (!node_is_text(n, c->name))
			continue;
		*(int *)ret = c->value;
		return true;
	}
	const char *const *names = choice_names(r->arena, f->choices);
	const char *text = node_as_text(n);
	PROBLEM(r->problems, &n->pos, "'%s' must be %s; found %s%s", f->key, names_joined(r->arena, names),
		node_describe(r->arena, n), text == NULL ? "" : did_you_mean(r, text, names));
	return false;
}

static bool read_actor(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	const char *text = node_as_text(n);
	if (text == NULL)
		return value_wrong(r, f, n, NULL);
	if (r->actor_names == NULL)
		return value_wrong(r, f, n, "there are no actors here");
	for (int i = 0; r->actor_names[i] != NULL; i++) {
		if (strcmp(r->actor_names[i], text) != 0)
			continue;
		*(int *)ret = i;
		return true;
	}
	PROBLEM(r->problems, &n->pos, "'%s': no actor of this case is called \"%s\"%s", f->key,
		bytes_show(r->arena, n->text, 60), did_you_mean(r, text, r->actor_names));
	return false;
}

static bool read_probe(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	(void)f;
	struct kinded k = kinded_read(r, n, r->vocabulary->probes, "probe", NULL);
	if (k.kind == NULL)
		return false;
	*(struct kinded *)ret = k;
	return true;
}

static bool read_steps(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	if (n->kind != NODE_LIST || r->read_steps == NULL)
		return value_wrong(r, f, n, NULL);
	if (!value_length_ok(r, f, n, n->n, "step"))
		return false;
	size_t before = r->problems->errors;
	r->read_steps(r, n, ret);
	return r->problems->errors == before;
}

static bool read_part(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	(void)r;
	(void)f;
	*(const struct node **)ret = n;
	return true;
}

/* --- the table of types --- */

struct value_type {
	const char *name; /* for manuals */
	const char *expected; /* for messages: "must be …" */
	value_reader *read;
	size_t size; /* of the value */
	const void *absent; /* the value of an absent field; NULL: zeros */
};

static const struct texts absent_texts = { no_texts, 0 };
static const int absent_actor = -1;
static const struct pattern absent_pattern = { .kind = PATTERN_ANY };
static const struct endpoint absent_endpoint = { .actor = -1 };
static const struct socket_name absent_socket = { .port = PORT_ANY };

static const struct value_type types[] = {
	[FIELD_TEXT] = { "text", "a text", read_text, sizeof(char *), NULL },
	[FIELD_TEXT2] = { "text in both languages", "a text, or {fr: …, en: …}", read_text2,
			  sizeof(struct text2), NULL },
	[FIELD_TEXTS] = { "list of texts", "a text or a list of texts", read_texts, sizeof(struct texts),
			  &absent_texts },
	[FIELD_BYTES] = { "payload",
			  "a payload: a text, {text:}, {hex:}, {repeat:, times:}, {all-bytes: true}, {pack: "
			  "[…]} or a list of these",
			  value_bytes, sizeof(struct bytes), NULL },
	[FIELD_PATTERN] = { "pattern", "a pattern: a payload, {starts: payload}, {any: true} or {length: n}",
			    value_pattern, sizeof(struct pattern), &absent_pattern },
	[FIELD_INT] = { "whole number", "a whole number", value_int, sizeof(int64_t), NULL },
	[FIELD_DURATION] = { "duration", "a duration such as 5s, 300ms, 10us or 2min", value_duration,
			     sizeof(int64_t), NULL },
	[FIELD_SIZE] = { "size", "a size such as 128MiB, 64KiB, 1GiB or 100 (bytes)", value_size,
			 sizeof(int64_t), NULL },
	[FIELD_POINTS] = { "points", "points such as 2, 0.5 or 1.25", value_points, sizeof(int64_t), NULL },
	[FIELD_BOOL] = { "true or false", "true or false", read_bool, sizeof(bool), NULL },
	[FIELD_CHOICE] = { "choice", "one of the choices", read_choice, sizeof(int), NULL },
	[FIELD_ACTOR] = { "actor", "the name of an actor", read_actor, sizeof(int), &absent_actor },
	[FIELD_ENDPOINT] = { "address or actor",
			     "an address such as \"127.0.0.1:4444\" or \"[::1]:4444\", or the name of an "
			     "actor",
			     value_endpoint, sizeof(struct endpoint), &absent_endpoint },
	[FIELD_SOCKET] = { "socket", "a socket such as \"udp\", \"udp:4444\" or \"tcp:80\"", value_socket,
			   sizeof(struct socket_name), &absent_socket },
	[FIELD_PROBE] = { "probe", "a probe", read_probe, sizeof(struct kinded), NULL },
	[FIELD_STEPS] = { "list of steps", "a list of steps", read_steps, sizeof(struct steps), NULL },
	[FIELD_NODE] = { "part", "a part of its own", read_part, sizeof(struct node *), NULL },
};

const char *field_type_name(enum field_type type)
{
	return types[type].name;
}

const char *value_expected(enum field_type type)
{
	return types[type].expected;
}

bool value_read(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	return types[f->type].read(r, f, n, ret);
}

void value_absent(struct reader *r, const struct field *f, const struct pos *pos, void *ret)
{
	const struct value_type *type = &types[f->type];
	memset(ret, 0, type->size);
	if (type->absent != NULL)
		memcpy(ret, type->absent, type->size);
	if (f->dflt == NULL)
		return;
	struct node *n = node_scalar(r->arena, pos, bytes_of(f->dflt));
	if (f->dflt[0] == '{' || f->dflt[0] == '[')
		conf_read(r->arena, pos->file, bytes_of(f->dflt), r->problems, &n);
	bool good = value_read(r, f, n, ret);
	assert(good && "a default of our own tables");
	(void)good;
}

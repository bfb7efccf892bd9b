/*
 * Payloads: the forms in which a spec says bytes. One table of forms, one of packed numbers.
 */
#include "conf/value.h"

#include <string.h>
#include <utf8proc.h>

enum { PAYLOAD_MOST = 1024 * 1024, PAYLOADS_MOST = 64 * 1024 * 1024 };

struct payload {
	struct reader *r;
	const struct field *f;
	struct buf out;
	bool in_pack;
};

/* `whole` is the map that the form's value stands in. */
typedef bool form_builder(struct payload *p, const struct node *value, const struct node *whole);

static bool build(struct payload *p, const struct node *n);

static bool wrong(struct payload *p, const struct node *n, const char *expected, const char *why)
{
	PROBLEM(p->r->problems, &n->pos, "'%s': expected %s; found %s%s%s%s", p->f->key, expected,
		node_describe(p->r->arena, n), why == NULL ? "" : " (", why == NULL ? "" : why,
		why == NULL ? "" : ")");
	return false;
}

/* Room for `copies` times n bytes, or a problem. */
static bool has_room(struct payload *p, const struct node *n, size_t bytes, uint64_t copies)
{
	size_t room = PAYLOAD_MOST - p->out.len;
	if (bytes != 0 && copies > room / bytes) {
		PROBLEM(p->r->problems, &n->pos, "'%s': the payload is longer than 1 MiB", p->f->key);
		return false;
	}
	p->r->payload_bytes += bytes * copies;
	if (p->r->payload_bytes > PAYLOADS_MOST) {
		PROBLEM(p->r->problems, &n->pos,
			"'%s': all payloads of this spec together are longer than 64 MiB", p->f->key);
		return false;
	}
	return true;
}

static bool put(struct payload *p, const struct node *n, struct bytes b)
{
	if (!has_room(p, n, b.len, 1))
		return false;
	buf_add(&p->out, b.at, b.len);
	return true;
}

/* "\x90" in YAML is the character U+0090, two bytes of UTF-8: nobody means that. */
static void advise_on_escapes(struct payload *p, const struct node *n)
{
	for (size_t i = 0; n->quoted && i + 1 < n->text.len; i++) {
		unsigned char c = (unsigned char)n->text.at[i];
		unsigned char next = (unsigned char)n->text.at[i + 1];
		if (c == 0xC2 && next >= 0x80 && next < 0xA0) {
			ADVICE(p->r->problems, &n->pos,
			       "'%s': in YAML \\x%02x is the character U+%04X, two bytes; the one byte is "
			       "{hex: \"%02x\"}",
			       p->f->key, next, next, next);
			return;
		}
	}
}

static bool build_text(struct payload *p, const struct node *value, const struct node *whole)
{
	(void)whole;
	if (value->kind != NODE_SCALAR || node_is_empty(value))
		return wrong(p, value, "a text", NULL);
	advise_on_escapes(p, value);
	return put(p, value, value->text);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

static bool build_hex(struct payload *p, const struct node *value, const struct node *whole)
{
	static const char expected[] = "pairs of hexadecimal digits such as \"00 ff 1b\"";
	(void)whole;
	if (value->kind != NODE_SCALAR)
		return wrong(p, value, expected, NULL);
	CLEANUP(buf_done) struct buf bytes = { 0 };
	const char *s = value->text.at;
	for (size_t i = 0; i < value->text.len;) {
		if (s[i] == ' ' || s[i] == '\n') {
			i++;
			continue;
		}
		int high = hex_digit(s[i]);
		int low = i + 1 < value->text.len ? hex_digit(s[i + 1]) : -1;
		if (high < 0 || low < 0)
			return wrong(p, value, expected, NULL);
		char byte = (char)(high * 16 + low);
		buf_add(&bytes, &byte, 1);
		i += 2;
	}
	return put(p, value, buf_bytes(&bytes));
}

static bool read_times(struct payload *p, const struct node *whole, uint64_t *ret)
{
	const struct node *times = node_get(whole, "times");
	if (times == NULL)
		return wrong(p, whole, "{repeat: payload, times: n}", "'times' is missing");
	const char *at = node_as_text(times);
	struct number n = { 0 };
	if (at == NULL || number_take(&at, &n) != NULL || *at != '\0' || n.negative)
		return wrong(p, times, "a number of times", NULL);
	*ret = n.size;
	return true;
}

static bool build_repeat(struct payload *p, const struct node *value, const struct node *whole)
{
	uint64_t times = 0;
	size_t start = p->out.len;
	bool good = read_times(p, whole, &times);
	if (!build(p, value) || !good)
		return false;
	size_t len = p->out.len - start;
	if (times == 0)
		p->out.len = start;
	if (times < 2 || len == 0)
		return true;
	if (!has_room(p, whole, len, times - 1))
		return false;
	(void)buf_room(&p->out, len * (times - 1));
	for (uint64_t i = 1; i < times; i++)
		buf_add(&p->out, p->out.at + start, len);
	return true;
}

static bool build_all_bytes(struct payload *p, const struct node *value, const struct node *whole)
{
	(void)whole;
	char all[256];
	if (!node_is_text(value, "true"))
		return wrong(p, value, "{all-bytes: true}", NULL);
	for (size_t i = 0; i < sizeof all; i++)
		all[i] = (char)i;
	return put(p, value, (struct bytes){ all, sizeof all });
}

static const struct packed {
	const char *name;
	unsigned bytes;
	bool is_signed, little;
} packed_types[] = {
	{ "u8", 1, false, false },    { "i8", 1, true, false },     { "u16be", 2, false, false },
	{ "u16le", 2, false, true },  { "i16be", 2, true, false },  { "i16le", 2, true, true },
	{ "u32be", 4, false, false }, { "u32le", 4, false, true },  { "i32be", 4, true, false },
	{ "i32le", 4, true, true },   { "u64be", 8, false, false }, { "u64le", 8, false, true },
	{ "i64be", 8, true, false },  { "i64le", 8, true, true },
};

static const struct packed *find_packed(const struct node *item)
{
	if (item->kind != NODE_MAP || item->n != 1)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(packed_types); i++)
		if (node_is_text(item->keys[0], packed_types[i].name))
			return &packed_types[i];
	return NULL;
}

static bool fits(const struct packed *t, struct number n)
{
	unsigned bits = t->bytes * 8 - (t->is_signed ? 1 : 0);
	uint64_t most = bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
	if (!n.negative)
		return n.size <= most;
	return n.size == 0 || (t->is_signed && n.size <= most + 1);
}

static bool build_packed(struct payload *p, const struct packed *t, const struct node *value)
{
	const char *at = node_as_text(value);
	struct number n = { 0 };
	if (at == NULL || number_take(&at, &n) != NULL || *at != '\0')
		return wrong(p, value, "a whole number", t->name);
	if (!fits(t, n))
		return wrong(p, value, "a number that fits", t->name);
	uint64_t bits = n.negative ? 0 - n.size : n.size;
	char out[8];
	for (unsigned i = 0; i < t->bytes; i++)
		out[t->little ? i : t->bytes - 1 - i] = (char)(bits >> (8 * i));
	return put(p, value, (struct bytes){ out, t->bytes });
}

static bool build_pack(struct payload *p, const struct node *value, const struct node *whole)
{
	(void)whole;
	if (value->kind != NODE_LIST)
		return wrong(p, value, "a list such as [u16be: 7, i32le: -1, text: \"abc\"]", NULL);
	bool good = true;
	bool outer = p->in_pack;
	p->in_pack = true;
	for (size_t i = 0; i < value->n; i++) {
		const struct node *item = value->items[i];
		const struct packed *t = find_packed(item);
		good = (t != NULL ? build_packed(p, t, item->items[0]) : build(p, item)) && good;
	}
	p->in_pack = outer;
	return good;
}

static const struct form {
	const char *key, *beside;
	form_builder *build;
} forms[] = {
	{ "text", NULL, build_text },        { "hex", NULL, build_hex },
	{ "repeat", "times", build_repeat }, { "all-bytes", NULL, build_all_bytes },
	{ "pack", NULL, build_pack },
};

static bool only_keys(struct payload *p, const struct node *map, const struct form *form)
{
	for (size_t i = 0; i < map->n; i++) {
		if (node_is_text(map->keys[i], form->key) ||
		    (form->beside != NULL && node_is_text(map->keys[i], form->beside)))
			continue;
		PROBLEM(p->r->problems, &map->keys[i]->pos, "'%s': unknown key \"%s\" beside '%s'", p->f->key,
			bytes_show(p->r->arena, map->keys[i]->text, 60), form->key);
		return false;
	}
	return true;
}

/* A map that is none of the forms: the names of numbers belong into pack. */
static bool no_form(struct payload *p, const struct node *map)
{
	static const char *const form_names[] = { "text", "hex", "repeat", "all-bytes", "pack", NULL };
	static const char *const pack_names[] = { "u8",    "i8",     "u16be",     "u16le", "i16be",
						  "i16le", "u32be",  "u32le",     "i32be", "i32le",
						  "u64be", "u64le",  "i64be",     "i64le", "text",
						  "hex",   "repeat", "all-bytes", "pack",  NULL };
	const char *const *names = p->in_pack ? pack_names : form_names;
	if (find_packed(map) != NULL)
		return wrong(p, map, "a payload", "numbers of a width stand in pack: {pack: [u16be: 7]}");
	const char *key = map->n == 0 ? NULL : node_as_text(map->keys[0]);
	PROBLEM(p->r->problems, map->n == 0 ? &map->pos : &map->keys[0]->pos,
		"'%s': a payload's map has one of the keys %s; found %s%s", p->f->key,
		names_joined(p->r->arena, names),
		map->n == 0 ? "none" : node_describe(p->r->arena, map->keys[0]),
		key == NULL ? "" : did_you_mean(p->r, key, names));
	return false;
}

static bool build_map(struct payload *p, const struct node *map)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		const struct node *value = node_get(map, forms[i].key);
		if (value == NULL)
			continue;
		bool good = only_keys(p, map, &forms[i]);
		return forms[i].build(p, value, map) && good;
	}
	return no_form(p, map);
}

static bool build(struct payload *p, const struct node *n)
{
	bool good = true;
	switch (n->kind) {
	case NODE_SCALAR:
		return node_is_empty(n) ? wrong(p, n, value_expected(FIELD_BYTES), NULL)
					: build_text(p, n, n);
	case NODE_MAP:
		return build_map(p, n);
	case NODE_LIST:
		for (size_t i = 0; i < n->n; i++)
			good = build(p, n->items[i]) && good;
	}
	return good;
}

bool value_bytes(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	struct payload p = { .r = r, .f = f };
	bool good = build(&p, n) && value_length_ok(r, f, n, p.out.len, "byte");
	if (good)
		*(struct bytes *)ret = (struct bytes){ arena_copy(r->arena, p.out.at, p.out.len), p.out.len };
	buf_done(&p.out);
	return good;
}

/* --- patterns --- */

static bool pattern_starts(struct reader *r, const struct field *f, const struct node *value,
			   struct pattern *ret)
{
	ret->kind = PATTERN_STARTS;
	return value_bytes(r, f, value, &ret->bytes);
}

static bool pattern_any(struct reader *r, const struct field *f, const struct node *value,
			struct pattern *ret)
{
	ret->kind = PATTERN_ANY;
	return node_is_text(value, "true") ? true : value_wrong(r, f, value, "write {any: true}");
}

static bool pattern_length(struct reader *r, const struct field *f, const struct node *value,
			   struct pattern *ret)
{
	const struct field length = { .key = f->key, .type = FIELD_INT, .min = 0, .max = INT64_MAX };
	ret->kind = PATTERN_LENGTH;
	return value_read(r, &length, value, &ret->length);
}

static const struct pattern_form {
	const char *key;
	bool (*read)(struct reader *r, const struct field *f, const struct node *value, struct pattern *ret);
} pattern_forms[] = { { "starts", pattern_starts }, { "any", pattern_any }, { "length", pattern_length } };

bool value_pattern(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	struct pattern p = { .kind = PATTERN_EXACT };
	bool good = false;
	const struct pattern_form *form = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(pattern_forms); i++)
		if (node_get(n, pattern_forms[i].key) != NULL)
			form = &pattern_forms[i];
	if (form == NULL)
		good = value_bytes(r, f, n, &p.bytes);
	else if (n->n != 1)
		good = value_wrong(r, f, n, "one key only");
	else
		good = form->read(r, f, n->items[0], &p);
	if (good)
		*(struct pattern *)ret = p;
	return good;
}

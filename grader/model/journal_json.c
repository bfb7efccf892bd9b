/*
 * journal_json.c - a journal as lines of JSON, and back. jansson's conventions (0 ok, -1 or NULL out of memory) end here.
 *
 *	{"journal":1,"wall_us":1234}
 *	{"at_ns":10,"event":"output","actor":0,"pid":2,"fd":1,"data":"Recu : bonjour\n"}
 *	{"at_ns":12,"event":"received","actor":1,"pid":0,"from":"udp:127.0.0.1:4444","data_base64":"AP8="}
 *	{"at_ns":15,"event":"end","actor":-1,"pid":0}
 *
 * Every number and text that the shape of the event names is always written, data too (as NAME or as NAME_base64);
 * nothing else is. So a reader can demand all of it and refuse the rest.
 */
#include "model/journal.h"

#include <jansson.h>
#include <stdio.h>

enum {
	JOURNAL_FORMAT = 1,
	KEY_BYTES = 40, /* the longest name of a shape, "_base64" and a NUL */
	ACTORS_MOST = 4096, /* far above what a spec may have */
	COMMON_FIELDS = 4, /* at_ns, event, actor, pid */
};

static const int64_t journal_most_bytes = INT64_C(64) << 20;

/* The names of a shape's numbers one after the other: *at walks through the text. False: no more. */
static bool next_name(const char **at, char ret[KEY_BYTES])
{
	while (**at == ' ')
		(*at)++;
	size_t len = strcspn(*at, " ");
	if (len == 0)
		return false;
	(void)snprintf(ret, KEY_BYTES, "%.*s", (int)len, *at);
	*at += len;
	return true;
}

enum { PADDING = 64 };
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

static void base64_write(struct bytes b, struct buf *out)
{
	const unsigned char *at = (const unsigned char *)b.at;
	for (size_t i = 0; i < b.len; i += 3) {
		size_t left = b.len - i;
		uint32_t bits = (uint32_t)at[i] << 16;
		bits |= left > 1 ? (uint32_t)at[i + 1] << 8 : 0;
		bits |= left > 2 ? (uint32_t)at[i + 2] : 0;
		char four[4] = {
			digits[bits >> 18],
			digits[bits >> 12 & 63],
			digits[left > 1 ? bits >> 6 & 63 : PADDING],
			digits[left > 2 ? bits & 63 : PADDING],
		};
		buf_add(out, four, sizeof four);
	}
}

static void base64_values(signed char ret[256])
{
	memset(ret, -1, 256);
	for (size_t i = 0; i < 64; i++)
		ret[(unsigned char)digits[i]] = (signed char)i;
}

/* Strict: padded, no blanks, no bits that would be thrown away; so each run of bytes has exactly one form. */
static bool base64_read(struct arena *a, const char *text, size_t len, struct bytes *ret)
{
	signed char value[256];
	base64_values(value);
	if (len % 4 != 0)
		return false;
	size_t padding = len == 0 || text[len - 1] != '=' ? 0 : text[len - 2] != '=' ? 1 : 2;
	size_t n = len / 4 * 3 - padding;
	char *out = arena_alloc(a, n + 3);
	for (size_t i = 0; i < len; i += 4) {
		uint32_t bits = 0;
		size_t given = i + 4 == len ? 4 - padding : 4;
		for (size_t k = 0; k < 4; k++) {
			int v = k < given ? value[(unsigned char)text[i + k]] : 0;
			if (v < 0)
				return false;
			bits = bits << 6 | (uint32_t)v;
		}
		if ((given == 2 && (bits & 0xffff) != 0) || (given == 3 && (bits & 0xff) != 0))
			return false;
		out[i / 4 * 3] = (char)(bits >> 16);
		out[i / 4 * 3 + 1] = (char)(bits >> 8);
		out[i / 4 * 3 + 2] = (char)bits;
	}
	*ret = (struct bytes){ n == 0 ? NULL : out, n };
	return true;
}

/* -- writing -- */

static void put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, must_alloc(value)) < 0)
		(void)must_alloc(NULL);
}

static int add_to_buf(const char *text, size_t n, void *out)
{
	buf_add(out, text, n);
	return 0;
}

static void write_line(const json_t *object, struct buf *out)
{
	if (json_dump_callback(object, add_to_buf, out, JSON_COMPACT) < 0)
		(void)must_alloc(NULL);
	buf_puts(out, "\n");
}

/* The bytes as a JSON text, or NULL when they are better off in base64: no UTF-8, or control characters, of which
 * each would take six characters. */
static json_t *plain_text(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		unsigned char c = (unsigned char)b.at[i];
		if ((c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 0x7f)
			return NULL;
	}
	return json_stringn(b.len == 0 ? "" : b.at, b.len);
}

static void put_data(json_t *line, const char *name, struct bytes data)
{
	json_t *plain = plain_text(data);
	if (plain != NULL) {
		put(line, name, plain);
		return;
	}
	CLEANUP(buf_done) struct buf coded = { 0 };
	base64_write(data, &coded);
	char key[KEY_BYTES];
	(void)snprintf(key, sizeof key, "%s_base64", name);
	put(line, key, json_stringn(coded.at, coded.len));
}

/* Our own texts are UTF-8; should one not be, it is shown rather than lost. */
static void put_text(json_t *line, const char *name, const char *text)
{
	json_t *value = json_string(text);
	if (value == NULL) {
		CLEANUP(arena_done) struct arena a = { 0 };
		value = json_string(bytes_show(&a, bytes_of(text), SIZE_MAX));
	}
	put(line, name, value);
}

static void write_event(const struct event *e, struct buf *out)
{
	const struct event_shape *shape = event_shape(e->kind);
	json_auto_t *line = must_alloc(json_object());
	put(line, "at_ns", json_integer(e->at_ns));
	put(line, "event", json_string(shape->name));
	put(line, "actor", json_integer(e->actor));
	put(line, "pid", json_integer(e->pid));
	char name[KEY_BYTES];
	const char *names = shape->numbers;
	for (size_t i = 0; next_name(&names, name); i++)
		put(line, name, json_integer(e->n[i]));
	if (shape->text[0] != '\0')
		put_text(line, shape->text, e->text == NULL ? "" : e->text);
	if (shape->data[0] != '\0')
		put_data(line, shape->data, e->data);
	write_line(line, out);
}

void journal_write(const struct observation *o, struct buf *ret)
{
	json_auto_t *header = must_alloc(json_object());
	put(header, "journal", json_integer(JOURNAL_FORMAT));
	put(header, "wall_us", json_integer(o->wall_us));
	write_line(header, ret);
	for (size_t i = 0; i < o->n; i++)
		write_event(&o->events[i], ret);
}

/* -- reading -- */

struct journal_reader {
	struct arena *arena;
	struct bytes text; /* what is left of it */
	size_t line; /* of the last line read, from 1 */
	struct fault *f;
};

static int refuse(const struct journal_reader *r, const char *what, const char *key)
{
	return fault_set(r->f, FAULT_WORKER, 0, "journal, line %zu: %s '%s'", r->line, what, key);
}

/* ret_object is the caller's to drop. */
static int read_line(struct journal_reader *r, json_t **ret_object)
{
	const char *end = r->text.len == 0 ? NULL : memchr(r->text.at, '\n', r->text.len);
	r->line++;
	if (end == NULL)
		return fault_set(r->f, FAULT_WORKER, 0, "journal cut short at line %zu", r->line);
	size_t len = (size_t)(end - r->text.at);
	json_error_t e;
	json_t *object = json_loadb(r->text.at, len, JSON_REJECT_DUPLICATES, &e);
	r->text.at = end + 1;
	r->text.len -= len + 1;
	if (object == NULL) {
		CLEANUP(arena_done) struct arena a = { 0 };
		return refuse(r, "no JSON:", bytes_show(&a, bytes_of(e.text), 200));
	}
	if (!json_is_object(object)) {
		json_decref(object);
		return refuse(r, "no object:", "{}");
	}
	*ret_object = object;
	return 0;
}

static int read_number(const struct journal_reader *r, const json_t *line, const char *key, int64_t min,
		       int64_t max, int64_t *ret)
{
	const json_t *value = json_object_get(line, key);
	if (!json_is_integer(value))
		return refuse(r, "no number", key);
	int64_t n = json_integer_value(value);
	if (n < min || n > max)
		return refuse(r, "number out of range:", key);
	*ret = n;
	return 0;
}

static int read_text(const struct journal_reader *r, const json_t *line, const char *key, const char **ret)
{
	const json_t *value = json_object_get(line, key);
	if (!json_is_string(value))
		return refuse(r, "no text", key);
	/* jansson has refused NULs and bytes that are no UTF-8 */
	size_t len = json_string_length(value);
	*ret = len == 0 ? "" : arena_copy(r->arena, json_string_value(value), len);
	return 0;
}

static int read_data(const struct journal_reader *r, const json_t *line, const char *key, struct bytes *ret)
{
	char coded[KEY_BYTES];
	(void)snprintf(coded, sizeof coded, "%s_base64", key);
	const json_t *plain = json_object_get(line, key);
	const json_t *value = plain != NULL ? plain : json_object_get(line, coded);
	if (!json_is_string(value))
		return refuse(r, "no text", key);
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);
	if (plain != NULL)
		*ret = (struct bytes){ len == 0 ? NULL : arena_copy(r->arena, text, len), len };
	else if (!base64_read(r->arena, text, len, ret))
		return refuse(r, "no base64:", coded);
	return 0;
}

static int read_kind(const struct journal_reader *r, const json_t *line, enum event_kind *ret)
{
	const json_t *value = json_object_get(line, "event");
	const char *name = json_is_string(value) ? json_string_value(value) : "";
	for (int k = EV_START; k <= EV_END; k++)
		if (strcmp(event_shape(k)->name, name) == 0) {
			*ret = k;
			return 0;
		}
	CLEANUP(arena_done) struct arena a = { 0 };
	return refuse(r, "unknown event", bytes_show(&a, bytes_of(name), 60));
}

/* Numbers that must be one of an enum's: a switch over them has no default. All others are any int64. */
static const struct number_range {
	const char *name;
	int64_t min, max;
} ranges[] = {
	{ "how", END_EXITED, END_KILLED_BY_GRADER },
	{ "outcome", STEP_DONE, STEP_IMPOSSIBLE },
	{ "thread", 0, 1 },
	{ "number", 0, INT32_MAX },
	{ "fd", 0, INT32_MAX },
	{ "count", 0, INT64_MAX },
	{ "port", -1, 65535 },
	{ "signal", 0, 64 },
};

static int read_ranged(const struct journal_reader *r, const json_t *line, const char *name, int64_t *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (strcmp(ranges[i].name, name) == 0)
			return read_number(r, line, name, ranges[i].min, ranges[i].max, ret);
	return read_number(r, line, name, INT64_MIN, INT64_MAX, ret);
}

/* What the shape names, counted in *fields. */
static int read_shaped(const struct journal_reader *r, const json_t *line, struct event *e, size_t *fields)
{
	const struct event_shape *shape = event_shape(e->kind);
	char name[KEY_BYTES];
	const char *names = shape->numbers;
	for (size_t i = 0; next_name(&names, name); i++, (*fields)++)
		if (read_ranged(r, line, name, &e->n[i]) < 0)
			return -1;
	e->text = "";
	if (shape->text[0] != '\0') {
		(*fields)++;
		if (read_text(r, line, shape->text, &e->text) < 0)
			return -1;
	}
	if (shape->data[0] != '\0') {
		(*fields)++;
		if (read_data(r, line, shape->data, &e->data) < 0)
			return -1;
	}
	return 0;
}

static int read_event(const struct journal_reader *r, const json_t *line, int64_t earliest, struct event *ret)
{
	struct event e = { 0 };
	int64_t actor = 0;
	int64_t pid = 0;
	size_t fields = COMMON_FIELDS;
	if (read_number(r, line, "at_ns", 0, INT64_MAX, &e.at_ns) < 0 || read_kind(r, line, &e.kind) < 0 ||
	    read_number(r, line, "actor", -1, ACTORS_MOST, &actor) < 0 ||
	    read_number(r, line, "pid", 0, INT32_MAX, &pid) < 0 || read_shaped(r, line, &e, &fields) < 0)
		return -1;
	if (json_object_size(line) != fields)
		return refuse(r, "unknown fields in", event_shape(e.kind)->name);
	if (e.at_ns < earliest)
		return refuse(r, "time runs backwards at", event_shape(e.kind)->name);
	e.actor = (int)actor;
	e.pid = (int32_t)pid;
	*ret = e;
	return 0;
}

static int read_header(struct journal_reader *r, int64_t *ret_wall_us)
{
	json_auto_t *line = NULL;
	int64_t format;
	if (read_line(r, &line) < 0 ||
	    read_number(r, line, "journal", JOURNAL_FORMAT, JOURNAL_FORMAT, &format) < 0)
		return -1;
	if (json_object_size(line) != 2)
		return refuse(r, "unknown fields in", "journal");
	return read_number(r, line, "wall_us", 0, INT64_MAX, ret_wall_us);
}

static int read_next_event(struct journal_reader *r, struct observation *o)
{
	json_auto_t *line = NULL;
	struct event e;
	int64_t earliest = o->n == 0 ? 0 : o->events[o->n - 1].at_ns;
	if (read_line(r, &line) < 0 || read_event(r, line, earliest, &e) < 0)
		return -1;
	o->events = arena_push(o->arena, o->events, &o->n, &o->cap, sizeof *o->events);
	o->events[o->n - 1] = e;
	return 0;
}

int journal_read(struct arena *a, struct bytes text, struct observation *ret, struct fault *f)
{
	struct journal_reader r = { .arena = a, .text = text, .f = f };
	struct observation o = { .arena = a };
	if (text.len > (size_t)journal_most_bytes)
		return fault_set(f, FAULT_WORKER, 0, "journal of %zu bytes: more than 64 MiB", text.len);
	if (read_header(&r, &o.wall_us) < 0)
		return -1;
	do {
		/* a journal without its end runs out of lines, which read_line refuses */
		if (read_next_event(&r, &o) < 0)
			return -1;
	} while (o.events[o.n - 1].kind != EV_END);
	if (r.text.len > 0)
		return fault_set(f, FAULT_WORKER, 0, "journal: more lines after its end");
	*ret = o;
	return 0;
}

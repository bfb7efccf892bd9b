#include "reports/report.h"

#include "base/hash.h"

#include <errno.h>

#define KIND(name) extern const struct report_kind report_kind_##name;
#include "reports/list.h"
#undef KIND

const struct report_kind *const report_kinds[] = {
#define KIND(name) &report_kind_##name,
#include "reports/list.h"
#undef KIND
	NULL,
};

const struct report_kind *report_kind_named(const char *name)
{
	for (size_t i = 0; report_kinds[i] != NULL; i++)
		if (strcmp(report_kinds[i]->name, name) == 0)
			return report_kinds[i];
	return NULL;
}

void report_begin(struct report *r, const struct report_kind *kind, FILE *out, const struct spec *s,
		  const struct report_options *options)
{
	*r = (struct report){ .kind = kind, .out = out, .spec = s, .options = *options };
	r->state = must_alloc(calloc(1, kind->state_size + 1));
	kind->begin(r);
}

void report_add(struct report *r, const struct sheet *sheet)
{
	r->kind->add(r, sheet);
}

int report_end(struct report *r, struct fault *f)
{
	r->kind->end(r);
	free(r->state);
	r->state = NULL;
	errno = 0;
	/* an earlier write that failed leaves its mark in ferror only */
	if (fflush(r->out) != 0 || ferror(r->out))
		return fault_set(f, FAULT_SYSTEM, errno != 0 ? errno : EIO, "%s report cannot be written",
				 r->kind->name);
	return 0;
}

struct text2 report_message(const struct report *r, const struct case_score *c)
{
	if (r->options.for_student && c->c->visibility == CASE_HIDDEN)
		return (struct text2){ "cas caché", "hidden case" };
	return c->verdict.message;
}

/* -- file names -- */

enum { FILE_NAME_MOST = 200, HASH_SHOWN = 16 };

/* Whether this character may stand in a file name on any system. */
static bool stands(struct arena *a, struct bytes c, bool at_end)
{
	if (c.len == 1 && strchr("/%~\\<>:\"|?*", c.at[0]) != NULL)
		return false;
	if (at_end && c.len == 1 && strchr(".- ", c.at[0]) != NULL)
		return false;
	const char *shown = bytes_show(a, c, 1);
	return bytes_equal(bytes_of(shown), c);
}

/* Bytes of the character that starts here, by its first byte; a wrong guess is found by bytes_show. */
static size_t char_len(const char *at)
{
	unsigned char c = (unsigned char)at[0];
	size_t len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
	return strnlen(at, len) < len ? 1 : len;
}

const char *report_file_name(struct arena *a, const char *name)
{
	CLEANUP(buf_done) struct buf safe = { 0 };
	size_t fits = 0; /* of it, when a hash has to follow */
	for (const char *at = name; *at != '\0';) {
		struct bytes c = { at, char_len(at) };
		bool at_end = at == name || at[c.len] == '\0';
		if (c.len > 1 && !stands(a, c, at_end))
			c.len = 1;
		if (stands(a, c, at_end))
			buf_add(&safe, c.at, c.len);
		else
			buf_printf(&safe, "%%%02X", (unsigned)(unsigned char)c.at[0]);
		at += c.len;
		if (safe.len <= FILE_NAME_MOST - HASH_SHOWN - 1)
			fits = safe.len;
	}
	if (safe.len == 0)
		return "%"; /* no other name gives this one */
	if (safe.len <= FILE_NAME_MOST)
		return arena_copy(a, safe.at, safe.len);
	struct hash h;
	char hex[HASH_HEX];
	hash_init(&h);
	hash_text(&h, name);
	hash_end(&h, hex);
	return arena_printf(a, "%.*s~%.*s", (int)fits, safe.at, HASH_SHOWN, hex);
}

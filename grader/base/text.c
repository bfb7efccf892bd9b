#include "base/text.h"

#include <utf8proc.h>

static __attribute__((format(printf, 2, 0))) const char *vsay(struct arena *a, const char *fmt, va_list ap)
{
	return arena_vprintf(a, fmt, ap);
}

struct text2 say(struct arena *a, const char *fr, const char *en, ...)
{
	va_list ap;
	va_list again;
	va_start(ap, en);
	va_copy(again, ap);
	struct text2 t = { .fr = vsay(a, fr, ap), .en = vsay(a, en, again) };
	va_end(again);
	va_end(ap);
	return t;
}

enum lang lang_of_environment(void)
{
	static const char *const names[] = { "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && value[0] != '\0')
			return strncmp(value, "fr", 2) == 0 ? LANG_FR : LANG_EN;
	}
	return LANG_EN;
}

/* Latin-1 bytes among the UTF-8 become UTF-8, NULs become blanks, so that what follows need not care. */
static void to_utf8(struct bytes text, struct buf *out)
{
	for (size_t i = 0; i < text.len;) {
		utf8proc_int32_t c = 0;
		const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text.at + i;
		utf8proc_ssize_t n = utf8proc_iterate(at, (utf8proc_ssize_t)MIN(text.len - i, (size_t)4), &c);
		if (n <= 0) {
			c = at[0];
			n = 1;
		}
		i += (size_t)n;
		if (c == 0)
			c = 0xFFFD; /* a NUL in the output is no blank: it is seen */
		utf8proc_uint8_t encoded[4];
		utf8proc_ssize_t len = utf8proc_encode_char(c, encoded);
		buf_add(out, encoded, (size_t)len);
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* Appends one line without blanks at its ends and with single ones inside; not if it is empty or a remark. */
static void add_line(struct buf *out, const char *line, size_t len)
{
	size_t start = out->len;
	for (size_t i = 0; i < len; i++) {
		if (!is_blank(line[i]))
			buf_add(out, &line[i], 1);
		else if (out->len > start && out->at[out->len - 1] != ' ')
			buf_puts(out, " ");
	}
	while (out->len > start && out->at[out->len - 1] == ' ')
		out->len--;
	if (out->len == start || out->at[start] == '#')
		out->len = start;
	else
		buf_puts(out, "\n");
}

struct bytes text_plain(struct arena *a, struct bytes text)
{
	CLEANUP(buf_done) struct buf utf8 = { 0 };
	to_utf8(text, &utf8);
	utf8proc_uint8_t *folded = NULL;
	utf8proc_option_t how = UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_COMPAT;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)(utf8.len > 0 ? utf8.at : ""),
					  (utf8proc_ssize_t)utf8.len, &folded, how);
	CLEANUP(buf_done) struct buf out = { 0 };
	const char *at = n < 0 ? utf8.at : (const char *)folded;
	size_t len = n < 0 ? utf8.len : (size_t)n;
	while (len > 0) {
		const char *end = memchr(at, '\n', len);
		size_t line = end == NULL ? len : (size_t)(end - at);
		add_line(&out, at, line);
		size_t step = end == NULL ? line : line + 1;
		at += step;
		len -= step;
	}
	free(folded);
	return (struct bytes){ arena_copy(a, out.at, out.len), out.len };
}

size_t text_width(const char *s)
{
	size_t width = 0;
	size_t len = strlen(s);
	for (size_t i = 0; i < len;) {
		utf8proc_int32_t c = 0;
		utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s + i,
						      (utf8proc_ssize_t)(len - i), &c);
		if (n <= 0) {
			i++;
			width++;
			continue;
		}
		i += (size_t)n;
		int w = utf8proc_charwidth(c);
		width += (size_t)MAX(w, 0);
	}
	return width;
}

enum { LONGEST_WORD = 64 };

/* Optimal string alignment: insertion, deletion, change, and two neighbours swapped each cost one. */
static size_t distance(const char *a, const char *b)
{
	size_t na = strlen(a);
	size_t nb = strlen(b);
	if (na > LONGEST_WORD || nb > LONGEST_WORD)
		return SIZE_MAX;
	size_t rows[3][LONGEST_WORD + 1];
	for (size_t j = 0; j <= nb; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i + 2) % 3];
		const size_t *two_above = rows[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t change = above[j - 1] + (a[i - 1] != b[j - 1]);
			row[j] = MIN(change, MIN(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = MIN(row[j], two_above[j - 2] + 1);
		}
	}
	return rows[na % 3][nb];
}

const char *text_nearest(const char *word, const char *const *candidates)
{
	const char *best = NULL;
	size_t limit = MAX((size_t)1, strlen(word) / 3);
	for (; *candidates != NULL; candidates++) {
		size_t d = distance(word, *candidates);
		if (d <= limit) {
			best = *candidates;
			limit = d == 0 ? 0 : d - 1;
			if (d == 0)
				break;
		}
	}
	return best;
}

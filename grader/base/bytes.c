#include "base/bytes.h"

#include <stdio.h>
#include <utf8proc.h>

bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool bytes_start_with(struct bytes whole, struct bytes beginning)
{
	return whole.len >= beginning.len &&
	       bytes_equal((struct bytes){ whole.at, beginning.len }, beginning);
}

/* Whether a code point may be shown as it is: no control, format or private characters, nothing that turns a line
 * around or hides text. */
static bool shown_as_is(utf8proc_int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return false;
	default:
		return true;
	}
}

static void show_byte(struct buf *out, unsigned char c)
{
	switch (c) {
	case '\n':
		buf_puts(out, "\\n");
		break;
	case '\r':
		buf_puts(out, "\\r");
		break;
	case '\t':
		buf_puts(out, "\\t");
		break;
	case '\0':
		buf_puts(out, "\\0");
		break;
	default:
		buf_printf(out, "\\x%02x", c);
	}
}

const char *bytes_show(struct arena *a, struct bytes b, size_t most)
{
	CLEANUP(buf_done) struct buf out = { 0 };
	size_t i = 0;
	size_t shown = 0;
	for (; i < b.len && shown < most; shown++) {
		utf8proc_int32_t c = -1;
		utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)b.at + i,
						      (utf8proc_ssize_t)MIN(b.len - i, (size_t)4), &c);
		if (n <= 0 || !shown_as_is(c)) {
			n = n <= 0 ? 1 : n;
			for (utf8proc_ssize_t k = 0; k < n; k++)
				show_byte(&out, (unsigned char)b.at[i + (size_t)k]);
		} else {
			if (c == '\\' || c == '"')
				buf_puts(&out, "\\");
			buf_add(&out, b.at + i, (size_t)n);
		}
		i += (size_t)n;
	}
	if (i < b.len)
		buf_printf(&out, "… (%zu)", b.len);
	return arena_copy(a, out.at, out.len);
}

void buf_done(struct buf *b)
{
	free(b->at);
	*b = (struct buf){ 0 };
}

char *buf_room(struct buf *b, size_t n)
{
	if (b->cap - b->len < n) {
		size_t cap = MAX(b->cap * 2, b->len + n + 64);
		b->at = must_alloc(realloc(b->at, cap));
		b->cap = cap;
	}
	return b->at + b->len;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (n == 0)
		return;
	memcpy(buf_room(b, n), bytes, n);
	b->len += n;
}

void buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	va_list again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0) {
		(void)vsnprintf(buf_room(b, (size_t)n + 1), (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

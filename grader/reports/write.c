#include "reports/write.h"

const char *colour(const struct report *r, enum colour c)
{
	if (!r->options.colour)
		return "";
	switch (c) {
	case COLOUR_GOOD:
		return "\033[32m";
	case COLOUR_BAD:
		return "\033[31m";
	case COLOUR_WARN:
		return "\033[33m";
	case COLOUR_HEAD:
		return "\033[1m";
	case COLOUR_NONE:
		return "\033[0m";
	}
	return "";
}

void write_say(const struct report *r, const char *fr, const char *en, ...)
{
	va_list ap;
	va_start(ap, en);
	if (r->options.lang == LANG_FR)
		(void)vfprintf(r->out, fr, ap);
	else
		(void)vfprintf(r->out, en, ap);
	va_end(ap);
}

/* bytes_show would escape quotes and backslashes too: it gets what is between them. `kept` is one byte each. */
static const char *show_but(struct arena *a, struct bytes text, const char *kept)
{
	CLEANUP(buf_done) struct buf out = { 0 };
	size_t from = 0;
	for (size_t i = 0; i <= text.len; i++) {
		bool keep = i < text.len && text.at[i] != '\0' && strchr(kept, text.at[i]) != NULL;
		if (i < text.len && !keep)
			continue;
		if (i > from)
			buf_puts(&out, bytes_show(a, (struct bytes){ text.at + from, i - from }, SIZE_MAX));
		if (keep)
			buf_add(&out, text.at + i, 1);
		from = i + 1;
	}
	return arena_copy(a, out.at, out.len);
}

const char *show_line(struct arena *a, struct bytes text)
{
	return show_but(a, text, "\"\\");
}

const char *show_lines(struct arena *a, struct bytes text)
{
	return show_but(a, text, "\"\\\n\t");
}

static void write_blanks(const struct report *r, size_t n)
{
	(void)fprintf(r->out, "%*s", (int)n, "");
}

void write_left(const struct report *r, const char *text, size_t columns)
{
	size_t width = text_width(text);
	(void)fputs(text, r->out);
	write_blanks(r, columns > width ? columns - width : 0);
}

void write_right(const struct report *r, const char *text, size_t columns)
{
	size_t width = text_width(text);
	write_blanks(r, columns > width ? columns - width : 0);
	(void)fputs(text, r->out);
}

void write_wrapped(const struct report *r, const char *text, size_t column, size_t indent)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	while (*text != '\0') {
		/* blanks, then a word; or a newline */
		size_t blanks = strspn(text, " ");
		size_t word = strcspn(text + blanks, " \n");
		size_t width = blanks + text_width(arena_copy(&a, text + blanks, word));
		bool too_wide = r->options.width != 0 && column + width > r->options.width && column > indent;
		if (word > 0 && too_wide) {
			(void)fputc('\n', r->out);
			write_blanks(r, indent);
			text += blanks;
			width -= blanks;
			blanks = 0;
			column = indent;
		}
		(void)fwrite(text, 1, blanks + word, r->out);
		column += width;
		text += blanks + word;
		if (*text == '\n' && *++text != '\0') {
			(void)fputc('\n', r->out);
			write_blanks(r, indent);
			column = indent;
		}
	}
	(void)fputc('\n', r->out);
}

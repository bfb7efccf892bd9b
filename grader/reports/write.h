/*
 * write.h - what the reports for people share: both languages, columns, wrapped lines, colours, strangers' text made safe.
 */
#pragma once

#include "reports/report.h"

enum colour { COLOUR_GOOD, COLOUR_BAD, COLOUR_WARN, COLOUR_HEAD, COLOUR_NONE };

/* The escape, or "" when the report has no colours. */
const char *colour(const struct report *r, enum colour c);

/* Writes the sentence of the report's language. */
void write_say(const struct report *r, const char *fr, const char *en, ...) PRINTF(2, 4) PRINTF(3, 4);

/* The sentence of the report's language. */
static inline const char *either(const struct report *r, const char *fr, const char *en)
{
	return r->options.lang == LANG_FR ? fr : en;
}

/*
 * Text as it may stand on a terminal: printable UTF-8 as it is, quotes and backslashes too (our messages have shown the
 * bytes in them already); everything else as \n, \x1b, … show_line: one line. show_lines: \n and \t are kept.
 */
const char *show_line(struct arena *a, struct bytes text);
const char *show_lines(struct arena *a, struct bytes text);

/* Text in a column: blanks after it, or before it. Longer text is written whole. */
void write_left(const struct report *r, const char *text, size_t columns);
void write_right(const struct report *r, const char *text, size_t columns);

/*
 * Writes text that was made safe, and a newline. Lines are broken at blanks to fit the report's width; each line but the
 * first starts with `indent` blanks. The first starts at `column`: what stands before it has been written.
 */
void write_wrapped(const struct report *r, const char *text, size_t column, size_t indent);

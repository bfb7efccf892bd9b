/*
 * text.h - sentences in both languages, and the comparison of texts that the sheets ask for.
 *
 * May use: base.h, arena.h, bytes.h.
 */
#pragma once

#include "base/bytes.h"

enum lang { LANG_FR, LANG_EN };

struct text2 {
	const char *fr, *en; /* UTF-8; NULL both, or neither */
};

static inline const char *text_in(struct text2 t, enum lang lang)
{
	return lang == LANG_FR ? t.fr : t.en;
}

/* One sentence in both languages from the same arguments, in the same order. */
struct text2 say(struct arena *a, const char *fr, const char *en, ...) PRINTF(2, 4) PRINTF(3, 4);

/* fr for LANG=fr*, LANGUAGE or LC_ALL alike (in the order that gettext reads them); else en. */
enum lang lang_of_environment(void);

/*
 * The text as the sheets compare it: lower case, no accents, runs of blanks as one, none at the ends of lines, no empty
 * lines, no lines that start with '#'. Bytes that are no UTF-8 are read as Latin-1. Lines end in \n, the last one too.
 */
struct bytes text_plain(struct arena *a, struct bytes text);

/* Columns the UTF-8 text takes on a terminal. */
size_t text_width(const char *s);

/* The candidate nearest to `word` (edit distance), or NULL when none is near. Candidates: NULL-terminated. */
const char *text_nearest(const char *word, const char *const *candidates);

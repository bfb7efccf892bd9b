/*
 * remarks.h - what was left out, and why: counted by kind, the first few named; one remark a kind.
 *
 * However many files a stranger makes, the remarks stay few and short.
 * May use: base/, names.h.
 */
#pragma once

#include "base/text.h"

/* enum, French and English heading; the names follow it */
#define LEFT_OUT_KINDS(X)                                                                                    \
	X(LEFT_HIDDEN_FOLDER, "dossiers cachés, ignorés", "hidden folders, left out")                        \
	X(LEFT_LOOSE_FILE, "fichiers hors de tout rendu, ignorés", "files outside any submission, left out") \
	X(LEFT_LINK, "liens symboliques, non suivis", "symbolic links, not followed")                        \
	X(LEFT_SPECIAL, "ni fichiers ni dossiers (FIFO, socket, périphérique), ignorés",                     \
	  "neither files nor folders (FIFO, socket, device), left out")                                      \
	X(LEFT_UNREADABLE, "illisibles (droits d'accès), ignorés", "not readable (permissions), left out")   \
	X(LEFT_BUILT, "déjà compilés, ignorés : tout est recompilé",                                         \
	  "built already, left out: all is built anew")                                                      \
	X(LEFT_TOO_LARGE, "plus de 4 Mio, ignorés", "over 4 MiB, left out")                                  \
	X(LEFT_TOO_MANY, "au-delà de 2 000 fichiers, ignorés", "beyond 2,000 files, left out")               \
	X(LEFT_TOO_MUCH, "au-delà de 32 Mio en tout, ignorés", "beyond 32 MiB in all, left out")             \
	X(LEFT_TOO_DEEP, "dossiers trop profonds ou chemins trop longs, ignorés",                            \
	  "folders too deep or paths too long, left out")                                                    \
	X(LEFT_ENDLESS, "dossiers trop peuplés, lus en partie",                                              \
	  "folders with too many entries, read in part")                                                     \
	X(LEFT_CHANGED, "modifiés ou disparus pendant la lecture", "changed or gone while they were read")

enum left_out {
#define X(id, fr, en) id,
	LEFT_OUT_KINDS(X)
#undef X
		LEFT_OUT_COUNT
};

enum { REMARK_NAMES = 4 };

struct remarks {
	struct arena *arena;
	struct text2 *at; /* remarks of their own, then (after remarks_close) those about what was left out */
	size_t n, cap;
	struct {
		const char *names[REMARK_NAMES]; /* raw copies in the arena */
		size_t n;
	} left[LEFT_OUT_COUNT];
};

void remarks_add(struct remarks *r, struct text2 remark);

/* Notes that `name` (raw bytes, copied) was left out. */
void remarks_left_out(struct remarks *r, enum left_out why, const char *name);

/* Turns the notes into remarks. Call it once, at the end. */
void remarks_close(struct remarks *r);

/*
 * arena.h - memory that lives as long as a phase: the spec's, the job's. Nobody frees single things.
 *
 *	CLEANUP(arena_done) struct arena a = { 0 };
 *	char *name = arena_printf(&a, "%s/%s", dir, file);
 *
 * Running out of memory ends the process with a message; the parent turns a dead worker into a fault of one job.
 * May use: base.h.
 */
#pragma once

#include "base/base.h"

#include <stdarg.h>

struct arena_block;

struct arena {
	struct arena_block *last; /* blocks form a list, newest first */
};

/* Zeroed, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *a, size_t size) __attribute__((malloc, returns_nonnull));

/* Zeroed array of n elements; an overflow of n * size ends the process. */
void *arena_array(struct arena *a, size_t n, size_t size) __attribute__((returns_nonnull));

/* A copy of n bytes, followed by a NUL that does not count. */
char *arena_copy(struct arena *a, const void *bytes, size_t n) __attribute__((returns_nonnull));

char *arena_strdup(struct arena *a, const char *s) __attribute__((returns_nonnull));
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3) __attribute__((returns_nonnull));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) PRINTF(2, 0)
	__attribute__((returns_nonnull));

/*
 * Grows an array in the arena so that one more element fits: doubles, copies. The new element is zeroed.
 * Returns the array's place; *n is counted up; *cap is kept by this function.
 */
void *arena_push(struct arena *a, void *array, size_t *n, size_t *cap, size_t size)
	__attribute__((returns_nonnull));

/* Frees everything; the arena can be used again. Takes a zeroed arena too. */
void arena_done(struct arena *a);

/* malloc that ends the process instead of returning NULL. */
void *must_alloc(void *p) __attribute__((returns_nonnull));

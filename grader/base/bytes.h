/*
 * bytes.h - bytes that are counted, never trusted to end in NUL; and buffers that grow.
 *
 * May use: base.h, arena.h.
 */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <string.h>

struct bytes {
	const char *at; /* borrowed; may hold NULs; NULL only when len is 0 */
	size_t len;
};

#define BYTES_LITERAL(s) ((struct bytes){ "" s, sizeof(s) - 1 })

static inline struct bytes bytes_of(const char *s)
{
	return (struct bytes){ s, s == NULL ? 0 : strlen(s) };
}

bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_start_with(struct bytes whole, struct bytes beginning);

/*
 * The bytes as one line that a person can read, whatever they are: printable UTF-8 as it is, everything else as
 * \n, \t, \0, \xHH; quotes and backslashes escaped. After `most` characters: "… (n bytes)".
 * Safe on a terminal; not HTML, not JSON.
 */
const char *bytes_show(struct arena *a, struct bytes b, size_t most);

/* A buffer that grows. Zeroed is empty. */
struct buf {
	char *at;
	size_t len, cap;
};

void buf_done(struct buf *b);
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);

/* Room for n more bytes at the returned place; count what was put there with b->len. */
char *buf_room(struct buf *b, size_t n);

static inline struct bytes buf_bytes(const struct buf *b)
{
	return (struct bytes){ b->at, b->len };
}

#include "plan/compiler_log.h"

#include <ctype.h>

/* What kind of error a line tells; the higher, the nearer to the cause. */
enum rank {
	RANK_NONE,
	RANK_CONSEQUENCE, /* collect2: error: ld returned 1; make: *** [prog] Error 1 */
	RANK_LINKER, /* prog.c:(.text+0x5): undefined reference to `f' */
	RANK_PLACE, /* prog.c:3:5: error: …; Makefile:2: *** missing separator */
};

void compiler_log_done(struct compiler_log *l)
{
	buf_done(&l->first);
	free(l->last);
	*l = (struct compiler_log){ 0 };
}

static bool holds(struct bytes line, const char *words)
{
	return line.len > 0 && memmem(line.at, line.len, words, strlen(words)) != NULL;
}

/*
 * The place at the head of a line: "prog.c:12:" or "prog.c:12:5:". Returns the length of "prog.c:12", 0 when there is none;
 * *ret_text is where the text after it begins.
 */
static size_t place_of(struct bytes line, size_t *ret_text)
{
	for (size_t i = 1; i < line.len; i++) {
		if (line.at[i] != ':')
			continue;
		if (i + 1 < line.len && line.at[i + 1] == ' ')
			break; /* "make[1]: *** [Makefile:3: prog]": the place is not at the head */
		size_t end = i + 1;
		while (end < line.len && isdigit((unsigned char)line.at[end]))
			end++;
		if (end == i + 1 || end == line.len || line.at[end] != ':')
			continue;
		size_t column = end + 1;
		while (column < line.len && isdigit((unsigned char)line.at[column]))
			column++;
		*ret_text = column > end + 1 && column < line.len && line.at[column] == ':' ? column + 1
											    : end + 1;
		return end;
	}
	return 0;
}

static bool is_error(struct bytes line)
{
	return holds(line, ": error: ") || holds(line, ": fatal error: ");
}

static enum rank rank_of(struct bytes line)
{
	size_t text;
	bool placed = place_of(line, &text) > 0;
	if (placed && (is_error(line) || holds(line, ": *** ")))
		return RANK_PLACE;
	if (holds(line, ": undefined reference to ") || holds(line, ": multiple definition of ") ||
	    holds(line, "ld: cannot find "))
		return RANK_LINKER;
	if (is_error(line) || (bytes_start_with(line, BYTES_LITERAL("make")) && holds(line, ": *** ")))
		return RANK_CONSEQUENCE;
	return RANK_NONE;
}

/* A whole line, without its \n. */
static void understand(struct compiler_log *l, struct bytes line)
{
	/* "   12 |   puts("x: error: y")": the compiler shows the source */
	if (line.len == 0 || line.at[0] == ' ' || line.at[0] == '\t')
		return;
	l->warnings += holds(line, ": warning: ");
	l->errors += is_error(line);
	enum rank rank = rank_of(line);
	if ((int)rank > l->best_rank) {
		memcpy(l->best, line.at, line.len);
		l->best_len = line.len;
		l->best_rank = (int)rank;
	}
}

static void add_to_line(struct compiler_log *l, char c)
{
	if (c == '\n') {
		understand(l, (struct bytes){ l->line, l->line_len });
		l->line_len = 0;
	} else if (l->line_len < LOG_LINE) {
		l->line[l->line_len++] = c;
	}
}

void compiler_log_add(struct compiler_log *l, struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		add_to_line(l, b.at[i]);
	size_t room = LOG_FIRST - l->first.len;
	size_t head = MIN(b.len, room);
	buf_add(&l->first, b.at, head);
	l->bytes += (int64_t)head;
	if (b.len > room && l->last == NULL)
		l->last = must_alloc(malloc(LOG_LAST));
	for (size_t i = head; i < b.len; i++)
		l->last[(size_t)(l->bytes++ - LOG_FIRST) % LOG_LAST] = b.at[i];
}

void compiler_log_close(struct compiler_log *l)
{
	understand(l, (struct bytes){ l->line, l->line_len });
	l->line_len = 0;
}

struct bytes compiler_log_kept(const struct compiler_log *l, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	buf_add(&b, l->first.at, l->first.len);
	size_t rest = (size_t)l->bytes - l->first.len;
	size_t tail = MIN(rest, (size_t)LOG_LAST);
	if (rest > tail)
		buf_printf(&b, "\n[… %zu …]\n", rest - tail);
	for (size_t i = rest - tail; i < rest; i++)
		buf_add(&b, &l->last[i % LOG_LAST], 1);
	return (struct bytes){ arena_copy(a, b.at, b.len), b.len };
}

const char *compiler_log_first_error(const struct compiler_log *l, struct arena *a)
{
	enum { MOST = 300 }; /* characters */
	if (l->best_rank == RANK_NONE)
		return NULL;
	struct bytes line = { l->best, l->best_len };
	if (bytes_start_with(line, BYTES_LITERAL("./")))
		line = (struct bytes){ line.at + 2, line.len - 2 };
	size_t text = 0;
	size_t place = place_of(line, &text);
	if (l->best_rank != RANK_PLACE || place == 0)
		return bytes_show(a, line, MOST);
	/* the column, and the word "error", say nothing that the reader needs */
	struct bytes rest = { line.at + text, line.len - text };
	static const char *const words[] = { " fatal error:", " error:" };
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (bytes_start_with(rest, bytes_of(words[i])))
			rest = (struct bytes){ rest.at + strlen(words[i]), rest.len - strlen(words[i]) };
	return arena_printf(a, "%s:%s", bytes_show(a, (struct bytes){ line.at, place }, MOST),
			    bytes_show(a, rest, MOST));
}

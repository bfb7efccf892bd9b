#include "conf/conf.h"

#include <string.h>

static bool same_place(const struct pos *a, const struct pos *b)
{
	return a->line == b->line && a->column == b->column && strcmp(a->file, b->file) == 0;
}

static bool is_known(const struct problems *p, const struct pos *pos, const char *text)
{
	for (size_t i = 0; i < p->n; i++)
		if (same_place(&p->at[i].pos, pos) && strcmp(p->at[i].text, text) == 0)
			return true;
	return false;
}

static struct problem *first_warning(struct problems *p)
{
	for (size_t i = 0; i + 1 < p->n; i++)
		if (p->at[i].warning)
			return &p->at[i];
	return NULL;
}

void problem_add(struct problems *p, const struct pos *pos, bool warning, const char *fmt, ...)
{
	if (!warning)
		p->errors++;
	struct problem *place = NULL;
	if (p->n == PROBLEMS_MOST) {
		place = warning ? NULL : first_warning(p);
		if (place == NULL)
			return;
	}
	va_list ap;
	va_start(ap, fmt);
	const char *text = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	if (is_known(p, pos, text))
		return;
	if (p->n == PROBLEMS_MOST - 1) {
		p->at = arena_push(p->arena, p->at, &p->n, &p->cap, sizeof *p->at);
		p->at[p->n - 1] = (struct problem){ *pos, warning,
						    "there are more problems than are shown here" };
		place = warning ? NULL : first_warning(p);
	} else if (place == NULL) {
		p->at = arena_push(p->arena, p->at, &p->n, &p->cap, sizeof *p->at);
		place = &p->at[p->n - 1];
	}
	if (place != NULL)
		*place = (struct problem){ *pos, warning, text };
}

static int by_place(const void *left, const void *right)
{
	const struct problem *a = left;
	const struct problem *b = right;
	if (a->pos.line != b->pos.line)
		return a->pos.line < b->pos.line ? -1 : 1;
	if (a->pos.column != b->pos.column)
		return a->pos.column < b->pos.column ? -1 : 1;
	return strcmp(a->text, b->text);
}

void problems_sort(struct problems *p)
{
	/* the last of a full list says that there are more, and stays last */
	size_t n = p->n == PROBLEMS_MOST ? p->n - 1 : p->n;
	if (n > 1)
		qsort(p->at, n, sizeof *p->at, by_place);
}

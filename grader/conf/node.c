#include "conf/conf.h"

#include <string.h>

bool node_is_text(const struct node *n, const char *text)
{
	return n->kind == NODE_SCALAR && bytes_equal(n->text, bytes_of(text));
}

bool node_is_empty(const struct node *n)
{
	return n->kind == NODE_SCALAR && n->text.len == 0 && !n->quoted;
}

struct node *node_get(const struct node *map, const char *key)
{
	if (map->kind != NODE_MAP)
		return NULL;
	for (size_t i = 0; i < map->n; i++)
		if (node_is_text(map->keys[i], key))
			return map->items[i];
	return NULL;
}

struct node *node_scalar(struct arena *a, const struct pos *pos, struct bytes text)
{
	struct node *n = arena_alloc(a, sizeof *n);
	*n = (struct node){ .kind = NODE_SCALAR, .pos = *pos, .text = text, .quoted = true };
	return n;
}

static int by_text(const void *left, const void *right)
{
	const struct node *a = *(const struct node *const *)left;
	const struct node *b = *(const struct node *const *)right;
	size_t common = MIN(a->text.len, b->text.len);
	int order = common == 0 ? 0 : memcmp(a->text.at, b->text.at, common);
	if (order != 0)
		return order;
	if (a->text.len != b->text.len)
		return a->text.len < b->text.len ? -1 : 1;
	if (a->pos.line != b->pos.line)
		return a->pos.line < b->pos.line ? -1 : 1;
	return a->pos.column < b->pos.column ? -1 : a->pos.column > b->pos.column;
}

void node_check_keys(const struct node *map, struct arena *scratch, struct problems *p)
{
	if (map->n < 2)
		return;
	const struct node **keys = arena_array(scratch, map->n, sizeof(struct node *));
	for (size_t i = 0; i < map->n; i++)
		keys[i] = map->keys[i];
	qsort(keys, map->n, sizeof(struct node *), by_text);
	size_t first = 0;
	for (size_t i = 1; i < map->n; i++) {
		if (bytes_equal(keys[i]->text, keys[first]->text))
			PROBLEM(p, &keys[i]->pos, "\"%s\" is said twice, first at line %d",
				bytes_show(scratch, keys[i]->text, 60), keys[first]->pos.line);
		else
			first = i;
	}
}

const char *node_describe(struct arena *a, const struct node *n)
{
	switch (n->kind) {
	case NODE_LIST:
		return n->n == 0 ? "an empty list" : "a list";
	case NODE_MAP:
		return n->n == 0 ? "an empty map" : "a map";
	case NODE_SCALAR:
		break;
	}
	if (node_is_empty(n))
		return "nothing";
	return arena_printf(a, "the text \"%s\"", bytes_show(a, n->text, 60));
}

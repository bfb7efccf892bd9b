#include "spec/spec_reader.h"

#include "base/hash.h"

/* Keys of a case that say how the result is shown and counted, not what it is; and those that are hashed as read. */
static const char *const not_hashed[] = { "title", "hint",    "rubric", "weight", "visibility",
					  "waits", "variant", "limits", NULL };

static bool is_hashed(const struct node *key, bool top)
{
	for (size_t i = 0; top && not_hashed[i] != NULL; i++)
		if (node_is_text(key, not_hashed[i]))
			return false;
	return true;
}

/* Kinds and numbers of items keep [a, [b]] and [[a], b] apart. `top`: this is the case itself. */
static void hash_node(struct hash *h, const struct node *n, bool top)
{
	hash_number(h, n->kind);
	if (n->kind == NODE_SCALAR) {
		hash_number(h, node_is_empty(n));
		hash_add(h, n->text.at, n->text.len);
		return;
	}
	for (size_t i = 0; i < n->n; i++) {
		if (n->kind == NODE_MAP && !is_hashed(n->keys[i], top))
			continue;
		if (n->kind == NODE_MAP)
			hash_node(h, n->keys[i], false);
		hash_node(h, n->items[i], false);
	}
	hash_number(h, -1);
}

static void hash_texts(struct hash *h, const struct texts *t)
{
	hash_number(h, (int64_t)t->n);
	for (size_t i = 0; i < t->n; i++)
		hash_text(h, t->at[i]);
}

static void hash_program(struct hash *h, const struct program *p)
{
	hash_text(h, p->name);
	hash_texts(h, &p->sources);
	hash_texts(h, &p->flags);
	hash_text(h, p->target);
}

const char *case_hash(struct spec_reader *s, const struct node *n, const struct spec_case *c)
{
	char *hex = arena_alloc(s->reader.arena, HASH_HEX);
	struct hash h;
	hash_init(&h);
	hash_text(&h, "case of the spec language 1");
	hash_node(&h, n, true);
	hash_number(&h, c->variant);
	for (size_t i = 0; i < limits_table.n; i++)
		hash_number(&h, *(const int64_t *)((const char *)&c->limits + limits_table.fields[i].offset));
	for (size_t i = 0; i < c->n_programs; i++)
		hash_program(&h, &s->spec.programs[c->programs[i]]);
	hash_end(&h, hex);
	return hex;
}

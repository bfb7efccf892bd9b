#include "spec/foreach.h"

#include "conf/value.h"

#include <string.h>

enum { COMBINATIONS_MOST = 2000, EXPANDED_NODES_MOST = 200000, EXPANDED_BYTES_MOST = 32 * 1024 * 1024 };

/* --- reading --- */

static bool is_variable_name(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	return s != NULL && s[0] != '\0' && s[strspn(s, letters)] == '\0';
}

static bool check_value(struct reader *r, const char *name, const struct node *value)
{
	bool good = value->kind == NODE_SCALAR || (value->kind == NODE_MAP && value->n > 0);
	for (size_t i = 0; good && value->kind == NODE_MAP && i < value->n; i++)
		good = value->items[i]->kind == NODE_SCALAR;
	if (!good)
		PROBLEM(r->problems, &value->pos, "a value of '%s' is a text or a map of texts; found %s",
			name, node_describe(r->arena, value));
	return good;
}

static bool read_variable(struct reader *r, const struct node *key, const struct node *values,
			  struct variable *ret)
{
	const char *name = node_as_text(key);
	if (!is_variable_name(name)) {
		PROBLEM(r->problems, &key->pos,
			"\"%s\" is no name for a variable: letters, digits, '-' and '_'",
			bytes_show(r->arena, key->text, 60));
		return false;
	}
	if (values->kind != NODE_LIST || values->n == 0) {
		PROBLEM(r->problems, &values->pos, "the values of '%s' are a list, not empty; found %s", name,
			node_describe(r->arena, values));
		return false;
	}
	bool good = true;
	for (size_t i = 0; i < values->n; i++)
		good = check_value(r, name, values->items[i]) && good;
	*ret = (struct variable){ .name = name, .values = values };
	return good;
}

bool foreach_read(struct reader *r, const struct node *n, struct foreach *ret)
{
	*ret = (struct foreach){ 0 };
	if (n->kind != NODE_MAP || n->n == 0) {
		PROBLEM(r->problems, &n->pos, "'foreach' is a map from variable to list of values; found %s",
			node_describe(r->arena, n));
		return false;
	}
	if (n->n > VARIABLES_MOST) {
		PROBLEM(r->problems, &n->pos, "'foreach' has at most %d variables; found %zu", VARIABLES_MOST,
			n->n);
		return false;
	}
	bool good = true;
	size_t combinations = 1;
	for (size_t i = 0; i < n->n; i++) {
		good = read_variable(r, n->keys[i], n->items[i], &ret->variables[i]) && good;
		/* no overflow: each list is shorter than 20,000, and the product was at most 2,000 */
		combinations = MIN(combinations * MAX(n->items[i]->n, (size_t)1),
				   (size_t)COMBINATIONS_MOST + 1);
	}
	if (combinations > COMBINATIONS_MOST) {
		PROBLEM(r->problems, &n->pos, "'foreach' makes more than %d cases", COMBINATIONS_MOST);
		return false;
	}
	ret->n = n->n;
	return good && !n->cut;
}

bool foreach_next(struct foreach *f)
{
	for (size_t i = f->n; i > 0; i--) {
		struct variable *v = &f->variables[i - 1];
		if (++v->now < v->values->n)
			return true;
		v->now = 0;
	}
	return false;
}

/* --- replacing --- */

struct replacement {
	struct reader *r;
	const struct foreach *f;
	struct expansion *e;
	bool failed;
};

static struct node *apply(struct replacement *p, const struct node *n);

static const struct variable *find_variable(const struct foreach *f, struct bytes name)
{
	for (size_t i = 0; i < f->n; i++)
		if (bytes_equal(bytes_of(f->variables[i].name), name))
			return &f->variables[i];
	return NULL;
}

static void unknown_variable(struct replacement *p, const struct node *n, struct bytes name)
{
	const char *names[VARIABLES_MOST + 1] = { NULL };
	for (size_t i = 0; i < p->f->n; i++)
		names[i] = p->f->variables[i].name;
	const char *word = arena_copy(p->r->arena, name.at, name.len);
	PROBLEM(p->r->problems, &n->pos, "no variable is called \"%s\"%s; $${ stands for ${ itself",
		bytes_show(p->r->arena, name, 60), did_you_mean(p->r, word, names));
}

/* The text that stands for what is between the braces, or NULL. */
static const struct node *value_of(struct replacement *p, const struct node *n, struct bytes inside)
{
	const char *dot = memchr(inside.at, '.', inside.len);
	struct bytes name = { inside.at, dot == NULL ? inside.len : (size_t)(dot - inside.at) };
	const struct variable *v = find_variable(p->f, name);
	if (v == NULL) {
		unknown_variable(p, n, name);
		return NULL;
	}
	const struct node *value = v->values->items[v->now];
	if (dot != NULL)
		value = node_get(value, arena_copy(p->r->arena, dot + 1, inside.len - name.len - 1));
	if (value != NULL && value->kind == NODE_SCALAR)
		return value;
	if (value != NULL)
		PROBLEM(p->r->problems, &n->pos, "the values of '%s' are maps: write ${%s.KEY}", v->name,
			v->name);
	else
		PROBLEM(p->r->problems, &n->pos, "a value of '%s' has no text for \"${%s}\"", v->name,
			bytes_show(p->r->arena, inside, 60));
	return NULL;
}

/* One ${…} at `at`; returns the bytes it took, 0 when it is wrong. */
static size_t replace_one(struct replacement *p, const struct node *n, size_t at, struct buf *out)
{
	const char *start = n->text.at + at + 2;
	const char *end = memchr(start, '}', n->text.len - at - 2);
	if (end == NULL) {
		PROBLEM(p->r->problems, &n->pos, "\"${\" has no '}'; $${ stands for ${ itself");
		return 0;
	}
	const struct node *value = value_of(p, n, (struct bytes){ start, (size_t)(end - start) });
	if (value == NULL)
		return 0;
	buf_add(out, value->text.at, value->text.len);
	return (size_t)(end - start) + 3;
}

static bool replace_all(struct replacement *p, const struct node *n, struct buf *out)
{
	for (size_t i = 0; i < n->text.len;) {
		struct bytes rest = { n->text.at + i, n->text.len - i };
		if (bytes_start_with(rest, BYTES_LITERAL("$${"))) {
			buf_puts(out, "${");
			i += 3;
		} else if (bytes_start_with(rest, BYTES_LITERAL("${"))) {
			size_t took = replace_one(p, n, i, out);
			if (took == 0)
				return false;
			i += took;
		} else {
			buf_add(out, rest.at, 1);
			i++;
		}
		if (out->len > CONF_SCALAR_MOST) {
			PROBLEM(p->r->problems, &n->pos, "with its variables the text is longer than 64 KiB");
			return false;
		}
	}
	return true;
}

static struct node *copy_of(struct reader *r, const struct node *n)
{
	struct node *copy = arena_alloc(r->arena, sizeof *copy);
	*copy = *n;
	return copy;
}

static struct node *apply_to_text(struct replacement *p, const struct node *n)
{
	p->e->bytes += n->text.len;
	if (n->text.len == 0 || memmem(n->text.at, n->text.len, "${", 2) == NULL)
		return (struct node *)n; /* shared, and only read */
	CLEANUP(buf_done) struct buf out = { 0 };
	if (!replace_all(p, n, &out)) {
		p->failed = true;
		return (struct node *)n;
	}
	p->e->bytes += out.len;
	struct node *copy = copy_of(p->r, n);
	copy->text = (struct bytes){ arena_copy(p->r->arena, out.at, out.len), out.len };
	return copy;
}

/* The nodes with the variables put in; the same array when nothing changed. */
static struct node **apply_to_all(struct replacement *p, struct node **nodes, size_t n)
{
	struct node **copy = NULL;
	for (size_t i = 0; i < n; i++) {
		struct node *applied = apply(p, nodes[i]);
		if (applied == nodes[i])
			continue;
		if (copy == NULL) {
			copy = arena_array(p->r->arena, n, sizeof(struct node *));
			memcpy(copy, nodes, n * sizeof(struct node *));
		}
		copy[i] = applied;
	}
	return copy == NULL ? nodes : copy;
}

static struct node *apply(struct replacement *p, const struct node *n)
{
	if (++p->e->nodes > EXPANDED_NODES_MOST || p->e->bytes > EXPANDED_BYTES_MOST) {
		if (!p->failed)
			PROBLEM(p->r->problems, &n->pos,
				"the cases of this spec, with foreach, are too many and too long: at most "
				"200,000 values and 32 MiB of text");
		p->failed = true;
		return (struct node *)n;
	}
	if (n->kind == NODE_SCALAR)
		return apply_to_text(p, n);
	struct node **items = apply_to_all(p, n->items, n->n);
	struct node **keys = n->kind == NODE_MAP ? apply_to_all(p, n->keys, n->n) : NULL;
	if (items == n->items && keys == n->keys)
		return (struct node *)n;
	struct node *copy = copy_of(p->r, n);
	bool new_keys = keys != n->keys;
	copy->items = items;
	copy->keys = keys;
	if (new_keys)
		node_check_keys(copy, p->r->arena, p->r->problems);
	return copy;
}

struct node *foreach_apply(struct reader *r, const struct foreach *f, const struct node *n,
			   struct expansion *e)
{
	struct replacement p = { .r = r, .f = f, .e = e };
	struct node *applied = apply(&p, n);
	return p.failed ? NULL : applied;
}

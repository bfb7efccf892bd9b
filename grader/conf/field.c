#include "conf/value.h"

#include <string.h>

enum { UNKNOWN_KEYS_MOST = 10 };

static void *place(void *params, const struct field *f)
{
	return (char *)params + f->offset;
}

static bool is_listed(const struct node *key, const char *const *names)
{
	for (; names != NULL && *names != NULL; names++)
		if (node_is_text(key, *names))
			return true;
	return false;
}

static const struct field *find_field(const struct field *fields, size_t n, const struct node *key)
{
	for (size_t i = 0; i < n; i++)
		if (node_is_text(key, fields[i].key))
			return &fields[i];
	return NULL;
}

static const char *const *field_names(struct arena *a, const struct field *fields, size_t n,
				      const char *const *skip)
{
	size_t n_skip = 0;
	while (skip != NULL && skip[n_skip] != NULL)
		n_skip++;
	const char **names = arena_array(a, n + n_skip + 1, sizeof *names);
	for (size_t i = 0; i < n; i++)
		names[i] = fields[i].key;
	for (size_t i = 0; i < n_skip; i++)
		names[n + i] = skip[i];
	return names;
}

static void unknown_key(struct reader *r, const struct node *key, const char *const *names)
{
	const char *word = node_as_text(key);
	const char *near = word == NULL ? "" : did_you_mean(r, word, names);
	const char *shown = bytes_show(r->arena, key->text, 60);
	if (near[0] != '\0' || names[0] == NULL)
		PROBLEM(r->problems, &key->pos, "unknown key \"%s\"%s", shown, near);
	else
		PROBLEM(r->problems, &key->pos, "unknown key \"%s\"; expected %s", shown,
			names_joined(r->arena, names));
}

static void refuse_unknown_keys(struct reader *r, const struct node *map, const struct field *fields,
				size_t n, const char *const *skip)
{
	const char *const *names = NULL;
	size_t unknown = 0;
	for (size_t i = 0; i < map->n && unknown < UNKNOWN_KEYS_MOST; i++) {
		const struct node *key = map->keys[i];
		if (find_field(fields, n, key) != NULL || is_listed(key, skip))
			continue;
		if (names == NULL)
			names = field_names(r->arena, fields, n, skip);
		unknown_key(r, key, names);
		unknown++;
	}
}

static void read_field(struct reader *r, const struct field *f, const struct node *n, const struct node *map,
		       void *params)
{
	value_absent(r, f, &map->pos, place(params, f));
	if (n != NULL)
		(void)value_read(r, f, n, place(params, f)); /* it said what is wrong */
	else if (f->required && map->cut)
		r->problems->errors++; /* one that was told: the end of the reading */
	else if (f->required)
		PROBLEM(r->problems, &map->pos, "'%s' is missing: %s", f->key,
			f->help != NULL ? f->help : value_expected(f->type));
}

/* Nothing at all ("key:") is a map without keys. */
static struct node as_map(const struct node *n)
{
	if (node_is_empty(n))
		return (struct node){ .kind = NODE_MAP, .pos = n->pos };
	return *n;
}

void fields_read(struct reader *r, const struct node *map, const struct field *fields, size_t n,
		 const char *const *skip, void *params)
{
	struct node m = as_map(map);
	if (m.kind != NODE_MAP) {
		PROBLEM(r->problems, &map->pos, "expected a map with the keys %s; found %s",
			names_joined(r->arena, field_names(r->arena, fields, n, skip)),
			node_describe(r->arena, map));
		m = (struct node){ .kind = NODE_MAP, .pos = map->pos, .cut = true };
	}
	for (size_t i = 0; i < n; i++)
		read_field(r, &fields[i], node_get(&m, fields[i].key), &m, params);
	refuse_unknown_keys(r, &m, fields, n, skip);
}

/* --- kinds --- */

static const struct kind *find_kind(const struct kind *const *kinds, const struct node *key)
{
	for (; *kinds != NULL; kinds++)
		if (node_is_text(key, (*kinds)->name))
			return *kinds;
	return NULL;
}

static const char *const *kind_names(struct arena *a, const struct kind *const *kinds)
{
	size_t n = 0;
	while (kinds[n] != NULL)
		n++;
	const char **names = arena_array(a, n + 1, sizeof *names);
	for (size_t i = 0; i < n; i++)
		names[i] = kinds[i]->name;
	return names;
}

static const struct field *main_field(const struct kind *k)
{
	for (size_t i = 0; i < k->n_fields; i++)
		if (k->fields[i].main)
			return &k->fields[i];
	return NULL;
}

/* Whether all keys of the map but `name` are fields of the kind. */
static bool all_fit(const struct kind *k, const struct node *map, const struct node *name,
		    const char *const *skip)
{
	for (size_t i = 0; i < map->n; i++)
		if (map->keys[i] != name && !is_listed(map->keys[i], skip) &&
		    find_field(k->fields, k->n_fields, map->keys[i]) == NULL)
			return false;
	return true;
}

struct choice_of_kind {
	const struct kind *kind;
	size_t at; /* its key in the map */
};

/*
 * The kind that the map names. A field may have the name of another kind: of two that are named, the one is meant that
 * has the other as its field.
 */
static struct choice_of_kind choose_kind(const struct kind *const *kinds, const struct node *map,
					 const char *const *skip, const struct kind **ret_second)
{
	struct choice_of_kind first = { 0 };
	struct choice_of_kind fitting = { 0 };
	*ret_second = NULL;
	for (size_t i = 0; i < map->n; i++) {
		const struct kind *k = is_listed(map->keys[i], skip) ? NULL : find_kind(kinds, map->keys[i]);
		if (k == NULL)
			continue;
		if (first.kind == NULL)
			first = (struct choice_of_kind){ k, i };
		else if (*ret_second == NULL)
			*ret_second = k;
		if (all_fit(k, map, map->keys[i], skip) && fitting.kind == NULL)
			fitting = (struct choice_of_kind){ k, i };
	}
	if (fitting.kind != NULL) {
		*ret_second = NULL;
		return fitting;
	}
	return first;
}

/* The key that was probably meant as the kind: one near a kind's name, else the first. */
static const struct node *meant_as_kind(struct reader *r, const struct node *map, const char *const *names,
					const char *const *skip, const char **ret_near)
{
	const struct node *first = NULL;
	*ret_near = "";
	for (size_t i = 0; i < map->n && i < UNKNOWN_KEYS_MOST; i++) {
		const struct node *key = map->keys[i];
		if (is_listed(key, skip))
			continue;
		const char *word = node_as_text(key);
		*ret_near = word == NULL ? "" : did_you_mean(r, word, names);
		if ((*ret_near)[0] != '\0')
			return key;
		if (first == NULL)
			first = key;
	}
	return first;
}

static void no_kind(struct reader *r, const struct node *n, const struct kind *const *kinds, const char *what,
		    const char *const *skip)
{
	const char *const *names = kind_names(r->arena, kinds);
	const char *near = "";
	const struct node *word = n;
	if (n->kind == NODE_MAP)
		word = meant_as_kind(r, n, names, skip, &near);
	else if (n->kind == NODE_LIST || node_as_text(n) == NULL)
		word = NULL;
	else
		near = did_you_mean(r, node_as_text(n), names);
	const char *list = names_joined(r->arena, names);
	if (word == NULL)
		PROBLEM(r->problems, &n->pos, "expected a %s (%s); found %s", what, list,
			node_describe(r->arena, n));
	else if (near[0] != '\0')
		PROBLEM(r->problems, &word->pos, "unknown %s \"%s\"%s", what,
			bytes_show(r->arena, word->text, 60), near);
	else
		PROBLEM(r->problems, &word->pos, "unknown %s \"%s\"; known are %s", what,
			bytes_show(r->arena, word->text, 60), list);
}

static bool is_nothing(const struct node *n)
{
	if (n->kind != NODE_SCALAR)
		return n->n == 0;
	return !n->quoted && (node_is_empty(n) || node_is_text(n, "~") || node_is_text(n, "null"));
}

static void add_pair(struct node *map, struct node *key, struct node *item)
{
	map->keys[map->n] = key;
	map->items[map->n] = item;
	map->n++;
}

/*
 * The keys of a kind's fields: those beside its name, and those of the map under its name when there is no main field
 * to which that map would belong.
 */
static struct node gather_fields(struct reader *r, const struct node *map, size_t at, bool has_main,
				 const char *const *skip)
{
	const struct node *under = map->items[at];
	size_t most = map->n + (under->kind == NODE_MAP ? under->n : 0);
	struct node all = { .kind = NODE_MAP, .pos = map->pos, .cut = map->cut || under->cut };
	all.keys = arena_array(r->arena, most, sizeof(struct node *));
	all.items = arena_array(r->arena, most, sizeof(struct node *));
	for (size_t i = 0; i < map->n; i++)
		if (i != at && !is_listed(map->keys[i], skip))
			add_pair(&all, map->keys[i], map->items[i]);
	if (has_main || under->kind != NODE_MAP)
		return all;
	size_t beside = all.n;
	for (size_t i = 0; i < under->n; i++)
		add_pair(&all, under->keys[i], under->items[i]);
	if (beside > 0)
		node_check_keys(&all, r->arena, r->problems);
	return all;
}

/* The main field has the kind's name in messages. `value` is NULL when a scalar names the kind. */
static void read_main(struct reader *r, const struct kind *k, const struct field *main,
		      const struct node *value, const struct node *map, void *params)
{
	struct field named = *main;
	named.key = k->name;
	bool absent = value == NULL || (is_nothing(value) && value->kind == NODE_SCALAR);
	if (absent && main->required && !map->cut) {
		value_absent(r, &named, &map->pos, place(params, main));
		PROBLEM(r->problems, &map->pos, "'%s' needs a value, %s: %s", k->name,
			value_expected(main->type), main->help != NULL ? main->help : main->key);
		return;
	}
	named.required = false;
	read_field(r, &named, absent ? NULL : value, map, params);
}

static const char *const *names_but_main(struct arena *a, const struct kind *k)
{
	const char **names = arena_array(a, k->n_fields + 1, sizeof *names);
	size_t n = 0;
	for (size_t i = 0; i < k->n_fields; i++)
		if (!k->fields[i].main)
			names[n++] = k->fields[i].key;
	return names;
}

static void read_others(struct reader *r, const struct kind *k, const struct node *map, void *params)
{
	for (size_t i = 0; i < k->n_fields; i++)
		if (!k->fields[i].main)
			read_field(r, &k->fields[i], node_get(map, k->fields[i].key), map, params);
	size_t unknown = 0;
	for (size_t i = 0; i < map->n && unknown < UNKNOWN_KEYS_MOST; i++) {
		const struct field *f = find_field(k->fields, k->n_fields, map->keys[i]);
		if (f != NULL && !f->main)
			continue;
		if (f != NULL)
			PROBLEM(r->problems, &map->keys[i]->pos,
				"'%s' is the value of '%s' itself: write '%s: …'", f->key, k->name, k->name);
		else
			unknown_key(r, map->keys[i], names_but_main(r->arena, k));
		unknown++;
	}
}

/* Reads the params of the kind whose name is key number `at` of the map; for a scalar, `n` itself is the name. */
static struct kinded read_params(struct reader *r, const struct node *n, struct choice_of_kind c,
				 const char *const *skip)
{
	const struct kind *k = c.kind;
	const struct field *main = main_field(k);
	size_t before = r->problems->errors;
	void *params = arena_alloc(r->arena, MAX(k->size, (size_t)1));
	const struct node *value = n->kind == NODE_MAP ? n->items[c.at] : NULL;
	struct node others = { .kind = NODE_MAP, .pos = n->pos };
	if (value != NULL)
		others = gather_fields(r, n, c.at, main != NULL, skip);
	if (main != NULL)
		read_main(r, k, main, value, &others, params);
	else if (value != NULL && value->kind != NODE_MAP && !is_nothing(value))
		PROBLEM(r->problems, &value->pos, "'%s' takes no value: write '%s: {}'; found %s", k->name,
			k->name, node_describe(r->arena, value));
	read_others(r, k, &others, params);
	if (r->problems->errors == before && k->finish != NULL)
		k->finish(params, r->arena, &n->pos, r->problems);
	bool good = r->problems->errors == before;
	return (struct kinded){ .kind = good ? k : NULL, .params = good ? params : NULL, .pos = n->pos };
}

struct kinded kinded_read(struct reader *r, const struct node *n, const struct kind *const *kinds,
			  const char *what, const char *const *skip)
{
	static const struct kind *const none[] = { NULL };
	struct choice_of_kind c = { 0 };
	const struct kind *second = NULL;
	kinds = kinds == NULL ? none : kinds;
	if (n->kind == NODE_MAP)
		c = choose_kind(kinds, n, skip, &second);
	else if (n->kind == NODE_SCALAR)
		c.kind = find_kind(kinds, n);
	if (c.kind != NULL && second == NULL)
		return read_params(r, n, c, skip);
	if (c.kind == NULL)
		no_kind(r, n, kinds, what, skip);
	else
		PROBLEM(r->problems, &n->pos, "one %s was expected; this names two, '%s' and '%s'", what,
			c.kind->name, second->name);
	return (struct kinded){ .pos = n->pos };
}

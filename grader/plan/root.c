#include "plan/root.h"

#include "plan/names.h"

/* A folder that holds something wanted. */
struct place {
	const char *path;
	size_t depth; /* 0: the top */
	bool source; /* holds a source, not just a Makefile */
};

struct places {
	struct place *at;
	size_t n, cap;
};

static const char *const makefiles[] = { "GNUmakefile", "makefile", "Makefile", NULL };

/* A hidden folder is no place to hand in. */
static bool is_hidden(const char *path)
{
	return path[0] == '.' || strstr(path, "/.") != NULL;
}

/* If `path` is FOLDER/wanted, FOLDER becomes a place. */
static void add_place(struct arena *a, struct places *p, const char *path, const char *wanted, bool source)
{
	size_t len = strlen(path);
	size_t tail = strlen(wanted);
	if (len < tail || strcmp(path + len - tail, wanted) != 0 ||
	    (len > tail && path[len - tail - 1] != '/'))
		return;
	struct place place = { .path = arena_copy(a, path, len > tail ? len - tail - 1 : 0),
			       .source = source };
	for (const char *c = place.path; *c != '\0'; c++)
		place.depth += *c == '/';
	place.depth += place.path[0] != '\0';
	if (is_hidden(place.path))
		return;
	p->at = arena_push(a, p->at, &p->n, &p->cap, sizeof *p->at);
	p->at[p->n - 1] = place;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct place *)a)->path, ((const struct place *)b)->path);
}

/* Each folder once, sorted. */
static void places_merge(struct places *p)
{
	size_t kept = 0;
	if (p->n > 0)
		qsort(p->at, p->n, sizeof *p->at, by_path);
	for (size_t i = 0; i < p->n; i++) {
		if (kept > 0 && strcmp(p->at[kept - 1].path, p->at[i].path) == 0)
			p->at[kept - 1].source |= p->at[i].source;
		else
			p->at[kept++] = p->at[i];
	}
	p->n = kept;
}

/* The folders of that kind down to that depth; NULL-terminated. */
static const char **choose(struct arena *a, const struct places *p, size_t depth, bool source, size_t *ret_n)
{
	const char **chosen = arena_array(a, p->n + 1, sizeof *chosen);
	*ret_n = 0;
	for (size_t i = 0; i < p->n; i++)
		if (p->at[i].depth <= depth && p->at[i].source == source)
			chosen[(*ret_n)++] = p->at[i].path;
	return chosen;
}

static struct root root_of(struct arena *a, const struct places *p)
{
	static const size_t depths[] = { 1, SIZE_MAX }; /* what the sheets promise; what we add */
	if (p->n > 0 && p->at[0].depth == 0)
		return (struct root){ .how = ROOT_TOP, .path = "" };
	for (size_t i = 0; i < 2 * ARRAY_SIZE(depths); i++) {
		size_t n;
		const char **found = choose(a, p, depths[i / 2], i % 2 == 0, &n);
		if (n == 1)
			return (struct root){ .how = ROOT_BELOW, .path = found[0] };
		if (n > 1)
			return (struct root){ .how = ROOT_SEVERAL, .path = "", .rivals = found };
	}
	return (struct root){ .how = ROOT_NOWHERE, .path = "" };
}

struct root root_find(struct arena *a, const struct tree *t, const char *const *sources)
{
	struct places p = { 0 };
	for (size_t i = 0; i < t->n; i++) {
		for (const char *const *s = sources; *s != NULL; s++)
			add_place(a, &p, t->files[i].path, *s, true);
		for (const char *const *m = makefiles; *m != NULL; m++)
			add_place(a, &p, t->files[i].path, *m, false);
	}
	places_merge(&p);
	return root_of(a, &p);
}

const char *root_relative(const struct root *root, const char *path)
{
	size_t len = strlen(root->path);
	if (len == 0)
		return path;
	return strncmp(path, root->path, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

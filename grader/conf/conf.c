/*
 * The only file that speaks libyaml (1 is good, 0 is bad).
 *
 * The events are read one by one and the reading ends at the first syntax error or limit, so that libyaml never meets
 * more than 32 levels: some of its loops run over all levels for each token.
 */
#include "conf/conf.h"

#include <string.h>
#include <utf8proc.h>
#include <yaml.h>

enum { ANCHORS_MOST = 256 };

struct anchor {
	const char *name;
	struct node *node; /* NULL while it is being read: an alias to it would have no end */
	size_t nodes;
	int height;
};

struct loader {
	struct arena *a;
	struct problems *problems;
	const char *file;
	struct bytes text;
	yaml_parser_t parser;
	struct anchor anchors[ANCHORS_MOST];
	size_t n_anchors;
	size_t nodes; /* read so far, aliases counted as copied */
	bool ended; /* by a syntax error or a limit: no more events */
};

struct nodes {
	struct node **at;
	size_t n, cap;
};

static struct node *read_node(struct loader *l, const yaml_event_t *e, int depth, int *ret_height);

/* --- before libyaml sees the text --- */

/* libyaml's own list of characters. */
static bool is_allowed(utf8proc_int32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0x7E) || c == 0x85 ||
	       (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
}

static void refuse_character(struct loader *l, const struct pos *pos, const unsigned char *at, bool is_utf8)
{
	if (!is_utf8)
		PROBLEM(l->problems, pos, "the byte 0x%02x is not UTF-8: save the file as UTF-8", at[0]);
	else if (at[0] == 0)
		PROBLEM(l->problems, pos, "a NUL byte; in double quotes \\0 stands for it");
	else
		PROBLEM(l->problems, pos,
			"a control character (byte 0x%02x); in double quotes it is written \\x%02x", at[0],
			at[0]);
}

/* Whether every byte may stand in YAML; says which one may not. */
static bool check_characters(struct loader *l)
{
	struct pos pos = { l->file, 1, 1 };
	for (size_t i = 0; i < l->text.len;) {
		const unsigned char *at = (const unsigned char *)l->text.at + i;
		utf8proc_int32_t c = 0;
		utf8proc_ssize_t n = utf8proc_iterate(at, (utf8proc_ssize_t)MIN(l->text.len - i, (size_t)4),
						      &c);
		if (n <= 0 || !is_allowed(c)) {
			refuse_character(l, &pos, at, n > 0);
			return false;
		}
		pos.column = c == '\n' ? 1 : pos.column + 1;
		pos.line += c == '\n';
		i += (size_t)n;
	}
	return true;
}

/* libyaml compares each %TAG with all before: a megabyte of them would take minutes. We use none. */
static bool check_directives(struct loader *l)
{
	struct pos pos = { l->file, 1, 1 };
	const char *end = l->text.len == 0 ? l->text.at : l->text.at + l->text.len;
	for (const char *at = l->text.at; at != NULL && at < end; pos.line++) {
		struct bytes rest = { at, (size_t)(end - at) };
		if (bytes_start_with(rest, BYTES_LITERAL("%TAG")) ||
		    bytes_start_with(rest, BYTES_LITERAL("%YAML"))) {
			PROBLEM(l->problems, &pos,
				"YAML directives (%%YAML, %%TAG) are not used here: remove the line");
			return false;
		}
		at = memchr(at, '\n', rest.len);
		if (at != NULL)
			at++;
	}
	return true;
}

static bool check_text(struct loader *l)
{
	if (l->text.len > CONF_TEXT_MOST) {
		PROBLEM(l->problems, (&(struct pos){ l->file, 1, 1 }),
			"the file has %zu bytes; at most 1 MiB is read", l->text.len);
		return false;
	}
	/* libyaml would count the mark as a column */
	if (bytes_start_with(l->text, BYTES_LITERAL("\xEF\xBB\xBF")))
		l->text = (struct bytes){ l->text.at + 3, l->text.len - 3 };
	return check_characters(l) && check_directives(l);
}

/* --- events --- */

static struct pos pos_of(const struct loader *l, const yaml_mark_t *mark)
{
	return (struct pos){ l->file, (int)mark->line + 1, (int)mark->column + 1 };
}

/* The character the scanner stopped at, or NUL. */
static char stopped_at(const struct loader *l)
{
	size_t line = 0;
	const char *at = l->text.at;
	const char *end = at + l->text.len;
	for (; line < l->parser.problem_mark.line && at < end; line++) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at == NULL ? end : at + 1;
	}
	size_t column = 0;
	for (; column < l->parser.problem_mark.column && at < end; column++) {
		at++;
		while (at < end && ((unsigned char)*at & 0xC0) == 0x80)
			at++;
	}
	return at < end ? *at : '\0';
}

static void syntax_error(struct loader *l)
{
	const yaml_parser_t *y = &l->parser;
	struct pos pos = pos_of(l, &y->problem_mark);
	if (y->error == YAML_SCANNER_ERROR && stopped_at(l) == '\t')
		PROBLEM(l->problems, &pos, "a tab stands where YAML wants blanks: indent with blanks only");
	else if (y->context != NULL)
		PROBLEM(l->problems, &pos, "this is not YAML: %s (%s from line %d)", y->problem, y->context,
			(int)y->context_mark.line + 1);
	else
		PROBLEM(l->problems, &pos, "this is not YAML: %s",
			y->problem == NULL ? "unreadable" : y->problem);
	l->ended = true;
}

static bool next_event(struct loader *l, yaml_event_t *ret)
{
	if (l->ended)
		return false;
	if (yaml_parser_parse(&l->parser, ret) == 1)
		return true;
	*ret = (yaml_event_t){ 0 };
	syntax_error(l);
	return false;
}

/* --- nodes --- */

static void end_at_limit(struct loader *l, const struct pos *pos, const char *what)
{
	PROBLEM(l->problems, pos, "%s; the rest of the file is not read", what);
	l->ended = true;
}

static bool within_limits(struct loader *l, const struct pos *pos, int depth)
{
	if (l->nodes > CONF_NODES_MOST)
		end_at_limit(l, pos, "more than 20,000 values (each alias counts as a copy)");
	else if (depth > CONF_DEPTH_MOST)
		end_at_limit(l, pos, "nested deeper than 32 levels");
	return !l->ended;
}

static struct anchor *find_anchor(struct loader *l, const char *name)
{
	for (size_t i = 0; i < l->n_anchors; i++)
		if (strcmp(l->anchors[i].name, name) == 0)
			return &l->anchors[i];
	return NULL;
}

/* A place to keep the node in, or NULL: no anchor stands here, or it cannot be used. */
static struct anchor *open_anchor(struct loader *l, const yaml_char_t *name, const struct pos *pos)
{
	if (name == NULL)
		return NULL;
	if (find_anchor(l, (const char *)name) != NULL) {
		PROBLEM(l->problems, pos, "the anchor '&%s' is said twice",
			bytes_show(l->a, bytes_of((const char *)name), 60));
		return NULL;
	}
	if (l->n_anchors == ANCHORS_MOST) {
		PROBLEM(l->problems, pos, "more than %d anchors", ANCHORS_MOST);
		return NULL;
	}
	struct anchor *anchor = &l->anchors[l->n_anchors++];
	*anchor = (struct anchor){ .name = arena_strdup(l->a, (const char *)name) };
	return anchor;
}

static struct node *use_alias(struct loader *l, const char *name, const struct pos *pos, int depth,
			      int *ret_height)
{
	const struct anchor *anchor = find_anchor(l, name);
	const char *shown = bytes_show(l->a, bytes_of(name), 60);
	if (anchor == NULL)
		PROBLEM(l->problems, pos, "the alias '*%s' has no anchor '&%s' before it", shown, shown);
	else if (anchor->node == NULL)
		PROBLEM(l->problems, pos, "the alias '*%s' stands inside its own anchor", shown);
	if (anchor == NULL || anchor->node == NULL)
		return node_scalar(l->a, pos, BYTES_LITERAL(""));
	l->nodes += anchor->nodes;
	*ret_height = anchor->height;
	return within_limits(l, pos, depth + anchor->height - 1) ? anchor->node : NULL;
}

static struct node *read_scalar(struct loader *l, const yaml_event_t *e, const struct pos *pos)
{
	struct bytes text = { (const char *)e->data.scalar.value, e->data.scalar.length };
	if (text.len > CONF_SCALAR_MOST) {
		PROBLEM(l->problems, pos, "a text of %zu bytes; at most 64 KiB", text.len);
		text.len = 0;
	}
	struct node *n = node_scalar(l->a, pos,
				     (struct bytes){ arena_copy(l->a, text.at, text.len), text.len });
	n->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return n;
}

static void read_list(struct loader *l, struct node *list, int depth, int *ret_height)
{
	struct nodes items = { 0 };
	for (;;) {
		CLEANUP(yaml_event_delete) yaml_event_t e = { 0 };
		list->cut = !next_event(l, &e);
		if (list->cut || e.type == YAML_SEQUENCE_END_EVENT)
			break;
		int height = 1;
		struct node *item = read_node(l, &e, depth + 1, &height);
		if (item == NULL)
			continue;
		*ret_height = MAX(*ret_height, height + 1);
		items.at = arena_push(l->a, items.at, &items.n, &items.cap, sizeof(struct node *));
		items.at[items.n - 1] = item;
	}
	list->items = items.at;
	list->n = items.n;
}

static bool good_key(struct loader *l, const struct node *key)
{
	if (key->kind != NODE_SCALAR)
		PROBLEM(l->problems, &key->pos, "a key is a text; found %s", node_describe(l->a, key));
	else if (!key->quoted && node_is_text(key, "<<"))
		PROBLEM(l->problems, &key->pos,
			"merge keys ('<<') are not used here: write the keys out, or use an alias for a "
			"value");
	else
		return true;
	return false;
}

/* One key and its value; false when the map ends here, or the reading does. */
static bool read_pair(struct loader *l, struct node *map, int depth, struct node **ret_key,
		      struct node **ret_item, int *height)
{
	CLEANUP(yaml_event_delete) yaml_event_t key_event = { 0 };
	CLEANUP(yaml_event_delete) yaml_event_t item_event = { 0 };
	map->cut = !next_event(l, &key_event);
	if (map->cut || key_event.type == YAML_MAPPING_END_EVENT)
		return false;
	*ret_key = read_node(l, &key_event, depth + 1, height);
	map->cut = !next_event(l, &item_event);
	if (map->cut)
		return false;
	*ret_item = read_node(l, &item_event, depth + 1, height);
	return true;
}

static void read_map(struct loader *l, struct node *map, int depth, int *ret_height)
{
	struct nodes keys = { 0 };
	struct nodes items = { 0 };
	struct node *key = NULL;
	struct node *item = NULL;
	int height = 1;
	while (read_pair(l, map, depth, &key, &item, &height)) {
		*ret_height = MAX(*ret_height, height + 1);
		if (key == NULL || item == NULL || !good_key(l, key))
			continue;
		keys.at = arena_push(l->a, keys.at, &keys.n, &keys.cap, sizeof(struct node *));
		items.at = arena_push(l->a, items.at, &items.n, &items.cap, sizeof(struct node *));
		keys.at[keys.n - 1] = key;
		items.at[items.n - 1] = item;
	}
	map->keys = keys.at;
	map->items = items.at;
	map->n = keys.n;
	CLEANUP(arena_done) struct arena scratch = { 0 };
	node_check_keys(map, &scratch, l->problems);
}

static struct node *read_collection(struct loader *l, enum node_kind kind, const struct pos *pos, int depth,
				    int *ret_height)
{
	struct node *n = arena_alloc(l->a, sizeof *n);
	*n = (struct node){ .kind = kind, .pos = *pos };
	if (kind == NODE_LIST)
		read_list(l, n, depth, ret_height);
	else
		read_map(l, n, depth, ret_height);
	return n;
}

struct decoration {
	const yaml_char_t *anchor, *tag;
};

static struct decoration decoration_of(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return (struct decoration){ e->data.scalar.anchor, e->data.scalar.tag };
	case YAML_SEQUENCE_START_EVENT:
		return (struct decoration){ e->data.sequence_start.anchor, e->data.sequence_start.tag };
	case YAML_MAPPING_START_EVENT:
		return (struct decoration){ e->data.mapping_start.anchor, e->data.mapping_start.tag };
	default: /* libyaml's enum, not ours */
		return (struct decoration){ 0 };
	}
}

static void refuse_tag(struct loader *l, const struct pos *pos, const char *tag)
{
	static const char standard[] = "tag:yaml.org,2002:"; /* what libyaml makes of !! */
	bool is_standard = strncmp(tag, standard, sizeof standard - 1) == 0;
	PROBLEM(l->problems, pos, "tags such as !!str are not used here: remove '%s%s'",
		is_standard ? "!!" : "",
		bytes_show(l->a, bytes_of(is_standard ? tag + sizeof standard - 1 : tag), 60));
}

/* NULL when a limit was met. The height of a scalar is 1. */
static struct node *read_node(struct loader *l, const yaml_event_t *e, int depth, int *ret_height)
{
	struct pos pos = pos_of(l, &e->start_mark);
	*ret_height = 1;
	if (e->type == YAML_ALIAS_EVENT)
		return use_alias(l, (const char *)e->data.alias.anchor, &pos, depth, ret_height);
	size_t before = l->nodes++;
	if (!within_limits(l, &pos, depth))
		return NULL;
	struct decoration d = decoration_of(e);
	if (d.tag != NULL)
		refuse_tag(l, &pos, (const char *)d.tag);
	struct anchor *anchor = open_anchor(l, d.anchor, &pos);
	struct node *n = NULL;
	if (e->type == YAML_SCALAR_EVENT)
		n = read_scalar(l, e, &pos);
	else
		n = read_collection(l, e->type == YAML_MAPPING_START_EVENT ? NODE_MAP : NODE_LIST, &pos,
				    depth, ret_height);
	if (anchor != NULL) {
		anchor->node = n;
		anchor->nodes = l->nodes - before;
		anchor->height = *ret_height;
	}
	return n;
}

/* --- the document --- */

static void expect_end(struct loader *l)
{
	CLEANUP(yaml_event_delete) yaml_event_t document_end = { 0 };
	CLEANUP(yaml_event_delete) yaml_event_t e = { 0 };
	if (!next_event(l, &document_end) || !next_event(l, &e))
		return;
	struct pos pos = pos_of(l, &e.start_mark);
	if (e.type != YAML_STREAM_END_EVENT)
		PROBLEM(l->problems, &pos, "a second document begins here; a file is one document");
}

static void read_document(struct loader *l, struct node **ret)
{
	CLEANUP(yaml_event_delete) yaml_event_t stream = { 0 };
	CLEANUP(yaml_event_delete) yaml_event_t document = { 0 };
	CLEANUP(yaml_event_delete) yaml_event_t root = { 0 };
	if (!next_event(l, &stream) || !next_event(l, &document))
		return;
	if (document.type == YAML_STREAM_END_EVENT) {
		PROBLEM(l->problems, (&(struct pos){ l->file, 1, 1 }), "the file is empty");
		return;
	}
	if (!next_event(l, &root))
		return;
	int height = 1;
	*ret = read_node(l, &root, 1, &height);
	expect_end(l);
}

static void free_loader(struct loader **l)
{
	free(*l);
}

void conf_read(struct arena *a, const char *file, struct bytes text, struct problems *p, struct node **ret)
{
	CLEANUP(free_loader) struct loader *l = must_alloc(calloc(1, sizeof *l));
	l->a = a;
	l->problems = p;
	l->file = arena_strdup(a, file);
	l->text = text;
	*ret = NULL;
	if (!check_text(l))
		return;
	must_alloc(yaml_parser_initialize(&l->parser) == 1 ? l : NULL);
	yaml_parser_set_input_string(&l->parser, (const unsigned char *)(l->text.len == 0 ? "" : l->text.at),
				     l->text.len);
	yaml_parser_set_encoding(&l->parser, YAML_UTF8_ENCODING);
	read_document(l, ret);
	yaml_parser_delete(&l->parser);
}

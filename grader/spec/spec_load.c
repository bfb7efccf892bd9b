#include "spec/spec_load.h"

#include "base/hash.h"
#include "base/io.h"
#include "conf/value.h"
#include "spec/spec_reader.h"

#include <fcntl.h>
#include <string.h>

enum { LONG_TIME_US = 60000000 };

bool id_check(struct spec_reader *s, const struct pos *pos, const char *what, const char *id)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
	size_t len = strlen(id);
	if (len > 0 && len <= ID_MOST && id[0] != '-' && id[0] != '.' && strspn(id, letters) == len)
		return true;
	PROBLEM(s->reader.problems, pos,
		"\"%s\" is no %s: at most %d letters, digits, '-', '_' and '.', a letter, digit or '_' first",
		bytes_show(s->reader.arena, bytes_of(id), 60), what, ID_MOST);
	return false;
}

/* --- limits --- */

static void advise_on_time(struct spec_reader *s, const struct node *n, const struct limits *l)
{
	const struct node *time = node_get(n, "time");
	if (time != NULL && l->time_us > LONG_TIME_US)
		ADVICE(s->reader.problems, &time->pos,
		       "a hang will cost %s: the time of a case is a last resort, not a wait",
		       value_show(s->reader.arena, FIELD_DURATION, l->time_us));
}

void limits_read(struct spec_reader *s, const struct node *n, const struct limits *base, struct limits *ret)
{
	struct node nothing = { .kind = NODE_MAP, .pos = { s->spec.path, 1, 1 } };
	struct limits said = { 0 };
	n = n == NULL ? &nothing : n;
	fields_read(&s->reader, n, limits_table.fields, limits_table.n, NULL, &said);
	*ret = base == NULL ? said : *base;
	for (size_t i = 0; base != NULL && i < limits_table.n; i++) {
		const struct field *f = &limits_table.fields[i];
		if (node_get(n, f->key) != NULL)
			memcpy((char *)ret + f->offset, (const char *)&said + f->offset, sizeof(int64_t));
	}
	advise_on_time(s, n, ret);
}

/* --- maps from name to thing: programs, rubric --- */

/* A map of 1 to `most` entries; NULL and a problem else. */
static const struct node *named_things(struct spec_reader *s, const struct node *n, const char *key,
				       size_t most)
{
	struct reader *r = &s->reader;
	if (n == NULL)
		return NULL; /* said to be missing already */
	if (n->kind == NODE_MAP && n->n <= most && (n->n > 0 || n->cut))
		return n;
	if (n->kind == NODE_MAP && n->n > most)
		PROBLEM(r->problems, &n->pos, "'%s' has at most %zu entries; found %zu", key, most, n->n);
	else
		PROBLEM(r->problems, &n->pos,
			"'%s' is a map from name to what is said of it, not empty; found %s", key,
			node_describe(r->arena, n));
	return NULL;
}

/* The key as an id; "" and a problem when it is none. */
static const char *name_of(struct spec_reader *s, const struct node *key, const char *what)
{
	const char *name = node_as_text(key);
	name = name == NULL ? "" : name;
	(void)id_check(s, &key->pos, what, name);
	return name;
}

static void read_program(struct spec_reader *s, const struct node *key, const struct node *n,
			 struct program *ret)
{
	struct reader *r = &s->reader;
	fields_read(r, n, program_table.fields, program_table.n, NULL, ret);
	ret->name = name_of(s, key, "name of a program");
	ret->pos = key->pos;
	if (ret->target == NULL)
		ret->target = ret->name;
	if (ret->sources.n == 0) {
		ret->sources.at = arena_array(r->arena, 2, sizeof *ret->sources.at);
		ret->sources.at[0] = arena_printf(r->arena, "%s.c", ret->name);
		ret->sources.n = 1;
	}
}

static void read_programs(struct spec_reader *s, const struct node *n)
{
	const struct node *map = named_things(s, n, "programs", PROGRAMS_MOST);
	if (map == NULL)
		return;
	s->spec.programs = arena_array(s->reader.arena, map->n, sizeof *s->spec.programs);
	s->spec.n_programs = map->n;
	s->knows_programs = !map->cut;
	for (size_t i = 0; i < map->n; i++)
		read_program(s, map->keys[i], map->items[i], &s->spec.programs[i]);
}

static void advise_on_line(struct spec_reader *s, const struct node *n, const struct rubric_line *line)
{
	struct problems *p = s->reader.problems;
	const struct node *title = node_get(n, "title");
	if (title != NULL && title->kind == NODE_MAP && line->title.fr != NULL) {
		if (node_get(title, "fr") == NULL)
			ADVICE(p, &title->pos, "the line '%s' has no French title", line->id);
		if (node_get(title, "en") == NULL)
			ADVICE(p, &title->pos, "the line '%s' has no English title", line->id);
	}
	if (n->kind == NODE_MAP && !n->cut && node_get(n, "hint") == NULL)
		ADVICE(p, &line->pos, "the line '%s' has no hint: what would lead a student to the mistake?",
		       line->id);
}

static void read_rubric(struct spec_reader *s, const struct node *n)
{
	struct reader *r = &s->reader;
	const struct node *map = named_things(s, n, "rubric", RUBRIC_MOST);
	if (map == NULL)
		return;
	s->spec.rubric = arena_array(r->arena, map->n, sizeof *s->spec.rubric);
	s->spec.n_rubric = map->n;
	s->knows_lines = !map->cut;
	for (size_t i = 0; i < map->n; i++) {
		struct rubric_line *line = &s->spec.rubric[i];
		fields_read(r, map->items[i], rubric_table.fields, rubric_table.n, NULL, line);
		line->id = name_of(s, map->keys[i], "id of a rubric line");
		line->pos = map->keys[i]->pos;
		s->spec.total += line->points;
		advise_on_line(s, map->items[i], line);
	}
}

/* --- cases --- */

static void read_cases(struct spec_reader *s, const struct node *n)
{
	struct reader *r = &s->reader;
	if (n == NULL)
		return;
	s->knows_cases = !n->cut;
	if (n->kind != NODE_LIST || (n->n == 0 && !n->cut)) {
		PROBLEM(r->problems, &n->pos, "'cases' is a list of cases, not empty; found %s",
			node_describe(r->arena, n));
		s->knows_cases = false;
		return;
	}
	for (size_t i = 0; i < n->n; i++)
		case_read(s, n->items[i]);
}

static void find_unused(struct spec_reader *s)
{
	if (!s->knows_cases)
		return;
	for (size_t i = 0; i < s->spec.n_rubric; i++)
		if (!s->line_used[i])
			PROBLEM(s->reader.problems, &s->spec.rubric[i].pos,
				"no case counts for the line '%s'", s->spec.rubric[i].id);
	/* an actor with an error may be the one that runs it */
	bool settled = s->reader.problems->errors == 0;
	for (size_t i = 0; i < s->spec.n_programs && settled; i++)
		if (!s->program_used[i])
			ADVICE(s->reader.problems, &s->spec.programs[i].pos, "no case runs the program '%s'",
			       s->spec.programs[i].name);
}

/* --- the file --- */

static const char *hash_of(struct arena *a, struct bytes text)
{
	char *hex = arena_alloc(a, HASH_HEX);
	struct hash h;
	hash_init(&h);
	hash_add(&h, text.at, text.len);
	hash_end(&h, hex);
	return hex;
}

static void read_spec(struct spec_reader *s, const struct node *root)
{
	struct spec_text t = { 0 };
	fields_read(&s->reader, root, spec_table.fields, spec_table.n, NULL, &t);
	s->spec.id = t.id;
	s->spec.title = t.title;
	if (t.id != NULL)
		(void)id_check(s, &node_get(root, "id")->pos, "id of a spec", t.id);
	limits_read(s, t.limits, NULL, &s->spec.limits);
	read_programs(s, t.programs);
	read_rubric(s, t.rubric);
	read_cases(s, t.cases);
	find_unused(s);
}

static size_t count_errors(const struct problems *p, size_t from)
{
	size_t n = 0;
	for (size_t i = from; i < p->n; i++)
		n += !p->at[i].warning;
	return n;
}

int spec_parse(struct arena *a, const char *path, struct bytes text, const struct vocabulary *v,
	       struct problems *problems, struct spec *ret, struct fault *f)
{
	struct spec_reader *s = arena_alloc(a, sizeof *s);
	struct node *root = NULL;
	size_t before = problems->errors;
	size_t known = problems->n;
	if (problems->arena == NULL)
		problems->arena = a;
	s->reader = (struct reader){
		.arena = a, .problems = problems, .vocabulary = v, .read_steps = steps_read
	};
	s->spec.path = arena_strdup(a, path);
	s->spec.hash = hash_of(a, text);
	conf_read(a, path, text, problems, &root);
	if (root != NULL)
		read_spec(s, root);
	size_t errors = count_errors(problems, known);
	problems_sort(problems);
	if (problems->errors > before)
		return fault_set(f, FAULT_INPUT, 0, "'%s' has %zu error%s", path, errors,
				 errors == 1 ? "" : "s");
	*ret = s->spec;
	return 0;
}

int spec_load(struct arena *a, const char *path, const struct vocabulary *v, struct problems *problems,
	      struct spec *ret, struct fault *f)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	if (io_read_file(AT_FDCWD, path, CONF_TEXT_MOST, &text, f) != 0)
		return fault_wrap(f, "spec '%s'", path);
	return spec_parse(a, path, buf_bytes(&text), v, problems, ret, f);
}

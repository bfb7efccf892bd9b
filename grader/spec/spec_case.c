#include "spec/spec_reader.h"

#include "conf/value.h"

#include <string.h>

static const char run_kind[] = "run"; /* its params begin with struct texts: program and arguments */

/* --- actors --- */

static void check_actor_name(struct spec_reader *s, const struct node *key, const char *name)
{
	struct reader *r = &s->reader;
	if (!id_check(s, &key->pos, "name of an actor", name))
		return;
	for (const struct kind *const *k = r->vocabulary->steps; k != NULL && *k != NULL; k++)
		if ((*k)->no_actor && strcmp((*k)->name, name) == 0)
			PROBLEM(r->problems, &key->pos, "an actor cannot be called '%s': that is a step",
				name);
}

/* Names first: an actor may speak of those that stand after it. */
static void name_actors(struct spec_reader *s, const struct node *map)
{
	struct reader *r = &s->reader;
	const char **names = arena_array(r->arena, map->n + 1, sizeof *names);
	for (size_t i = 0; i < map->n; i++) {
		const char *text = node_as_text(map->keys[i]);
		names[i] = text == NULL ? "" : text;
		check_actor_name(s, map->keys[i], names[i]);
	}
	r->actor_names = names;
}

static void read_actors(struct spec_reader *s, const struct node *map, struct spec_case *c)
{
	static const struct node no_actors = { .kind = NODE_MAP };
	struct reader *r = &s->reader;
	map = map == NULL || node_is_empty(map) ? &no_actors : map;
	if (map->kind != NODE_MAP || map->n > ACTORS_MOST) {
		PROBLEM(r->problems, &map->pos, "'actors' is a map from name to actor, at most %d; found %s",
			ACTORS_MOST, node_describe(r->arena, map));
		map = &no_actors;
	}
	const struct kind **kinds = arena_array(r->arena, map->n + 1, sizeof(struct kind *));
	c->actors = arena_array(r->arena, map->n, sizeof *c->actors);
	c->n_actors = map->n;
	name_actors(s, map);
	r->actor_kinds = kinds;
	for (size_t i = 0; i < map->n; i++) {
		struct kinded k = kinded_read(r, map->items[i], r->vocabulary->actors, "kind of actor", NULL);
		kinds[i] = k.kind;
		c->actors[i] = (struct actor){ r->actor_names[i], k.kind, k.params, k.pos };
	}
}

/* --- programs --- */

static int find_program(const struct spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->n_programs; i++)
		if (strcmp(spec->programs[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* Where the program's name stands in {run: [name, …]}. */
static const struct pos *name_pos(const struct node *actor)
{
	const struct node *run = node_get(actor, run_kind);
	if (run != NULL && run->kind == NODE_LIST && run->n > 0)
		return &run->items[0]->pos;
	return run != NULL ? &run->pos : &actor->pos;
}

static void unknown_program(struct spec_reader *s, const struct pos *pos, const char *name)
{
	struct reader *r = &s->reader;
	const char **names = arena_array(r->arena, s->spec.n_programs + 1, sizeof *names);
	for (size_t i = 0; i < s->spec.n_programs; i++)
		names[i] = s->spec.programs[i].name;
	PROBLEM(r->problems, pos, "no program is called \"%s\"%s; 'programs' names them",
		bytes_show(r->arena, bytes_of(name), 60), did_you_mean(r, name, names));
}

static void add_program(struct spec_case *c, size_t program)
{
	for (size_t i = 0; i < c->n_programs; i++)
		if (c->programs[i] == program)
			return;
	c->programs[c->n_programs++] = program;
}

static void find_programs(struct spec_reader *s, const struct node *actors, struct spec_case *c)
{
	struct reader *r = &s->reader;
	c->programs = arena_array(r->arena, c->n_actors, sizeof *c->programs);
	for (size_t i = 0; i < c->n_actors; i++) {
		const struct kind *k = c->actors[i].kind;
		if (k == NULL || strcmp(k->name, run_kind) != 0)
			continue;
		const struct texts *argv = c->actors[i].params;
		const struct pos *pos = name_pos(actors->items[i]);
		const char *name = argv->n == 0 ? "" : argv->at[0];
		int program = find_program(&s->spec, name);
		if (name[0] == '/')
			continue; /* a program of the box */
		if (strchr(name, '/') != NULL)
			PROBLEM(r->problems, pos,
				"\"%s\" is neither the name of a program nor an absolute path",
				bytes_show(r->arena, bytes_of(name), 60));
		else if (program < 0 && s->knows_programs)
			unknown_program(s, pos, name);
		else if (program >= 0)
			add_program(c, (size_t)program);
	}
	for (size_t i = 0; i < c->n_programs; i++)
		s->program_used[c->programs[i]] = true;
}

/* --- checks --- */

/* The actor that a check is about must be one that it works on. */
static void check_subject(struct spec_reader *s, const struct kinded *check)
{
	struct reader *r = &s->reader;
	for (size_t i = 0; i < check->kind->n_fields; i++) {
		const struct field *f = &check->kind->fields[i];
		if (f->type != FIELD_ACTOR || !f->main)
			continue;
		int actor = *(const int *)((const char *)check->params + f->offset);
		if (actor >= 0 && !works_on(check->kind, r->actor_kinds[actor]))
			PROBLEM(r->problems, &check->pos,
				"'%s' does not work on '%s', which is a '%s'; it works on %s",
				check->kind->name, r->actor_names[actor], r->actor_kinds[actor]->name,
				names_joined(r->arena, check->kind->on));
	}
}

static void read_checks(struct spec_reader *s, const struct node *list, struct spec_case *c)
{
	struct reader *r = &s->reader;
	if (list == NULL || node_is_empty(list))
		return;
	if (list->kind != NODE_LIST) {
		PROBLEM(r->problems, &list->pos, "'checks' is a list of checks; found %s",
			node_describe(r->arena, list));
		return;
	}
	c->checks = arena_array(r->arena, list->n, sizeof *c->checks);
	for (size_t i = 0; i < list->n; i++) {
		struct kinded k = kinded_read(r, list->items[i], r->vocabulary->checks, "check", NULL);
		if (k.kind == NULL)
			continue;
		check_subject(s, &k);
		c->checks[c->n_checks++] = (struct check){ k.kind, k.params, k.pos };
	}
}

static void read_scenario(struct spec_reader *s, const struct node *list, struct spec_case *c)
{
	s->next_step = 0;
	if (list == NULL || node_is_empty(list))
		return;
	if (list->kind != NODE_LIST)
		PROBLEM(s->reader.problems, &list->pos, "'scenario' is a list of steps; found %s",
			node_describe(s->reader.arena, list));
	else
		steps_read(&s->reader, list, &c->scenario);
}

/* --- the case --- */

static int find_line(struct spec_reader *s, const struct node *n, const char *id)
{
	struct reader *r = &s->reader;
	const char *names[RUBRIC_MOST + 1] = { NULL };
	for (size_t i = 0; i < s->spec.n_rubric; i++) {
		names[i] = s->spec.rubric[i].id;
		if (strcmp(names[i], id) != 0)
			continue;
		s->line_used[i] = true;
		return (int)i;
	}
	s->knows_cases = false; /* it was meant for some line */
	if (s->knows_lines)
		PROBLEM(r->problems, &node_get(n, "rubric")->pos, "no line of the rubric is called \"%s\"%s",
			bytes_show(r->arena, bytes_of(id), 60), did_you_mean(r, id, names));
	return -1;
}

static void check_id(struct spec_reader *s, const struct node *id_node, const struct spec_case *c)
{
	if (!id_check(s, &id_node->pos, "id of a case", c->id))
		return;
	for (size_t i = 0; i < s->spec.n_cases; i++) {
		const struct spec_case *other = &s->spec.cases[i];
		if (other->id == NULL || strcmp(other->id, c->id) != 0)
			continue;
		bool same = other->pos.line == c->pos.line && other->pos.column == c->pos.column;
		PROBLEM(s->reader.problems, &id_node->pos, "two cases have the id \"%s\"%s", c->id,
			same ? ": put the variables of foreach into it, as in 'name-${variable}'" : "");
		return;
	}
}

static bool is_empty_part(const struct node *n)
{
	return n == NULL || n->n == 0;
}

static void read_parts(struct spec_reader *s, const struct node *n, const struct case_text *t,
		       struct spec_case *c)
{
	limits_read(s, t->limits, &s->spec.limits, &c->limits);
	read_actors(s, t->actors, c);
	find_programs(s, t->actors, c);
	/* actors that were not read would all be unknown */
	if (n->cut && (t->actors == NULL || t->actors->cut))
		return;
	s->can_fail = false;
	read_scenario(s, t->scenario, c);
	read_checks(s, t->checks, c);
	if (!s->can_fail && is_empty_part(t->checks) && !n->cut)
		ADVICE(s->reader.problems, &n->pos,
		       "this case has no way to fail: it checks nothing and awaits nothing");
}

static void read_one(struct spec_reader *s, const struct node *n)
{
	struct reader *r = &s->reader;
	struct case_text t = { 0 };
	fields_read(r, n, case_table.fields, case_table.n, NULL, &t);
	struct spec_case c = {
		.id = t.id,
		.rubric = -1,
		.weight = t.weight,
		.title = t.title,
		.hint = t.hint,
		.visibility = t.visibility,
		.variant = t.variant,
		.waits_us = t.waits_us,
		.hurry = t.hurry,
		.pos = n->pos,
	};
	if (t.id != NULL)
		check_id(s, node_get(n, "id"), &c);
	if (t.rubric != NULL)
		c.rubric = find_line(s, n, t.rubric);
	else
		s->knows_cases = false;
	read_parts(s, n, &t, &c);
	r->actor_names = NULL;
	r->actor_kinds = NULL;
	c.hash = case_hash(s, n, &c);
	s->spec.cases = arena_push(r->arena, s->spec.cases, &s->spec.n_cases, &s->cap_cases, sizeof c);
	s->spec.cases[s->spec.n_cases - 1] = c;
}

/* The case without its foreach. */
static struct node body_of(struct reader *r, const struct node *n)
{
	struct node body = *n;
	body.n = 0;
	body.keys = arena_array(r->arena, n->n, sizeof(struct node *));
	body.items = arena_array(r->arena, n->n, sizeof(struct node *));
	for (size_t i = 0; i < n->n; i++) {
		if (node_is_text(n->keys[i], "foreach"))
			continue;
		body.keys[body.n] = n->keys[i];
		body.items[body.n++] = n->items[i];
	}
	return body;
}

/* The variables of a case that was cut may be those of a foreach that was not read: nothing is said about them. */
static struct node *put_in_variables(struct spec_reader *s, const struct node *body, const struct foreach *f)
{
	if (!body->cut)
		return foreach_apply(&s->reader, f, body, &s->expansion);
	struct problems unheard = { .arena = s->reader.arena };
	struct problems *heard = s->reader.problems;
	s->reader.problems = &unheard;
	struct node *n = foreach_apply(&s->reader, f, body, &s->expansion);
	s->reader.problems = heard;
	return n;
}

static bool read_expanded(struct spec_reader *s, const struct node *body, const struct foreach *f)
{
	if (s->spec.n_cases == CASES_MOST) {
		PROBLEM(s->reader.problems, &body->pos, "more than %d cases", CASES_MOST);
		return false;
	}
	const struct node *n = put_in_variables(s, body, f);
	if (n == NULL)
		return false;
	read_one(s, n);
	return true;
}

void case_read(struct spec_reader *s, const struct node *n)
{
	struct reader *r = &s->reader;
	struct foreach f = { 0 };
	const struct node *foreach = node_get(n, "foreach");
	bool good = n->kind == NODE_MAP;
	if (!good)
		PROBLEM(r->problems, &n->pos, "a case is a map with the keys id, rubric, actors, …; found %s",
			node_describe(r->arena, n));
	else if (foreach != NULL)
		good = foreach_read(r, foreach, &f);
	if (good) {
		struct node body = body_of(r, n);
		do
			good = read_expanded(s, &body, &f);
		while (good && foreach_next(&f));
	}
	s->knows_cases = s->knows_cases && good;
}

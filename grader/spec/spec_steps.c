#include "spec/spec_reader.h"

#include "conf/value.h"

#include <string.h>

static const char *const beside_step[] = { "within", NULL };

bool works_on(const struct kind *k, const struct kind *actor)
{
	if (k->on == NULL || actor == NULL)
		return true;
	for (const char *const *name = k->on; *name != NULL; name++)
		if (strcmp(*name, actor->name) == 0)
			return true;
	return false;
}

static const struct kind *find_step(const struct spec_reader *s, const struct node *key)
{
	for (const struct kind *const *k = s->reader.vocabulary->steps; k != NULL && *k != NULL; k++)
		if (node_is_text(key, (*k)->name))
			return *k;
	return NULL;
}

static bool stands_alone(const struct spec_reader *s, const struct node *step)
{
	for (size_t i = 0; i < step->n; i++) {
		const struct kind *k = find_step(s, step->keys[i]);
		if (k != NULL && k->no_actor)
			return true;
	}
	return false;
}

static int find_actor(const struct reader *r, const struct node *key)
{
	for (int i = 0; r->actor_names != NULL && r->actor_names[i] != NULL; i++)
		if (node_is_text(key, r->actor_names[i]))
			return i;
	return -1;
}

/* Whether a step of this kind demands something of the program, so that the case can fail by it. */
static bool demands(const struct kind *k)
{
	for (size_t i = 0; i < k->n_fields; i++)
		if (k->fields[i].type == FIELD_PATTERN || k->fields[i].type == FIELD_PROBE)
			return true;
	return strncmp(k->name, "expect", 6) == 0;
}

static void unknown_actor(struct spec_reader *s, const struct node *key)
{
	struct reader *r = &s->reader;
	const struct kind *k = find_step(s, key);
	const char *shown = bytes_show(r->arena, key->text, 60);
	const char *word = node_as_text(key);
	if (k != NULL)
		PROBLEM(r->problems, &key->pos, "which actor does '%s'? A step is written 'ACTOR: {%s: …}'",
			k->name, k->name);
	else
		PROBLEM(r->problems, &key->pos, "no actor of this case is called \"%s\"%s", shown,
			word == NULL || r->actor_names == NULL ? "" : did_you_mean(r, word, r->actor_names));
}

static bool check_form(struct spec_reader *s, const struct node *n)
{
	struct reader *r = &s->reader;
	if (n->kind != NODE_MAP || n->n == 0) {
		PROBLEM(r->problems, &n->pos, "a step is written 'ACTOR: what it does'; found %s",
			node_describe(r->arena, n));
		return false;
	}
	if (n->n == 1 || stands_alone(s, n))
		return true;
	PROBLEM(r->problems, &n->keys[1]->pos,
		"a step has one key, its actor; \"%s\" belongs inside: 'ACTOR: {what: …, %s: …}', or is a "
		"step of its own",
		bytes_show(r->arena, n->keys[1]->text, 60), bytes_show(r->arena, n->keys[1]->text, 60));
	return false;
}

static void wrong_actor(struct spec_reader *s, const struct pos *pos, const struct kind *k, int actor)
{
	struct reader *r = &s->reader;
	PROBLEM(r->problems, pos, "'%s' does not work on '%s', which is a '%s'; it works on %s", k->name,
		r->actor_names[actor], r->actor_kinds[actor]->name, names_joined(r->arena, k->on));
}

/* The kind of the step, and of the probes it holds, must suit the actor. */
static void check_actor(struct spec_reader *s, const struct step *step)
{
	struct reader *r = &s->reader;
	const struct kind *k = step->kind;
	if (step->actor < 0) {
		if (!k->no_actor)
			PROBLEM(r->problems, &step->pos, "'%s' needs an actor: 'ACTOR: {%s: …}'", k->name,
				k->name);
		return;
	}
	if (k->no_actor)
		PROBLEM(r->problems, &step->pos, "'%s' stands alone, under no actor: '- %s: …'", k->name,
			k->name);
	else if (!works_on(k, r->actor_kinds[step->actor]))
		wrong_actor(s, &step->pos, k, step->actor);
	for (size_t i = 0; i < k->n_fields; i++) {
		if (k->fields[i].type != FIELD_PROBE)
			continue;
		const struct kinded *probe = (const struct kinded *)((const char *)step->params +
								     k->fields[i].offset);
		if (probe->kind != NULL && !works_on(probe->kind, r->actor_kinds[step->actor]))
			wrong_actor(s, &probe->pos, probe->kind, step->actor);
	}
}

static void advise(struct spec_reader *s, const struct step *step)
{
	s->can_fail = s->can_fail || demands(step->kind) || step->within_us > 0;
	if (strcmp(step->kind->name, "delay") == 0)
		ADVICE(s->reader.problems, &step->pos,
		       "a fixed pause: it is too long on an idle machine and too short on a loaded one; "
		       "'await' what is waited for");
}

static bool read_step(struct spec_reader *s, const struct node *n, struct step *ret)
{
	struct reader *r = &s->reader;
	size_t before = r->problems->errors;
	*ret = (struct step){ .actor = -1, .number = s->next_step++, .pos = n->pos };
	if (!check_form(s, n))
		return false;
	const struct node *what = n;
	if (!stands_alone(s, n)) {
		what = n->items[0];
		ret->actor = find_actor(r, n->keys[0]);
		if (ret->actor < 0) {
			unknown_actor(s, n->keys[0]);
			if (find_step(s, n->keys[0]) != NULL)
				return false;
		}
	}
	const struct node *within = node_get(what, "within");
	if (within != NULL)
		(void)value_read(r, &step_table.fields[0], within, &ret->within_us);
	struct kinded k = kinded_read(r, what, r->vocabulary->steps, "step", beside_step);
	if (k.kind == NULL || r->problems->errors > before)
		return false;
	ret->kind = k.kind;
	ret->params = k.params;
	check_actor(s, ret);
	advise(s, ret);
	return r->problems->errors == before;
}

void steps_read(struct reader *r, const struct node *list, struct steps *ret)
{
	struct spec_reader *s = (struct spec_reader *)r;
	struct step *steps = arena_array(r->arena, list->n, sizeof *steps);
	size_t n = 0;
	for (size_t i = 0; i < list->n; i++)
		n += read_step(s, list->items[i], &steps[n]);
	*ret = (struct steps){ steps, n };
}

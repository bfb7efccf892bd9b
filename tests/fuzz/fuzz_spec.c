/*
 * Any bytes as a spec: no crash, no leak, no long wait, and what is said holds together.
 */
#include "tests/unit/small_vocabulary.h"

#include "spec/spec_load.h"

#undef NDEBUG /* the target speaks by assert, in release builds too */
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_problems(const struct problems *problems)
{
	assert(problems->n <= PROBLEMS_MOST);
	for (size_t i = 0; i < problems->n; i++) {
		const struct problem *p = &problems->at[i];
		assert(p->pos.line >= 1 && p->pos.column >= 1 && p->text[0] != '\0');
		assert(i == 0 || i == PROBLEMS_MOST - 1 || p[-1].pos.line <= p->pos.line);
	}
}

static void check_case(const struct spec *spec, const struct spec_case *c)
{
	assert(c->rubric >= 0 && (size_t)c->rubric < spec->n_rubric);
	assert(strlen(c->hash) == 64 && c->id[0] != '\0' && c->weight > 0);
	for (size_t i = 0; i < c->n_actors; i++)
		assert(c->actors[i].kind != NULL && c->actors[i].params != NULL);
	for (size_t i = 0; i < c->scenario.n; i++)
		assert(c->scenario.at[i].kind != NULL && c->scenario.at[i].actor < (int)c->n_actors);
	for (size_t i = 0; i < c->n_checks; i++)
		assert(c->checks[i].kind != NULL);
	for (size_t i = 0; i < c->n_programs; i++)
		assert(c->programs[i] < spec->n_programs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct problems problems = { .arena = &a };
	struct spec spec = { 0 };
	struct fault f = { 0 };
	int result = spec_parse(&a, "f.yaml", (struct bytes){ (const char *)data, size }, &small_vocabulary,
				&problems, &spec, &f);
	assert((result == 0) == (problems.errors == 0));
	assert(result == 0 || (f.kind == FAULT_INPUT && problems.n > 0));
	check_problems(&problems);
	for (size_t i = 0; i < spec.n_cases; i++)
		check_case(&spec, &spec.cases[i]);
	return 0;
}

/*
 * tests/cases/diagnoses.cases: what was expected, what came, and the sentence that names the likely mistake.
 *
 * A block: "---- name", then "step: " with a step as specs have it, then lines that say what happened, in the order of time:
 *	came: PAYLOAD      the message that came instead, as specs write bytes
 *	bound: ADDRESS PORT    the program's socket has this name
 *	asleep: CALL           the program sleeps for ever
 * and "=> " twice: the sentence in French, then in English.
 */
#include "observation_fixture.h"

#include "base/io.h"

#include <fcntl.h>
#include <stdio.h>

struct block {
	const char *name, *step, *came, *bound, *asleep;
	const char *expected[2]; /* fr, en */
	size_t n_expected;
};

static struct arena file_arena;
static struct block *blocks;
static size_t n_blocks, cap_blocks;

/* What stands after `key` in the line, or NULL. */
static const char *value_of(const char *line, const char *key)
{
	size_t len = strlen(key);
	return strncmp(line, key, len) == 0 ? arena_strdup(&file_arena, line + len) : NULL;
}

static bool add_line(const char *line)
{
	const char *value;
	if ((value = value_of(line, "---- ")) != NULL) {
		blocks = arena_push(&file_arena, blocks, &n_blocks, &cap_blocks, sizeof *blocks);
		blocks[n_blocks - 1].name = value;
		return true;
	}
	if (n_blocks == 0 || line[0] == '\0')
		return true; /* remarks before the first block */
	struct block *b = &blocks[n_blocks - 1];
	if ((value = value_of(line, "step: ")) != NULL)
		b->step = value;
	else if ((value = value_of(line, "came: ")) != NULL)
		b->came = value;
	else if ((value = value_of(line, "bound: ")) != NULL)
		b->bound = value;
	else if ((value = value_of(line, "asleep: ")) != NULL)
		b->asleep = value;
	else if ((value = value_of(line, "=> ")) != NULL && b->n_expected < 2)
		b->expected[b->n_expected++] = value;
	else
		return false;
	return true;
}

static void load_blocks(const char *path)
{
	struct fault f = { 0 };
	CLEANUP(buf_done) struct buf text = { 0 };
	if (io_read_file(AT_FDCWD, path, 1 << 20, &text, &f) != 0) {
		(void)fprintf(stderr, "%s\n", f.text);
		exit(EXIT_FAILURE);
	}
	buf_add(&text, "", 1);
	char *rest = text.at;
	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
		if (!add_line(line)) {
			(void)fprintf(stderr, "%s: what is this line? %s\n", path, line);
			exit(EXIT_FAILURE);
		}
	}
}

/* The bytes of the second step, a send: its main field. */
static struct bytes payload_of(const struct step *st)
{
	for (size_t i = 0; i < st->kind->n_fields; i++)
		if (st->kind->fields[i].main)
			return *(const struct bytes *)((const char *)st->params + st->kind->fields[i].offset);
	ck_abort_msg("a send without bytes");
}

static void observe(const struct block *b)
{
	add((struct event)STARTED);
	if (b->bound != NULL) {
		const char *blank = strrchr(b->bound, ' ');
		ck_assert_ptr_nonnull(blank);
		const char *address = arena_printf(&arena, "%.*s", (int)(blank - b->bound), b->bound);
		add((struct event)EVENT(EV_BOUND, S, .text = address, .n = { atoi(blank + 1), 2 }));
	}
	if (b->asleep != NULL)
		add((struct event)EVENT(EV_ASLEEP, S, .text = b->asleep));
	struct event step = EVENT(EV_STEP, spec.cases[0].scenario.at[0].actor, .n = { 0, STEP_NEVER });
	if (b->came != NULL) {
		step.n[1] = STEP_MISMATCH;
		step.data = payload_of(&spec.cases[0].scenario.at[1]);
	}
	add(step);
}

START_TEST(the_likely_mistake_is_named)
{
	const struct block *b = &blocks[_i];
	struct verdict v;
	ck_assert_msg(b->step != NULL && b->n_expected == 2, "%s is not whole", b->name);
	case_of_text(arena_printf(&arena, "scenario: [%s, a: {send: %s}]", b->step,
				  b->came == NULL ? "x" : b->came));
	observe(b);
	judge_case(&arena, &spec.cases[0], &observation, &v);
	ck_assert_int_eq(v.outcome, OUTCOME_FAIL);
	ck_same_text(b->name, v.message.fr, b->expected[LANG_FR]);
	ck_same_text(b->name, v.message.en, b->expected[LANG_EN]);
}
END_TEST

int main(int argc, char **argv)
{
	load_blocks(argc > 1 ? argv[1] : SOURCE_DIR "/tests/cases/diagnoses.cases");
	Suite *suite = suite_create("diagnoses");
	TCase *rows = tcase_create("rows");
	tcase_add_checked_fixture(rows, observation_start, observation_clean);
	tcase_add_loop_test(rows, the_likely_mistake_is_named, 0, (int)n_blocks);
	suite_add_tcase(suite, rows);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	arena_done(&file_arena);
	return failed == 0 && n_blocks > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

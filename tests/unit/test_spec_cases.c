/*
 * tests/cases/spec_faults.cases: specs with mistakes, and every message they must get, in order.
 *
 * A block: "---- name", the YAML, then lines "=> spec.yaml:LINE:COLUMN: message" ("advice: " before lint's advice).
 * "@but a b" in a line of its own stands for the usual keys of a spec without a and b.
 */
#include "small_vocabulary.h"

#include "base/io.h"
#include "spec/spec_load.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>

struct block {
	const char *name;
	struct buf yaml, expected;
};

static struct arena file_arena;
static struct block *blocks;
static size_t n_blocks, cap_blocks;

static const struct usual {
	const char *key, *line;
} usual_keys[] = {
	{ "grader", "grader: 1\n" },
	{ "id", "id: t\n" },
	{ "title", "title: T\n" },
	{ "programs", "programs: {p: {}}\n" },
	{ "rubric", "rubric: {r: {points: 1, title: T, hint: H}}\n" },
	{ "cases", "cases: [{id: c, rubric: r, actors: {s: {run: p}}, checks: [no-residue]}]\n" },
};

static void add_usual(struct buf *yaml, const char *but)
{
	for (size_t i = 0; i < ARRAY_SIZE(usual_keys); i++) {
		char word[40];
		(void)snprintf(word, sizeof word, " %s ", usual_keys[i].key);
		if (strstr(but, word) == NULL)
			buf_puts(yaml, usual_keys[i].line);
	}
}

static void add_line(const char *line)
{
	if (strncmp(line, "---- ", 5) == 0) {
		blocks = arena_push(&file_arena, blocks, &n_blocks, &cap_blocks, sizeof *blocks);
		blocks[n_blocks - 1].name = arena_strdup(&file_arena, line + 5);
		return;
	}
	if (n_blocks == 0)
		return; /* remarks before the first block */
	struct block *b = &blocks[n_blocks - 1];
	if (strncmp(line, "=> ", 3) == 0)
		buf_printf(&b->expected, "%s\n", line + 3);
	else if (strncmp(line, "@but", 4) == 0)
		add_usual(&b->yaml, arena_printf(&file_arena, "%s ", line + 4));
	else
		buf_printf(&b->yaml, "%s\n", line);
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
	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
		if (rest != NULL || line[0] != '\0')
			add_line(line);
}

START_TEST(says_what_is_wrong_with_a_spec)
{
	const struct block *b = &blocks[_i];
	CLEANUP(arena_done) struct arena a = { 0 };
	struct problems problems = { .arena = &a };
	struct spec spec;
	struct fault f = { 0 };
	int result = spec_parse(&a, "spec.yaml", buf_bytes(&b->yaml), &small_vocabulary, &problems, &spec,
				&f);
	CLEANUP(buf_done) struct buf found = { 0 };
	for (size_t i = 0; i < problems.n; i++)
		buf_printf(&found, "%s:%d:%d: %s%s\n", problems.at[i].pos.file, problems.at[i].pos.line,
			   problems.at[i].pos.column, problems.at[i].warning ? "advice: " : "",
			   problems.at[i].text);
	ck_assert_msg(bytes_equal(buf_bytes(&found), buf_bytes(&b->expected)),
		      "---- %s\nexpected:\n%.*sfound:\n%.*s", b->name, (int)b->expected.len,
		      b->expected.at == NULL ? "" : b->expected.at, (int)found.len,
		      found.at == NULL ? "" : found.at);
	ck_assert_int_eq(result, problems.errors > 0 ? -1 : 0);
}
END_TEST

int main(int argc, char **argv)
{
	load_blocks(argc > 1 ? argv[1] : SOURCE_DIR "/tests/cases/spec_faults.cases");
	Suite *suite = suite_create("spec_cases");
	TCase *rows = tcase_create("rows");
	tcase_add_loop_test(rows, says_what_is_wrong_with_a_spec, 0, (int)n_blocks);
	suite_add_tcase(suite, rows);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	for (size_t i = 0; i < n_blocks; i++) {
		buf_done(&blocks[i].yaml);
		buf_done(&blocks[i].expected);
	}
	arena_done(&file_arena);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

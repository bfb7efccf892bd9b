#include "conf/conf.h"

#include <check.h>
#include <stdio.h>
#include <time.h>

/* Filled by read_bytes; the arena is the test's own. */
static struct arena arena;
static struct problems problems;

static struct node *read_bytes(struct bytes text)
{
	struct node *root = NULL;
	problems = (struct problems){ .arena = &arena };
	conf_read(&arena, "f.yaml", text, &problems, &root);
	return root;
}

static struct node *read_text(const char *text)
{
	return read_bytes(bytes_of(text));
}

static void ck_problem(size_t i, int line, int column, const char *text)
{
	ck_assert_uint_gt(problems.n, i);
	ck_assert_str_eq(problems.at[i].pos.file, "f.yaml");
	ck_assert_str_eq(problems.at[i].text, text);
	ck_assert_int_eq(problems.at[i].pos.line, line);
	ck_assert_int_eq(problems.at[i].pos.column, column);
}

static void ck_scalar(const struct node *n, const char *text, int line, int column)
{
	ck_assert_ptr_nonnull(n);
	ck_assert_int_eq(n->kind, NODE_SCALAR);
	ck_assert_str_eq(n->text.at, text);
	ck_assert_int_eq(n->pos.line, line);
	ck_assert_int_eq(n->pos.column, column);
}

START_TEST(nodes_know_where_they_stand)
{
	const struct node *n = read_text("# remark\na: 1\nb:\n- x\n- {c: 'y', é: z}\n");
	ck_assert_uint_eq(problems.n, 0);
	ck_assert_int_eq(n->kind, NODE_MAP);
	ck_assert_uint_eq(n->n, 2);
	ck_scalar(n->keys[0], "a", 2, 1);
	ck_scalar(node_get(n, "a"), "1", 2, 4);
	const struct node *list = node_get(n, "b");
	ck_assert_int_eq(list->kind, NODE_LIST);
	ck_scalar(list->items[0], "x", 4, 3);
	ck_scalar(node_get(list->items[1], "c"), "y", 5, 7);
	ck_scalar(node_get(list->items[1], "é"), "z", 5, 15);
	ck_assert_ptr_null(node_get(n, "c"));
	ck_assert_ptr_null(node_get(list, "c"));
}
END_TEST

START_TEST(knows_what_is_quoted)
{
	const struct node *n = read_text("[4444, \"4444\", '4444', \"\", ~]\n");
	static const bool quoted[] = { false, true, true, true, false };
	for (size_t i = 0; i < ARRAY_SIZE(quoted); i++)
		ck_assert_int_eq(n->items[i]->quoted, quoted[i]);
	ck_assert(!node_is_empty(n->items[3]));
	n = read_text("- |\n  block\n-\n");
	ck_assert(n->items[0]->quoted);
	ck_scalar(n->items[0], "block\n", 1, 3);
	ck_assert(node_is_empty(n->items[1]));
}
END_TEST

START_TEST(keeps_NULs_that_are_written_as_escapes)
{
	const struct node *n = read_text("\"a\\0b\"");
	ck_assert_uint_eq(n->text.len, 3);
	ck_assert_mem_eq(n->text.at, "a\0b", 4);
}
END_TEST

START_TEST(a_byte_order_mark_is_no_column)
{
	const struct node *n = read_text("\xEF\xBB\xBF"
					 "a: 1\nb: 2\n");
	ck_assert_uint_eq(problems.n, 0);
	ck_scalar(n->keys[0], "a", 1, 1);
	ck_scalar(n->keys[1], "b", 2, 1);
}
END_TEST

static const struct bad_text {
	const char *text;
	size_t len; /* 0: strlen */
	int line, column;
	const char *problem;
} bad_texts[] = {
	{ "", 0, 1, 1, "the file is empty" },
	{ "\n\n# x\n", 0, 1, 1, "the file is empty" },
	{ "a: b\0c", 6, 1, 5, "a NUL byte; in double quotes \\0 stands for it" },
	{ "a: 1\nbé: \xE9t\xE9\n", 0, 2, 5, "the byte 0xe9 is not UTF-8: save the file as UTF-8" },
	{ "a: \xC0\x80", 0, 1, 4, "the byte 0xc0 is not UTF-8: save the file as UTF-8" },
	{ "a: \xED\xA0\x80", 0, 1, 4, "the byte 0xed is not UTF-8: save the file as UTF-8" },
	{ "a: \x1B[31m", 0, 1, 4, "a control character (byte 0x1b); in double quotes it is written \\x1b" },
	{ "\xFF\xFE"
	  "a\0",
	  4, 1, 1, "the byte 0xff is not UTF-8: save the file as UTF-8" },
	{ "a:\n\tb: 1\n", 0, 2, 1, "a tab stands where YAML wants blanks: indent with blanks only" },
	{ "a: [1,\nb: 2", 0, 3, 1,
	  "this is not YAML: did not find expected ',' or ']' (while parsing a flow sequence from line 1)" },
	{ "a: 1\na: 2\n", 0, 2, 1, "\"a\" is said twice, first at line 1" },
	{ "{a: 1, b: 2, 'a': 3}", 0, 1, 14, "\"a\" is said twice, first at line 1" },
	{ "a: !x 1\n", 0, 1, 4, "tags such as !!str are not used here: remove '!x'" },
	{ "a: !!map {}\n", 0, 1, 4, "tags such as !!str are not used here: remove '!!map'" },
	{ "- &a {b: 1}\n- <<: *a\n", 0, 2, 3,
	  "merge keys ('<<') are not used here: write the keys out, or use an alias for a value" },
	{ "%YAML 1.1\n--- a\n", 0, 1, 1, "YAML directives (%YAML, %TAG) are not used here: remove the line" },
	{ "a\n...\nb\n", 0, 3, 1, "this is not YAML: did not find expected <document start>" },
	{ "--- a\n--- b\n", 0, 2, 1, "a second document begins here; a file is one document" },
	{ "? [a]\n: b\n", 0, 1, 3, "a key is a text; found a list" },
	{ "- &a [*a]\n", 0, 1, 7, "the alias '*a' stands inside its own anchor" },
	{ "- &a {x: {y: *a}}\n", 0, 1, 14, "the alias '*a' stands inside its own anchor" },
	{ "- *a\n- &a x\n", 0, 1, 3, "the alias '*a' has no anchor '&a' before it" },
	{ "- &a x\n- &a y\n", 0, 2, 3, "the anchor '&a' is said twice" },
};

START_TEST(refuses_a_bad_text)
{
	const struct bad_text *t = &bad_texts[_i];
	(void)read_bytes((struct bytes){ t->text, t->len == 0 ? strlen(t->text) : t->len });
	ck_problem(0, t->line, t->column, t->problem);
	ck_assert_uint_eq(problems.n, 1);
	ck_assert_uint_eq(problems.errors, 1);
}
END_TEST

START_TEST(gives_what_was_read_before_a_syntax_error)
{
	const struct node *n = read_text("a: 1\nb: [x, y]\nc: {d: [1, 2\ne: 3\n");
	ck_assert_uint_eq(problems.n, 1);
	ck_assert(n->cut);
	ck_scalar(node_get(n, "a"), "1", 1, 4);
	ck_assert(!node_get(n, "b")->cut);
	ck_assert_uint_eq(node_get(n, "b")->n, 2);
	ck_assert(node_get(n, "c")->cut);
	ck_assert(node_get(node_get(n, "c"), "d")->cut);
}
END_TEST

START_TEST(finds_all_double_keys_at_once)
{
	(void)read_text("a: 1\nb: {x: 1, x: 2}\na: 2\na: 3\n");
	problems_sort(&problems);
	ck_assert_uint_eq(problems.n, 3);
	ck_problem(0, 2, 11, "\"x\" is said twice, first at line 2");
	ck_problem(1, 3, 1, "\"a\" is said twice, first at line 1");
	ck_problem(2, 4, 1, "\"a\" is said twice, first at line 1");
}
END_TEST

START_TEST(an_alias_is_its_anchors_node)
{
	const struct node *n = read_text("a: &x {k: v}\nb: *x\nc: [*x, &y 1, *y]\n");
	ck_assert_uint_eq(problems.n, 0);
	ck_assert_ptr_eq(node_get(n, "b"), node_get(n, "a"));
	ck_scalar(node_get(n, "c")->items[2], "1", 3, 9);
}
END_TEST

/* --- texts made to hurt; each must end in well under a second, whatever its size --- */

static void repeat(struct buf *b, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buf_puts(b, text);
}

static void billion_laughs(struct buf *b)
{
	buf_puts(b, "- &a0 [x, x]\n");
	for (int i = 1; i < 30; i++)
		buf_printf(b, "- &a%d [*a%d, *a%d]\n", i, i - 1, i - 1);
}

static void brackets(struct buf *b)
{
	repeat(b, "[", 1 << 20);
}

static void braces(struct buf *b)
{
	repeat(b, "{", 1 << 20);
}

static void dashes(struct buf *b)
{
	repeat(b, "- ", 1 << 19);
}

static void question_marks(struct buf *b)
{
	repeat(b, "? ", 1 << 19);
}

static void deep_maps(struct buf *b)
{
	repeat(b, "{a: ", 1 << 18);
}

static void deep_by_indentation(struct buf *b)
{
	for (int i = 0; i < 1000; i++)
		buf_printf(b, "%*sa:\n", i, "");
}

static void deep_by_alias(struct buf *b)
{
	buf_puts(b, "- &a0 x\n");
	for (int i = 1; i < 60; i++)
		buf_printf(b, "- &a%d [*a%d]\n", i, i - 1);
}

static void too_many_values(struct buf *b)
{
	buf_puts(b, "[");
	repeat(b, "a,", 30000);
	buf_puts(b, "]");
}

static void too_many_keys(struct buf *b)
{
	for (int i = 0; i < 30000; i++)
		buf_printf(b, "k%d: v\n", i);
}

static void the_same_key_again_and_again(struct buf *b)
{
	repeat(b, "a: b\n", 9000);
}

static void a_text_too_long(struct buf *b)
{
	buf_puts(b, "a: ");
	repeat(b, "x", 70000);
	buf_puts(b, "\nb: 1\n");
}

static void a_key_too_long(struct buf *b)
{
	repeat(b, "x", 500000);
	buf_puts(b, ": 1\n");
}

static void a_file_too_long(struct buf *b)
{
	repeat(b, "# remark\n", 150000);
}

static void too_many_anchors(struct buf *b)
{
	for (int i = 0; i < 9000; i++)
		buf_printf(b, "- &anchor%d x\n", i);
}

static void directives(struct buf *b)
{
	for (int i = 0; i < 40000; i++)
		buf_printf(b, "%%TAG !a%d! tag:x,2000:\n", i);
	buf_puts(b, "--- a\n");
}

static void colons(struct buf *b)
{
	repeat(b, ": ", 1 << 19);
}

static void NULs(struct buf *b)
{
	memset(buf_room(b, 1 << 20), 0, 1 << 20);
	b->len += 1 << 20;
}

static void many_line_ends_in_a_quote(struct buf *b)
{
	buf_puts(b, "\"");
	repeat(b, "\n", 1000000);
}

static const struct attack {
	void (*make)(struct buf *b);
	const char *problem; /* the first one begins so */
} attacks[] = {
	{ billion_laughs, "more than 20,000 values" },
	{ brackets, "nested deeper than 32 levels" },
	{ braces, "nested deeper than 32 levels" },
	{ dashes, "nested deeper than 32 levels" },
	{ question_marks, "nested deeper than 32 levels" },
	{ deep_maps, "nested deeper than 32 levels" },
	{ deep_by_indentation, "nested deeper than 32 levels" },
	{ deep_by_alias, "nested deeper than 32 levels" },
	{ too_many_values, "more than 20,000 values" },
	{ too_many_keys, "more than 20,000 values" },
	{ the_same_key_again_and_again, "\"a\" is said twice, first at line 1" },
	{ a_text_too_long, "a text of 70000 bytes; at most 64 KiB" },
	{ a_key_too_long, "a text of 500000 bytes; at most 64 KiB" },
	{ a_file_too_long, "the file has 1350000 bytes; at most 1 MiB is read" },
	{ too_many_anchors, "more than 256 anchors" },
	{ directives, "YAML directives" },
	{ colons, "" },
	{ NULs, "a NUL byte" },
	{ many_line_ends_in_a_quote, "this is not YAML: found unexpected end of stream" },
};

START_TEST(an_attack_ends_soon_with_a_problem)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	struct timespec start;
	struct timespec end;
	attacks[_i].make(&text);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	(void)read_bytes(buf_bytes(&text));
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	ck_assert_uint_gt(problems.errors, 0);
	ck_assert_uint_le(problems.n, PROBLEMS_MOST);
	ck_assert_msg(strncmp(problems.at[0].text, attacks[_i].problem, strlen(attacks[_i].problem)) == 0,
		      "%s", problems.at[0].text);
	/* with sanitizers; what is quadratic takes minutes */
	ck_assert_int_lt(end.tv_sec - start.tv_sec, 3);
}
END_TEST

START_TEST(reads_on_after_a_text_that_is_too_long)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	a_text_too_long(&text);
	const struct node *n = read_bytes(buf_bytes(&text));
	ck_assert_uint_eq(problems.n, 1);
	ck_scalar(node_get(n, "b"), "1", 2, 4);
}
END_TEST

START_TEST(thirty_two_levels_are_fine)
{
	(void)read_text("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
	ck_assert_uint_eq(problems.n, 0);
	(void)read_text("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
	ck_assert_uint_eq(problems.n, 1);
}
END_TEST

/* --- problems --- */

static void add(int line, int column, bool warning, const char *text)
{
	const struct pos pos = { "f.yaml", line, column };
	problem_add(&problems, &pos, warning, "%s", text);
}

START_TEST(problems_are_sorted_by_place)
{
	problems = (struct problems){ .arena = &arena };
	add(2, 1, false, "c");
	add(1, 9, false, "b");
	add(1, 1, true, "a");
	problems_sort(&problems);
	ck_problem(0, 1, 1, "a");
	ck_problem(1, 1, 9, "b");
	ck_problem(2, 2, 1, "c");
	ck_assert_uint_eq(problems.errors, 2);
}
END_TEST

START_TEST(the_same_problem_is_kept_once)
{
	problems = (struct problems){ .arena = &arena };
	add(1, 1, false, "a");
	add(1, 1, false, "a");
	add(1, 2, false, "a");
	ck_assert_uint_eq(problems.n, 2);
	ck_assert_uint_eq(problems.errors, 3);
}
END_TEST

START_TEST(at_most_200_problems_are_kept_and_the_last_says_so)
{
	problems = (struct problems){ .arena = &arena };
	for (int i = 300; i > 0; i--)
		add(i, 1, false, "a");
	problems_sort(&problems);
	ck_assert_uint_eq(problems.n, 200);
	ck_assert_uint_eq(problems.errors, 300);
	ck_assert_str_eq(problems.at[199].text, "there are more problems than are shown here");
	ck_problem(0, 102, 1, "a");
}
END_TEST

START_TEST(advice_does_not_hide_an_error)
{
	problems = (struct problems){ .arena = &arena };
	for (int i = 0; i < 500; i++)
		add(i, 1, true, "advice");
	add(1000, 1, false, "error");
	add(1001, 1, true, "advice");
	ck_assert_uint_eq(problems.n, 200);
	problems_sort(&problems);
	ck_problem(198, 1000, 1, "error");
	ck_assert_str_eq(problems.at[199].text, "there are more problems than are shown here");
}
END_TEST

START_TEST(describes_nodes_for_messages)
{
	static const struct {
		const char *yaml, *description;
	} rows[] = {
		{ "[a]", "a list" },           { "[]", "an empty list" },
		{ "{a: b}", "a map" },         { "{}", "an empty map" },
		{ "abc", "the text \"abc\"" }, { "\"\"", "the text \"\"" },
		{ "---\n", "nothing" },        { "\"a\\e\"", "the text \"a\\x1b\"" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_str_eq(node_describe(&arena, read_text(rows[i].yaml)), rows[i].description);
}
END_TEST

static void clean(void)
{
	arena_done(&arena);
}

int main(void)
{
	Suite *suite = suite_create("conf");
	TCase *t = tcase_create("conf");
	tcase_add_checked_fixture(t, NULL, clean);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, nodes_know_where_they_stand);
	tcase_add_test(t, knows_what_is_quoted);
	tcase_add_test(t, keeps_NULs_that_are_written_as_escapes);
	tcase_add_test(t, a_byte_order_mark_is_no_column);
	tcase_add_loop_test(t, refuses_a_bad_text, 0, (int)ARRAY_SIZE(bad_texts));
	tcase_add_test(t, gives_what_was_read_before_a_syntax_error);
	tcase_add_test(t, finds_all_double_keys_at_once);
	tcase_add_test(t, an_alias_is_its_anchors_node);
	tcase_add_loop_test(t, an_attack_ends_soon_with_a_problem, 0, (int)ARRAY_SIZE(attacks));
	tcase_add_test(t, reads_on_after_a_text_that_is_too_long);
	tcase_add_test(t, thirty_two_levels_are_fine);
	tcase_add_test(t, problems_are_sorted_by_place);
	tcase_add_test(t, the_same_problem_is_kept_once);
	tcase_add_test(t, at_most_200_problems_are_kept_and_the_last_says_so);
	tcase_add_test(t, advice_does_not_hide_an_error);
	tcase_add_test(t, describes_nodes_for_messages);
	suite_add_tcase(suite, t);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

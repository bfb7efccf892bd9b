/* What compilers write is counted and bounded, and its first error is found, in whatever pieces it comes. */
#include "plan/compiler_log.h"

#include <check.h>

static struct arena arena;

static void end(void)
{
	arena_done(&arena);
}

static void log_of(struct compiler_log *l, struct bytes text, size_t piece)
{
	*l = (struct compiler_log){ 0 };
	for (size_t i = 0; i < text.len; i += piece)
		compiler_log_add(l, (struct bytes){ text.at + i, MIN(piece, text.len - i) });
	compiler_log_close(l);
}

/* what was written, warnings, errors, the first error */
static const struct {
	const char *text;
	int64_t warnings, errors;
	const char *first;
} logs[] = {
	{ "", 0, 0, NULL },
	{ "serveur_udp.c: In function 'main':\n"
	  "serveur_udp.c:3:13: warning: unused variable 'x' [-Wunused-variable]\n"
	  "    3 |         int x;\n"
	  "      |             ^\n",
	  1, 0, NULL },
	{ "a.c:3:13: warning: unused variable 'x'\n"
	  "a.c:7:5: error: expected ';' before '}' token\n"
	  "a.c:9:1: error: second\n",
	  1, 2, "a.c:7: expected ';' before '}' token" },
	{ "a.c:1:10: fatal error: nothing.h: No such file or directory\n"
	  "    1 | #include \"nothing.h\"\n"
	  "compilation terminated.\n",
	  0, 1, "a.c:1: nothing.h: No such file or directory" },
	{ "/usr/bin/ld: /tmp/cc0.o: in function `main':\n"
	  "a.c:(.text.startup+0x5): undefined reference to `help'\n"
	  "collect2: error: ld returned 1 exit status\n"
	  "make: *** [<builtin>: a] Error 1\n",
	  0, 1, "a.c:(.text.startup+0x5): undefined reference to `help'" },
	{ "make: *** No rule to make target 'serveur_udp'.  Stop.\n", 0, 0,
	  "make: *** No rule to make target 'serveur_udp'.  Stop." },
	{ "Makefile:2: *** missing separator.  Stop.\n", 0, 0, "Makefile:2: *** missing separator.  Stop." },
	{ "make[1]: *** [Makefile:3: x] Error 1\na.c:2:1: error: late\n", 0, 1, "a.c:2: late" },
	{ "cc1: warning: command-line option\ncc1: error: bad value\n", 1, 1, "cc1: error: bad value" },
	{ "./a.c:4: error: no column", 0, 1, "a.c:4: no column" },
	{ "   12 |   puts(\"a.c:1:1: error: y\"); puts(\"x: warning: z\");\n", 0, 0, NULL },
	{ "a b.c:4:1: error: a name with a blank\n", 0, 1, "a b.c:4: a name with a blank" },
	{ "a.c:1:1: error: red \033[31m and \xff and \"quotes\"\n", 0, 1,
	  "a.c:1: red \\x1b[31m and \\xff and \\\"quotes\\\"" },
	{ "a.c:9:9: warning: \xe2\x80\x98x\xe2\x80\x99 unused\na.c:9:9: error: \xe2\x80\x98x\xe2\x80\x99 "
	  "undeclared\n",
	  1, 1, "a.c:9: \xe2\x80\x98x\xe2\x80\x99 undeclared" },
	{ ":::::::::::12::::\n:", 0, 0, NULL },
};

START_TEST(warnings_and_errors_are_counted_and_the_first_found)
{
	static const size_t pieces[] = { 1, 7, 4096 };
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		CLEANUP(compiler_log_done) struct compiler_log l;
		log_of(&l, bytes_of(logs[_i].text), pieces[i]);
		ck_assert_int_eq(l.warnings, logs[_i].warnings);
		ck_assert_int_eq(l.errors, logs[_i].errors);
		ck_assert_pstr_eq(compiler_log_first_error(&l, &arena), logs[_i].first);
		ck_assert(bytes_equal(compiler_log_kept(&l, &arena), bytes_of(logs[_i].text)));
	}
}
END_TEST

/* n bytes that can be told apart: lines of a number each. */
static struct bytes numbers(size_t n)
{
	char *at = arena_alloc(&arena, n);
	for (size_t i = 0; i < n; i++)
		at[i] = i % 8 == 7 ? '\n' : (char)('0' + (i >> (3 * (i % 8))) % 8);
	return (struct bytes){ at, n };
}

START_TEST(what_fits_is_kept_whole)
{
	struct bytes text = numbers(LOG_FIRST + LOG_LAST);
	CLEANUP(compiler_log_done) struct compiler_log l;
	log_of(&l, text, 5000);
	ck_assert(bytes_equal(compiler_log_kept(&l, &arena), text));
}
END_TEST

START_TEST(of_more_the_beginning_and_the_end_are_kept)
{
	struct bytes text = numbers(3 * 1000 * 1000);
	static const size_t pieces[] = { 1, 999, 65536, 3000000 };
	CLEANUP(compiler_log_done) struct compiler_log l;
	log_of(&l, text, pieces[_i]);
	struct bytes kept = compiler_log_kept(&l, &arena);
	ck_assert_int_eq(l.bytes, (int64_t)text.len);
	ck_assert(bytes_start_with(kept, (struct bytes){ text.at, LOG_FIRST }));
	ck_assert_uint_lt(kept.len, LOG_FIRST + LOG_LAST + 40);
	ck_assert_mem_eq(kept.at + kept.len - LOG_LAST, text.at + text.len - LOG_LAST, LOG_LAST);
	ck_assert_ptr_nonnull(memmem(kept.at, kept.len, "\n[… 2934464 …]\n", strlen("\n[… 2934464 …]\n")));
}
END_TEST

START_TEST(what_is_not_kept_is_counted_all_the_same)
{
	CLEANUP(compiler_log_done) struct compiler_log l = { 0 };
	for (int i = 0; i < 20000; i++)
		compiler_log_add(&l, BYTES_LITERAL("a.c:3:13: warning: unused variable 'x'\n"));
	compiler_log_add(&l, BYTES_LITERAL("a.c:8:1: error: at last\n"));
	for (int i = 0; i < 20000; i++)
		compiler_log_add(&l, BYTES_LITERAL("note\n"));
	compiler_log_close(&l);
	ck_assert_int_eq(l.warnings, 20000);
	ck_assert_str_eq(compiler_log_first_error(&l, &arena), "a.c:8: at last");
}
END_TEST

START_TEST(a_line_without_end_is_cut)
{
	CLEANUP(compiler_log_done) struct compiler_log l = { 0 };
	compiler_log_add(&l, BYTES_LITERAL("a.c:8:1: error: "));
	for (int i = 0; i < 100000; i++)
		compiler_log_add(&l, BYTES_LITERAL("\xe2\x80\x98 x"));
	compiler_log_close(&l);
	const char *first = compiler_log_first_error(&l, &arena);
	ck_assert_int_eq(strncmp(first, "a.c:8: ", 7), 0);
	ck_assert_uint_lt(strlen(first), 1200);
}
END_TEST

START_TEST(bytes_of_every_value_are_kept)
{
	char all[256];
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	struct bytes text = { all, sizeof all };
	CLEANUP(compiler_log_done) struct compiler_log l;
	log_of(&l, text, 3);
	ck_assert(bytes_equal(compiler_log_kept(&l, &arena), text));
	ck_assert_ptr_null(compiler_log_first_error(&l, &arena));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("compiler_log");
	TCase *t = tcase_create("compiler_log");
	tcase_add_checked_fixture(t, NULL, end);
	tcase_add_loop_test(t, warnings_and_errors_are_counted_and_the_first_found, 0, (int)ARRAY_SIZE(logs));
	tcase_add_test(t, what_fits_is_kept_whole);
	tcase_add_loop_test(t, of_more_the_beginning_and_the_end_are_kept, 0, 4);
	tcase_add_test(t, what_is_not_kept_is_counted_all_the_same);
	tcase_add_test(t, a_line_without_end_is_cut);
	tcase_add_test(t, bytes_of_every_value_are_kept);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0;
}

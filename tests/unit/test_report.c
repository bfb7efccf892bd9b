#include "report_fixture.h"

#include "reports/write.h"

#include <errno.h>

static const struct {
	const char *name, *file;
} names[] = {
	{ "alice", "alice" },
	{ "Zoé Müller", "Zoé Müller" },
	{ "", "%" },
	{ ".", "%2E" },
	{ "..", "%2E%2E" },
	{ "../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd" },
	{ "a/b", "a%2Fb" },
	{ "a%2Fb", "a%252Fb" },
	{ "-rf", "%2Drf" },
	{ ".bashrc", "%2Ebashrc" },
	{ "a.c", "a.c" },
	{ "a.", "a%2E" },
	{ " a b ", "%20a b%20" },
	{ "=cmd", "=cmd" },
	{ "a\nb\x1b[2J", "a%0Ab%1B[2J" },
	{ "\xff\xc3", "%FF%C3" },
	{ "\xe2\x80\xae", "%E2%80%AE" },
	{ "x\xc3", "x%C3" },
	{ "C:\\a\"b", "C%3A%5Ca%22b" },
	{ "a~b", "a%7Eb" },
};

START_TEST(file_names_are_safe)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	ck_assert_str_eq(report_file_name(&a, names[_i].name), names[_i].file);
}
END_TEST

START_TEST(long_file_names_stay_unique)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	char one[300];
	char two[300];
	for (size_t len = 195; len < 299; len++) {
		memset(one, 'a', len);
		one[len] = '\0';
		memcpy(two, one, len + 1);
		two[len - 1] = 'b';
		const char *x = report_file_name(&a, one);
		const char *y = report_file_name(&a, two);
		ck_assert_str_ne(x, y);
		ck_assert(strlen(x) <= 200 && strlen(y) <= 200);
		ck_assert((len <= 200) == (strchr(x, '~') == NULL));
	}
	/* a character is never cut */
	for (size_t i = 0; i < 298; i += 2)
		memcpy(one + i, "é", 3);
	const char *cut = report_file_name(&a, one);
	ck_assert_str_eq(show_line(&a, bytes_of(cut)), cut);
	ck_assert_uint_le(strlen(cut), 200);
}
END_TEST

START_TEST(kinds_are_found_by_name)
{
	static const char *const expected[] = { "text", "student", "json" };
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		ck_assert_str_eq(report_kinds[i]->name, expected[i]);
		ck_assert_ptr_eq(report_kind_named(expected[i]), report_kinds[i]);
	}
	ck_assert_ptr_null(report_kinds[3]);
	ck_assert_ptr_null(report_kind_named("csv"));
}
END_TEST

START_TEST(a_full_disk_is_a_fault)
{
	static struct fixture_sheet x;
	fixture_good(&x, "alice");
	for (size_t i = 0; report_kinds[i] != NULL; i++) {
		FILE *out = fopen("/dev/full", "w");
		struct report r;
		struct fault f;
		struct report_options o = { .lang = LANG_FR };
		ck_assert_ptr_nonnull(out);
		report_begin(&r, report_kinds[i], out, &fixture_spec, &o);
		for (int k = 0; k < 1000; k++)
			report_add(&r, &x.sheet);
		ck_assert_int_eq(report_end(&r, &f), -1);
		ck_assert_int_eq(f.kind, FAULT_SYSTEM);
		ck_assert_ptr_nonnull(strstr(f.text, "report cannot be written"));
		(void)fclose(out);
	}
}
END_TEST

static char *wrapped(const char *text, size_t width, size_t column, size_t indent)
{
	char *out = NULL;
	size_t len = 0;
	struct report r = { .out = open_memstream(&out, &len), .options = { .width = width } };
	write_wrapped(&r, text, column, indent);
	ck_assert_int_eq(fclose(r.out), 0);
	return out;
}

START_TEST(lines_are_broken_at_blanks)
{
	fixture_same(wrapped("", 10, 0, 0), "\n");
	fixture_same(wrapped("aaa bbb ccc ddd", 7, 0, 0), "aaa bbb\nccc ddd\n");
	fixture_same(wrapped("aaa bbb ccc", 7, 0, 2), "aaa bbb\n  ccc\n");
	fixture_same(wrapped("aaa bbb ccc", 0, 0, 2), "aaa bbb ccc\n");
	fixture_same(wrapped("aaaaaaaaaaaa b", 7, 0, 0), "aaaaaaaaaaaa\nb\n");
	fixture_same(wrapped("a  b", 7, 0, 0), "a  b\n");
	fixture_same(wrapped("a\nb\n", 7, 2, 2), "a\n  b\n");
	fixture_same(wrapped("é é é é", 7, 0, 0), "é é é é\n");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("report");
	TCase *t = tcase_create("report");
	suite_add_tcase(s, t);
	tcase_add_loop_test(t, file_names_are_safe, 0, ARRAY_SIZE(names));
	tcase_add_test(t, long_file_names_stay_unique);
	tcase_add_test(t, kinds_are_found_by_name);
	tcase_add_test(t, a_full_disk_is_a_fault);
	tcase_add_test(t, lines_are_broken_at_blanks);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}

#include "report_fixture.h"

#include <jansson.h>
#include <stdio.h>

static struct fixture_sheet alice, bob, carl;
static const struct report_options options = { .lang = LANG_FR };

static void make_sheets(void)
{
	fixture_good(&alice, "alice");
	fixture_partial(&bob, "bob");
	fixture_ungraded(&carl, "carl");
}

#define HEAD                                                                                                 \
	"{\"grader\":\"" GRADER_VERSION                                                                      \
	"\",\n\"spec\":{\"id\":\"tp3\",\"hash\":\"abc123\"},\n\"submissions\":["

START_TEST(no_submission)
{
	fixture_same(fixture_write("json", options, &fixture_spec, NO_SHEETS), HEAD "\n]}\n");
}
END_TEST

#define FAIL                                                                                                 \
	"\"outcome\":\"fail\",\"message\":{\"fr\":\"attendu \\\"a\\\\0b\\\", re\\u00E7u \\\"a\\\"\","        \
	"\"en\":\"expected \\\"a\\\\0b\\\", got \\\"a\\\"\"},\"seconds\":0.0015}"
#define PASS "\"outcome\":\"pass\",\"message\":{\"fr\":\"\",\"en\":\"\"},\"seconds\":0.0015}"
#define NOT_RUN                                                                                              \
	"\"outcome\":\"not-run\",\"message\":{\"fr\":\"client_udp ne compile pas\",\"en\":\"client_udp "     \
	"does not compile\"},"                                                                               \
	"\"seconds\":0.0}"

START_TEST(a_submission_is_written_exactly)
{
	fixture_same(
		fixture_write("json", options, &fixture_spec, SHEETS(&bob.sheet)), HEAD
		"\n"
		"{\"name\":\"bob\",\"mark\":14.25,\"total\":20.0,\"graded\":true,\"rubric\":["
		"{\"id\":\"echo\",\"points\":2.0,\"earned\":2.0,\"graded\":true},"
		"{\"id\":\"bytes\",\"points\":2.0,\"earned\":0.25,\"graded\":true},"
		"{\"id\":\"client-request\",\"points\":16.0,\"earned\":12.0,\"graded\":true}],\"cases\":["
		"{\"id\":\"echo\",\"rubric\":\"echo\"," PASS ","
		"{\"id\":\"bytes-nul\",\"rubric\":\"bytes\"," FAIL ","
		"{\"id\":\"bytes-ff\",\"rubric\":\"bytes\"," FAIL ","
		"{\"id\":\"bytes-long\",\"rubric\":\"bytes\"," FAIL ","
		"{\"id\":\"request\",\"rubric\":\"client-request\"," NOT_RUN "],\"builds\":["
		"{\"program\":\"serveur_udp\",\"built\":true,\"warnings\":2,\"first_error\":null,"
		"\"log\":\"a.c:1: warning: \\\\x1b[31mred\\\\x1b[0m \\\\xff\\n\\tx\\nlast\"},"
		"{\"program\":\"client_udp\",\"built\":false,\"warnings\":0,"
		"\"first_error\":\"client_udp.c:3: error: expected ';'\","
		"\"log\":\"client_udp.c:3: error: expected ';'\\n\"}],"
		"\"remarks\":[],\"faults\":[]}\n]}\n");
}
END_TEST

START_TEST(what_is_not_graded_says_so)
{
	char *text = fixture_write("json", options, &fixture_spec, SHEETS(&alice.sheet, &carl.sheet));
	ck_assert_ptr_nonnull(
		strstr(text, "\"name\":\"carl\",\"mark\":4.0,\"total\":20.0,\"graded\":false,"));
	ck_assert_ptr_nonnull(
		strstr(text, "{\"id\":\"client-request\",\"points\":16.0,\"earned\":0.0,\"graded\":false}"));
	ck_assert_ptr_nonnull(strstr(
		text,
		"\"remarks\":[{\"fr\":\"3 liens symboliques ignor\\u00E9s\",\"en\":\"3 symbolic links "
		"ignored\"}],"
		"\"faults\":[{\"kind\":\"worker\",\"text\":\"request: worker killed by signal 9\"}]}\n]}\n"));
	json_error_t e;
	json_t *back = json_loads(text, JSON_REJECT_DUPLICATES, &e);
	ck_assert_msg(back != NULL, "%s", e.text);
	ck_assert_uint_eq(json_array_size(json_object_get(back, "submissions")), 2);
	json_decref(back);
	free(text);
}
END_TEST

START_TEST(every_hundredth_is_written_exactly)
{
	for (int64_t centi = 0; centi <= 10000; centi++) {
		char expected[40];
		alice.sheet.mark = centi;
		char *text = fixture_write("json", options, &fixture_spec, SHEETS(&alice.sheet));
		if (centi % 10 != 0)
			(void)snprintf(expected, sizeof expected, "\"mark\":%d.%02d,", (int)centi / 100,
				       (int)centi % 100);
		else
			(void)snprintf(expected, sizeof expected, "\"mark\":%d.%d,", (int)centi / 100,
				       (int)centi % 100 / 10);
		ck_assert_msg(strstr(text, expected) != NULL, "%s in %s", expected, text);
		free(text);
	}
}
END_TEST

START_TEST(hostile_names_come_back_as_they_were)
{
	static const char printable[] = "-=cmd|'/C calc'!A0\n\x1b[2J\xe2\x80\xae\"</script>é";
	alice.sheet.name = printable;
	bob.sheet.name = hostile_name; /* with a byte that is no UTF-8 */
	char *text = fixture_write("json", options, &fixture_spec, SHEETS(&alice.sheet, &bob.sheet));
	for (const char *at = text; *at != '\0'; at++)
		ck_assert(*at == '\n' || (*at >= ' ' && *at < 0x7f));
	json_t *back = json_loads(text, 0, NULL);
	json_t *list = json_object_get(back, "submissions");
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(list, 0), "name")), printable);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(list, 1), "name")),
			 "-=cmd|'/C calc'!A0\n\\x1b[2J\\xff\\xe2\\x80\\xae\"</script>é");
	json_decref(back);
	free(text);
}
END_TEST

START_TEST(a_student_does_not_read_hidden_cases)
{
	struct report_options o = { .for_student = true };
	bob.cases[3].verdict.message = (struct text2){ "le secret", "the secret" };
	char *text = fixture_write("json", o, &fixture_spec, SHEETS(&bob.sheet));
	ck_assert_ptr_null(strstr(text, "secret"));
	ck_assert_ptr_nonnull(
		strstr(text, "\"message\":{\"fr\":\"cas cach\\u00E9\",\"en\":\"hidden case\"}"));
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("report_json");
	TCase *t = tcase_create("report_json");
	tcase_add_checked_fixture(t, make_sheets, NULL);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	tcase_add_test(t, no_submission);
	tcase_add_test(t, a_submission_is_written_exactly);
	tcase_add_test(t, what_is_not_graded_says_so);
	tcase_add_test(t, every_hundredth_is_written_exactly);
	tcase_add_test(t, hostile_names_come_back_as_they_were);
	tcase_add_test(t, a_student_does_not_read_hidden_cases);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}

#include "report_fixture.h"

static struct fixture_sheet alice, bob, carl;

static void make_sheets(void)
{
	fixture_good(&alice, "alice");
	fixture_partial(&bob, "bob");
	fixture_ungraded(&carl, "carl");
}

START_TEST(a_class_in_french)
{
	struct report_options o = { .lang = LANG_FR };
	fixture_same(fixture_write("text", o, &fixture_spec, SHEETS(&alice.sheet, &bob.sheet, &carl.sheet)),
		     "tp3 — UDP : serveur et client\n"
		     "\n"
		     "Rendu                         Note   echo  bytes  client-request\n"
		     "                               /20     /2     /2             /16\n"
		     "alice                        20,00   2,00   2,00           16,00\n"
		     "bob                          14,25   2,00   0,25           12,00\n"
		     "    client_udp ne compile pas : client_udp.c:3: error: expected ';'\n"
		     "carl                      non noté   2,00   2,00               —\n"
		     "    remarque : 3 liens symboliques ignorés\n"
		     "    incident du correcteur : request: worker killed by signal 9\n"
		     "\n"
		     "Moyenne                      17,13   2,00   1,42           14,00\n"
		     "Médiane                      17,13\n"
		     "\n"
		     "Rendus : 3, notés : 2\n"
		     "Non notés : 1. Le correcteur n'a pas pu faire son travail ; ce n'est pas un zéro. La "
		     "même commande les reprend.\n");
}
END_TEST

START_TEST(a_class_in_english_and_compact)
{
	struct report_options o = { .lang = LANG_EN, .width = 58 };
	fixture_same(fixture_write("text", o, &fixture_spec, SHEETS(&alice.sheet, &bob.sheet, &carl.sheet)),
		     "tp3 — UDP: server and client\n"
		     "\n"
		     "Submission                    Mark  Points lost\n"
		     "                               /20\n"
		     "alice                        20.00\n"
		     "bob                          14.25  bytes -1.75,\n"
		     "      client-request -4\n"
		     "    client_udp does not compile: client_udp.c:3: error:\n"
		     "      expected ';'\n"
		     "carl                    not graded  client-request not\n"
		     "      graded\n"
		     "    remark: 3 symbolic links ignored\n"
		     "    grader fault: request: worker killed by signal 9\n"
		     "\n"
		     "Mean                         17.13  echo 2/2, bytes\n"
		     "      1.42/2, client-request 14/16\n"
		     "Median                       17.13\n"
		     "\n"
		     "Submissions: 3, graded: 2\n"
		     "Not graded: 1. The grader could not do its work; this is no zero. The same command "
		     "takes them up again.\n");
}
END_TEST

START_TEST(no_submission)
{
	struct report_options o = { .lang = LANG_FR };
	fixture_same(fixture_write("text", o, &fixture_spec, NO_SHEETS),
		     "tp3 — UDP : serveur et client\n"
		     "\n"
		     "Rendu                         Note   echo  bytes  client-request\n"
		     "                               /20     /2     /2             /16\n"
		     "\n"
		     "Aucun rendu.\n");
}
END_TEST

START_TEST(nobody_is_graded)
{
	struct report_options o = { .lang = LANG_EN };
	fixture_same(fixture_write("text", o, &fixture_spec, SHEETS(&carl.sheet)),
		     "tp3 — UDP: server and client\n"
		     "\n"
		     "Submission                    Mark   echo  bytes  client-request\n"
		     "                               /20     /2     /2             /16\n"
		     "carl                    not graded   2.00   2.00               —\n"
		     "    remark: 3 symbolic links ignored\n"
		     "    grader fault: request: worker killed by signal 9\n"
		     "\n"
		     "Submissions: 1, graded: 0\n"
		     "Not graded: 1. The grader could not do its work; this is no zero. The same command "
		     "takes them up again.\n");
}
END_TEST

START_TEST(hostile_names_are_escaped)
{
	struct report_options o = { .lang = LANG_FR };
	alice.sheet.name = hostile_name;
	fixture_same(fixture_write("text", o, &fixture_spec, SHEETS(&alice.sheet)),
		     "tp3 — UDP : serveur et client\n"
		     "\n"
		     "Rendu                         Note   echo  bytes  client-request\n"
		     "                               /20     /2     /2             /16\n"
		     "-=cmd|'/C calc'!A0\\n\\x1b[2J\\xff\\xe2\\x80\\xae\"</script>é\n"
		     "                             20,00   2,00   2,00           16,00\n"
		     "\n"
		     "Moyenne                      20,00   2,00   2,00           16,00\n"
		     "Médiane                      20,00\n"
		     "\n"
		     "Rendus : 1, notés : 1\n");
}
END_TEST

START_TEST(colours_only_when_asked_for)
{
	struct report_options o = { .lang = LANG_EN, .colour = true, .width = 40 };
	fixture_same(fixture_write("text", o, &fixture_spec, SHEETS(&alice.sheet, &carl.sheet)),
		     "\033[1mtp3 — UDP: server and client\033[0m\n"
		     "\n"
		     "Submission                    Mark  Points lost\n"
		     "                               /20\n"
		     "alice                   \033[32m     20.00\033[0m\n"
		     "carl                    \033[33mnot graded\033[0m\n"
		     "      client-request not graded\n"
		     "    remark: 3 symbolic links ignored\n"
		     "    grader fault: request: worker killed\n"
		     "      by signal 9\n"
		     "\n"
		     "Mean                         20.00  echo\n"
		     "      2/2, bytes 2/2, client-request\n"
		     "      16/16\n"
		     "Median                       20.00\n"
		     "\n"
		     "Submissions: 2, graded: 1\n"
		     "Not graded: 1. The grader could not do its work; this is no zero. The same command "
		     "takes them up again.\n");
}
END_TEST

START_TEST(median_of_an_even_class_is_rounded_half_up)
{
	struct report_options o = { .lang = LANG_EN, .width = 40 };
	alice.sheet.mark = 1426;
	char *text = fixture_write("text", o, &fixture_spec, SHEETS(&alice.sheet, &bob.sheet));
	ck_assert_msg(strstr(text, "Median                       14.26\n") != NULL, "%s", text);
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("report_text");
	TCase *t = tcase_create("report_text");
	tcase_add_checked_fixture(t, make_sheets, NULL);
	suite_add_tcase(s, t);
	tcase_add_test(t, a_class_in_french);
	tcase_add_test(t, a_class_in_english_and_compact);
	tcase_add_test(t, no_submission);
	tcase_add_test(t, nobody_is_graded);
	tcase_add_test(t, hostile_names_are_escaped);
	tcase_add_test(t, colours_only_when_asked_for);
	tcase_add_test(t, median_of_an_even_class_is_rounded_half_up);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}

#include "report_fixture.h"

static struct fixture_sheet alice, bob, carl;

static void make_sheets(void)
{
	fixture_good(&alice, "alice");
	fixture_partial(&bob, "bob");
	fixture_ungraded(&carl, "carl");
}

START_TEST(all_passes)
{
	struct report_options o = { .lang = LANG_FR, .width = 80 };
	fixture_same(fixture_write("student", o, &fixture_spec, SHEETS(&alice.sheet)),
		     "tp3 — UDP : serveur et client\n"
		     "Rendu : alice\n"
		     "\n"
		     "Note : 20 / 20\n"
		     "\n"
		     "Compilation\n"
		     "  serveur_udp : compilé\n"
		     "  client_udp : compilé\n"
		     "\n"
		     "Barème\n"
		     "  ✓ echo              2 / 2       Un datagramme revient à son expéditeur\n"
		     "  ✓ bytes             2 / 2       Octet pour octet\n"
		     "  ✓ client-request    16 / 16\n");
}
END_TEST

START_TEST(for_the_teacher_in_french)
{
	struct report_options o = { .lang = LANG_FR, .width = 80 };
	fixture_same(fixture_write("student", o, &fixture_spec, SHEETS(&bob.sheet)),
		     "tp3 — UDP : serveur et client\n"
		     "Rendu : bob\n"
		     "\n"
		     "Note : 14,25 / 20\n"
		     "\n"
		     "Compilation\n"
		     "  serveur_udp : compilé, 2 avertissements\n"
		     "    | a.c:1: warning: \\x1b[31mred\\x1b[0m \\xff\n"
		     "    | \tx\n"
		     "    | last\n"
		     "  client_udp : ne compile pas : client_udp.c:3: error: expected ';'\n"
		     "    | client_udp.c:3: error: expected ';'\n"
		     "\n"
		     "Barème\n"
		     "  ✓ echo              2 / 2       Un datagramme revient à son expéditeur\n"
		     "  ~ bytes             0,25 / 2    Octet pour octet\n"
		     "      ✗ bytes-nul (Un octet nul), bytes-ff, bytes-long : attendu \"a\\0b\", reçu\n"
		     "        \"a\"\n"
		     "      Piste : Combien d'octets recvfrom a-t-il rendus ?\n"
		     "      Piste : Piste cachée\n"
		     "  ~ client-request    12 / 16\n"
		     "      – request : client_udp ne compile pas\n");
}
END_TEST

START_TEST(for_the_student_in_english)
{
	struct report_options o = { .lang = LANG_EN, .for_student = true };
	fixture_same(fixture_write("student", o, &fixture_spec, SHEETS(&bob.sheet)),
		     "tp3 — UDP: server and client\n"
		     "Submission: bob\n"
		     "\n"
		     "Mark: 14.25 / 20\n"
		     "\n"
		     "Compilation\n"
		     "  serveur_udp: compiled, 2 warnings\n"
		     "    | a.c:1: warning: \\x1b[31mred\\x1b[0m \\xff\n"
		     "    | \tx\n"
		     "    | last\n"
		     "  client_udp: does not compile: client_udp.c:3: error: expected ';'\n"
		     "    | client_udp.c:3: error: expected ';'\n"
		     "\n"
		     "Rubric\n"
		     "  ✓ echo              2 / 2       A datagram comes back to its sender\n"
		     "  ~ bytes             0.25 / 2    Byte for byte\n"
		     "      ✗ bytes-nul (A NUL byte), bytes-ff: expected \"a\\0b\", got \"a\"\n"
		     "      ✗ hidden cases that do not pass: 1\n"
		     "      Hint: How many bytes did recvfrom return?\n"
		     "  ~ client-request    12 / 16\n"
		     "      – request: client_udp does not compile\n");
}
END_TEST

START_TEST(what_is_not_graded_has_no_mark)
{
	struct report_options o = { .lang = LANG_FR, .width = 80 };
	fixture_same(fixture_write("student", o, &fixture_spec, SHEETS(&carl.sheet)),
		     "tp3 — UDP : serveur et client\n"
		     "Rendu : carl\n"
		     "\n"
		     "Note : pas encore établie\n"
		     "Un incident du correcteur, qui ne vient pas de ce rendu, a empêché de noter une\n"
		     "partie du barème. Ce n'est pas un zéro : le rendu sera repris.\n"
		     "\n"
		     "Remarques\n"
		     "  3 liens symboliques ignorés\n"
		     "\n"
		     "Compilation\n"
		     "  serveur_udp : compilé\n"
		     "  client_udp : compilé\n"
		     "\n"
		     "Barème\n"
		     "  ✓ echo              2 / 2       Un datagramme revient à son expéditeur\n"
		     "  ✓ bytes             2 / 2       Octet pour octet\n"
		     "  ? client-request    non noté\n"
		     "      ? request : worker killed by signal 9\n"
		     "\n"
		     "Incidents du correcteur\n"
		     "  request: worker killed by signal 9\n");
}
END_TEST

START_TEST(the_student_sees_no_fault_of_our_machine)
{
	struct report_options o = { .lang = LANG_FR, .for_student = true };
	char *text = fixture_write("student", o, &fixture_spec, SHEETS(&carl.sheet));
	ck_assert_ptr_null(strstr(text, "signal 9"));
	ck_assert_ptr_nonnull(strstr(text, "? request : non noté (incident du correcteur)\n"));
	free(text);
}
END_TEST

START_TEST(hostile_bytes_are_escaped)
{
	struct report_options o = { .lang = LANG_EN };
	alice.sheet.name = hostile_name;
	alice.cases[0].verdict = (struct verdict){ OUTCOME_FAIL, { "", "got\n\x1b[2J \xff" } };
	alice.builds[0].warnings = 1;
	alice.builds[0].log = BYTES_LITERAL("\x1b]0;title\a\r\n\0\n");
	char *text = fixture_write("student", o, &fixture_spec, SHEETS(&alice.sheet));
	for (const char *at = text; *at != '\0'; at++)
		ck_assert(*at == '\n' || (unsigned char)*at >= ' ');
	ck_assert_ptr_nonnull(
		strstr(text, "Submission: -=cmd|'/C calc'!A0\\n\\x1b[2J\\xff\\xe2\\x80\\xae\"</script>é\n"));
	ck_assert_ptr_nonnull(strstr(text, "✗ echo: got\n        \\x1b[2J \\xff\n"));
	ck_assert_ptr_nonnull(strstr(text, "    | \\x1b]0;title\\x07\\r\n    | \\0\n"));
	free(text);
}
END_TEST

START_TEST(a_long_log_is_cut)
{
	CLEANUP(buf_done) struct buf log = { 0 };
	struct report_options o = { .lang = LANG_FR };
	for (int i = 0; i < 45; i++)
		buf_printf(&log, "line %d\n", i);
	alice.builds[0].warnings = 45;
	alice.builds[0].log = buf_bytes(&log);
	char *text = fixture_write("student", o, &fixture_spec, SHEETS(&alice.sheet));
	ck_assert_ptr_nonnull(strstr(text, "    | line 39\n    | … et 5 lignes de plus\n"));
	ck_assert_ptr_null(strstr(text, "line 40"));
	free(text);
}
END_TEST

START_TEST(two_submissions_are_kept_apart)
{
	struct report_options o = { .lang = LANG_EN, .colour = true };
	char *text = fixture_write("student", o, &fixture_spec, SHEETS(&alice.sheet, &bob.sheet));
	ck_assert_ptr_nonnull(
		strstr(text, "\n\n----\n\n\033[1mtp3 — UDP: server and client\033[0m\nSubmission: bob\n"));
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("report_student");
	TCase *t = tcase_create("report_student");
	tcase_add_checked_fixture(t, make_sheets, NULL);
	suite_add_tcase(s, t);
	tcase_add_test(t, all_passes);
	tcase_add_test(t, for_the_teacher_in_french);
	tcase_add_test(t, for_the_student_in_english);
	tcase_add_test(t, what_is_not_graded_has_no_mark);
	tcase_add_test(t, the_student_sees_no_fault_of_our_machine);
	tcase_add_test(t, hostile_bytes_are_escaped);
	tcase_add_test(t, a_long_log_is_cut);
	tcase_add_test(t, two_submissions_are_kept_apart);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}

/* Submissions are found: which path means what, names as people read them, what is left out. */
#include "plan/submissions.h"

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

#include "plan/names.h"

static char top[40];
static struct arena arena;
static struct program programs[] = { { .name = "serveur_udp" }, { .name = "client_udp" } };
static struct spec spec = { .id = "tp3", .programs = programs, .n_programs = 2 };
static struct submissions found;
static struct fault fault;

static void start(void)
{
	(void)snprintf(top, sizeof top,
		       "/tmp/test_submissions.XXXXXX"); /* anew: without fork all tests share it */
	ck_assert_ptr_nonnull(mkdtemp(top));
	programs[0].sources = (struct texts){ 0 };
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static void end(void)
{
	(void)nftw(top, remove_one, 20, FTW_DEPTH | FTW_PHYS);
	arena_done(&arena);
}

static const char *in_top(const char *path)
{
	return arena_printf(&arena, "%s/%s", top, path);
}

static void folder(const char *path)
{
	ck_assert_msg(mkdir(in_top(path), 0755) == 0, "mkdir %s", path);
}

static void file(const char *path)
{
	int fd = open(in_top(path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	ck_assert_msg(fd >= 0, "create %s", path);
	ck_assert_int_eq(close(fd), 0);
}

static int find(const char *path, enum folder_is how)
{
	found = (struct submissions){ 0 };
	return submissions_find(&arena, path, &spec, how, &found, &fault);
}

/* "a b c": the names of what was found at the top, guessing. */
static const char *names_found(void)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	ck_assert_int_eq(find(top, FOLDER_GUESS), 0);
	for (size_t i = 0; i < found.n; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : " ", found.at[i].name);
	return arena_copy(&arena, b.at, b.len);
}

static const char *top_name(void)
{
	return strrchr(top, '/') + 1;
}

static void assert_remark(const char *english)
{
	for (size_t i = 0; i < found.n_remarks; i++) {
		ck_assert_ptr_nonnull(found.remarks[i].fr);
		if (strstr(found.remarks[i].en, english) != NULL)
			return;
	}
	ck_abort_msg("no remark holds: %s", english);
}

START_TEST(a_folder_of_folders_is_a_class_sorted_by_bytes)
{
	folder("zoe");
	folder("alice");
	folder("Bob");
	file("alice/serveur_udp.c");
	file("zoe/serveur_udp.c");
	ck_assert_str_eq(names_found(), "Bob alice zoe");
	ck_assert_str_eq(found.at[1].path, in_top("alice"));
	ck_assert(!found.at[1].said);
	ck_assert_uint_eq(found.n_remarks, 0);
}
END_TEST

START_TEST(an_empty_folder_in_a_class_is_a_submission)
{
	folder("alice");
	folder("bob");
	ck_assert_str_eq(names_found(), "alice bob");
}
END_TEST

START_TEST(a_folder_with_a_wanted_source_is_one_submission)
{
	file("client_udp.c");
	folder("old");
	folder("new");
	ck_assert_str_eq(names_found(), top_name());
	ck_assert_str_eq(found.at[0].path, top);
	ck_assert(found.at[0].said);
}
END_TEST

START_TEST(a_folder_with_a_makefile_is_one_submission)
{
	file("GNUmakefile");
	folder("serveur");
	folder("client");
	file("serveur/serveur_udp.c");
	file("client/client_udp.c");
	ck_assert_str_eq(names_found(), top_name());
}
END_TEST

START_TEST(the_teachers_makefile_does_not_turn_a_class_into_one_submission)
{
	file("Makefile");
	folder("alice");
	folder("bob");
	file("alice/serveur_udp.c");
	file("bob/serveur_udp.c");
	ck_assert_str_eq(names_found(), "alice bob");
	assert_remark("files outside any submission, left out: \"Makefile\"");
}
END_TEST

START_TEST(a_class_of_one_bears_the_students_name)
{
	folder("dupont jean");
	file("dupont jean/serveur_udp.c");
	ck_assert_str_eq(names_found(), "dupont jean");
}
END_TEST

START_TEST(a_class_of_one_who_left_the_folder_empty_is_a_class)
{
	folder("dupont");
	ck_assert_str_eq(names_found(), "dupont");
}
END_TEST

START_TEST(a_submission_whose_only_folder_is_src_is_one)
{
	folder("src");
	file("src/serveur_udp.c");
	ck_assert_str_eq(names_found(), top_name());
}
END_TEST

START_TEST(a_submission_with_src_and_doc_is_one)
{
	folder("src");
	folder("Doc");
	folder("TP3");
	folder("client_udp");
	ck_assert_str_eq(names_found(), top_name());
}
END_TEST

START_TEST(a_lone_folder_beside_a_wrongly_named_source_is_one_submission)
{
	folder("essais");
	file("serveur.c");
	ck_assert_str_eq(names_found(), top_name());
}
END_TEST

START_TEST(a_folder_of_wrongly_named_sources_is_one_submission)
{
	file("Serveur.C");
	ck_assert_str_eq(names_found(), top_name());
}
END_TEST

START_TEST(an_empty_folder_is_a_class_of_nobody)
{
	ck_assert_str_eq(names_found(), "");
	assert_remark("no submission");
}
END_TEST

START_TEST(archives_that_nobody_unpacked_are_no_submission)
{
	file("dupont.zip");
	file("martin.zip");
	ck_assert_str_eq(names_found(), "");
	assert_remark("\"dupont.zip\", \"martin.zip\"");
}
END_TEST

START_TEST(the_caller_may_know_better_than_the_guess)
{
	folder("alice");
	folder("bob");
	ck_assert_int_eq(find(top, FOLDER_ONE), 0);
	ck_assert_uint_eq(found.n, 1);
	folder("src");
	file("serveur_udp.c");
	ck_assert_int_eq(find(top, FOLDER_CLASS), 0);
	ck_assert_uint_eq(found.n, 3);
}
END_TEST

START_TEST(a_single_c_file_is_a_submission)
{
	file("serveur_udp.c");
	ck_assert_int_eq(find(in_top("serveur_udp.c"), FOLDER_GUESS), 0);
	ck_assert_uint_eq(found.n, 1);
	ck_assert(found.at[0].is_file);
	ck_assert_str_eq(found.at[0].name, "serveur_udp.c");
}
END_TEST

START_TEST(other_files_and_missing_paths_are_refused)
{
	file("notes.txt");
	file("util.h");
	ck_assert_int_eq(find(in_top("notes.txt"), FOLDER_GUESS), -1);
	ck_assert_int_eq(fault.kind, FAULT_INPUT);
	ck_assert_int_eq(find(in_top("util.h"), FOLDER_GUESS), -1);
	ck_assert_int_eq(find(in_top("no\nwhere"), FOLDER_GUESS), -1);
	ck_assert_int_eq(fault.kind, FAULT_INPUT);
	ck_assert_ptr_nonnull(strstr(fault.text, "no\\x0awhere"));
	ck_assert_int_eq(find("", FOLDER_GUESS), -1);
}
END_TEST

START_TEST(hidden_folders_links_and_loose_files_are_left_out_and_said)
{
	folder("alice");
	folder("bob");
	folder(".git");
	folder("__MACOSX");
	folder(".secret");
	file("notes.csv");
	file(".DS_Store");
	ck_assert_int_eq(symlink("alice", in_top("carol")), 0);
	ck_assert_int_eq(symlink("/etc/passwd", in_top("passwd.c")), 0);
	ck_assert_int_eq(mkfifo(in_top("pipe"), 0600), 0);
	ck_assert_str_eq(names_found(), "alice bob");
	assert_remark("hidden folders, left out: \".secret\"");
	assert_remark("files outside any submission, left out: \"notes.csv\"");
	assert_remark("symbolic links, not followed: \"carol\", \"passwd.c\"");
	assert_remark("\"pipe\"");
	ck_assert_uint_eq(found.n_remarks, 4);
}
END_TEST

START_TEST(the_name_does_not_depend_on_how_the_path_is_written)
{
	file("serveur_udp.c");
	const char *const ways[] = { "", "/", "///", "/.", "/./" };
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		ck_assert_int_eq(find(arena_printf(&arena, "%s%s", top, ways[i]), FOLDER_GUESS), 0);
		ck_assert_str_eq(found.at[0].name, top_name());
	}
	ck_assert_int_eq(chdir(top), 0);
	ck_assert_int_eq(find(".", FOLDER_GUESS), 0);
	ck_assert_str_eq(found.at[0].name, top_name());
	ck_assert_int_eq(find("serveur_udp.c", FOLDER_GUESS), 0);
	ck_assert_str_eq(found.at[0].name, "serveur_udp.c");
	ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(a_link_that_was_given_is_followed)
{
	folder("real");
	file("real/serveur_udp.c");
	ck_assert_int_eq(symlink("real", in_top("given")), 0);
	ck_assert_int_eq(find(in_top("given"), FOLDER_GUESS), 0);
	ck_assert_str_eq(found.at[0].name, "given");
}
END_TEST

/* raw name of a folder, its name in reports */
static const struct {
	const char *raw, *shown;
} odd_names[] = {
	{ "with blanks  in it", "with blanks  in it" },
	{ "O'Brien \"Bob\"", "O'Brien \"Bob\"" },
	{ "new\nline", "new\\x0aline" },
	{ "new\\x0aline", "new\\x5cx0aline" },
	{ "back\\slash", "back\\slash" },
	{ "\033[31mred", "\\x1b[31mred" },
	{ "Zoé Müller-Ångström", "Zoé Müller-Ångström" },
	{ "Zo\xe9", "Zo\\xe9" },
	{ "turned\xe2\x80\xae round", "turned\\xe2\\x80\\xae round" },
	{ "-rf", "-rf" },
	{ "--help", "--help" },
	{ "~", "~" },
	{ "$(reboot)", "$(reboot)" },
	{ "a..b", "a..b" },
	{ "%s%n", "%s%n" },
	{ " ", " " },
};

START_TEST(odd_names_are_kept_raw_and_shown_as_one_line)
{
	folder(odd_names[_i].raw);
	folder("0");
	(void)names_found();
	ck_assert_uint_eq(found.n, 2);
	const struct submission *s = strcmp(found.at[0].name, "0") == 0 ? &found.at[1] : &found.at[0];
	ck_assert_str_eq(s->name, odd_names[_i].shown);
	ck_assert_str_eq(s->path, in_top(odd_names[_i].raw));
}
END_TEST

START_TEST(a_name_of_255_bytes_is_kept)
{
	char name[256];
	memset(name, 'n', 255);
	name[255] = '\0';
	folder(name);
	ck_assert_str_eq(names_found(), name);
}
END_TEST

START_TEST(three_dots_are_a_hidden_folder)
{
	folder("alice");
	folder("bob");
	folder("...");
	folder("..x");
	ck_assert_str_eq(names_found(), "alice bob");
	assert_remark("\"..x\"");
}
END_TEST

START_TEST(five_thousand_submissions_cost_little_memory)
{
	for (int i = 0; i < 5000; i++)
		folder(arena_printf(&arena, "student-%04d", i));
	ck_assert_int_eq(find(top, FOLDER_GUESS), 0);
	ck_assert_uint_eq(found.n, 5000);
	ck_assert_str_eq(found.at[4999].name, "student-4999");
	struct arena all = { 0 };
	ck_assert_int_eq(submissions_find(&all, top, &spec, FOLDER_GUESS, &found, &fault), 0);
	arena_done(&all);
}
END_TEST

START_TEST(sources_told_by_the_spec_are_the_wanted_ones)
{
	static const char *sources[] = { "main.c", "util.c", NULL };
	programs[0].sources = (struct texts){ sources, 2 };
	file("util.c");
	folder("alice");
	folder("bob");
	ck_assert_str_eq(names_found(), top_name());
}
END_TEST

int main(void)
{
	Suite *s = suite_create("submissions");
	TCase *t = tcase_create("submissions");
	tcase_add_checked_fixture(t, start, end);
	tcase_add_test(t, a_folder_of_folders_is_a_class_sorted_by_bytes);
	tcase_add_test(t, an_empty_folder_in_a_class_is_a_submission);
	tcase_add_test(t, a_folder_with_a_wanted_source_is_one_submission);
	tcase_add_test(t, a_folder_with_a_makefile_is_one_submission);
	tcase_add_test(t, the_teachers_makefile_does_not_turn_a_class_into_one_submission);
	tcase_add_test(t, a_class_of_one_bears_the_students_name);
	tcase_add_test(t, a_class_of_one_who_left_the_folder_empty_is_a_class);
	tcase_add_test(t, a_submission_whose_only_folder_is_src_is_one);
	tcase_add_test(t, a_submission_with_src_and_doc_is_one);
	tcase_add_test(t, a_lone_folder_beside_a_wrongly_named_source_is_one_submission);
	tcase_add_test(t, a_folder_of_wrongly_named_sources_is_one_submission);
	tcase_add_test(t, an_empty_folder_is_a_class_of_nobody);
	tcase_add_test(t, archives_that_nobody_unpacked_are_no_submission);
	tcase_add_test(t, the_caller_may_know_better_than_the_guess);
	tcase_add_test(t, a_single_c_file_is_a_submission);
	tcase_add_test(t, other_files_and_missing_paths_are_refused);
	tcase_add_test(t, hidden_folders_links_and_loose_files_are_left_out_and_said);
	tcase_add_test(t, the_name_does_not_depend_on_how_the_path_is_written);
	tcase_add_test(t, a_link_that_was_given_is_followed);
	tcase_add_loop_test(t, odd_names_are_kept_raw_and_shown_as_one_line, 0, (int)ARRAY_SIZE(odd_names));
	tcase_add_test(t, a_name_of_255_bytes_is_kept);
	tcase_add_test(t, three_dots_are_a_hidden_folder);
	tcase_add_test(t, five_thousand_submissions_cost_little_memory);
	tcase_add_test(t, sources_told_by_the_spec_are_the_wanted_ones);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0;
}

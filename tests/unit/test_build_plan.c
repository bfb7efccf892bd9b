/* The plan of a build: which command, which environment, what replaces the compiler, and what its key depends on. */
#include "plan/build_plan.h"

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct arena arena;
static const struct compiler gcc12 = { .version = "cc (Debian 12.2.0-14) 12.2.0\n",
				       .has_pattern_init = true };
static const char *wanted[] = { "serveur_udp.c", "client_udp.c", NULL };
static struct program program;

static void start(void)
{
	program = (struct program){ .name = "serveur_udp" };
}

static void end(void)
{
	arena_done(&arena);
}

/* A snapshot of these files, separated by blanks, that need no content. */
static struct snapshot snapshot_of(const char *paths)
{
	struct snapshot s = { .root = "", .sources = wanted };
	size_t cap = 0;
	char *words = arena_strdup(&arena, paths);
	for (char *at = NULL, *word; (word = strtok_r(at == NULL ? words : NULL, " ", &at)) != NULL;) {
		s.files = arena_push(&arena, s.files, &s.n_files, &cap, sizeof *s.files);
		s.files[s.n_files - 1].path = word;
		s.has_makefile |= strcmp(word, "Makefile") == 0;
	}
	memset(s.hash, 'a', HASH_HEX - 1);
	return s;
}

static struct build_plan plan_of(const char *paths, enum variant v)
{
	struct snapshot *s = arena_alloc(&arena, sizeof *s);
	*s = snapshot_of(paths);
	return build_plan_make(&arena, s, &program, v, &gcc12);
}

static const char *joined(char *const *words)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	for (size_t i = 0; words[i] != NULL; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : " ", words[i]);
	return arena_copy(&arena, b.at, b.len);
}

static const char *variable(const struct build_plan *p, const char *name)
{
	size_t len = strlen(name);
	for (size_t i = 0; p->env[i] != NULL; i++)
		if (strncmp(p->env[i], name, len) == 0 && p->env[i][len] == '=')
			return p->env[i] + len + 1;
	return NULL;
}

START_TEST(without_makefile_the_sheets_own_command_compiles)
{
	struct build_plan p = plan_of("serveur_udp.c", VARIANT_PLAIN);
	ck_assert(p.possible);
	ck_assert_str_eq(joined(p.argv),
			 "cc -std=gnu17 -Wall -Wextra -O2 -pthread serveur_udp.c -o serveur_udp -lrt");
	ck_assert_str_eq(p.product, "serveur_udp");
	ck_assert_str_eq(variable(&p, "PATH"), "/usr/local/bin:/usr/bin:/bin");
	ck_assert_uint_eq(p.n_files, 0);
}
END_TEST

START_TEST(the_asan_variant_adds_its_flags)
{
	struct build_plan p = plan_of("serveur_udp.c", VARIANT_ASAN);
	ck_assert_str_eq(
		joined(p.argv),
		"cc -std=gnu17 -Wall -Wextra -O2 -pthread -g -fsanitize=address -fno-omit-frame-pointer "
		"-ftrivial-auto-var-init=pattern serveur_udp.c -o serveur_udp -lrt");
	ck_assert_uint_eq(p.n_files, 0);
}
END_TEST

START_TEST(an_old_compiler_is_not_given_flags_it_does_not_know)
{
	struct snapshot s = snapshot_of("serveur_udp.c");
	struct compiler gcc11 = compiler_of("gcc (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0\n");
	struct build_plan p = build_plan_make(&arena, &s, &program, VARIANT_ASAN, &gcc11);
	ck_assert_ptr_null(strstr(joined(p.argv), "trivial"));
}
END_TEST

START_TEST(sources_flags_and_target_of_the_spec_are_used)
{
	static const char *sources[] = { "-main.c", "util.c", "util.h", NULL };
	static const char *flags[] = { "-lm", "-DN=3", NULL };
	program.sources = (struct texts){ sources, 3 };
	program.flags = (struct texts){ flags, 2 };
	program.target = "serveur";
	ck_assert_str_eq(
		joined(plan_of("-main.c util.c util.h", VARIANT_PLAIN).argv),
		"cc -std=gnu17 -Wall -Wextra -O2 -pthread ./-main.c util.c -o serveur_udp -lrt -lm -DN=3");
	ck_assert_str_eq(joined(plan_of("Makefile", VARIANT_PLAIN).argv), "make serveur");
	struct build_plan p = plan_of("-main.c", VARIANT_PLAIN);
	ck_assert(!p.possible);
	ck_assert_str_eq(p.reason.en, "neither Makefile nor util.c (found -main.c, expected util.c)");
}
END_TEST

START_TEST(a_makefile_goes_before_the_command)
{
	struct build_plan p = plan_of("Makefile serveur_udp.c", VARIANT_PLAIN);
	ck_assert_str_eq(joined(p.argv), "make serveur_udp");
	ck_assert_uint_eq(p.n_files, 0);
}
END_TEST

START_TEST(a_makefile_in_a_variant_gets_wrapped_compilers)
{
	struct build_plan p = plan_of("Makefile", VARIANT_ASAN);
	ck_assert_str_eq(joined(p.argv), "make serveur_udp");
	ck_assert_str_eq(variable(&p, "PATH"), "/opt/variant:/usr/local/bin:/usr/bin:/bin");
	ck_assert_uint_ge(p.n_files, 4);
	ck_assert_str_eq(p.files[0].path, "/opt/variant/cc");
	ck_assert_int_eq(p.files[0].mode, 0755);
	ck_assert_str_eq(p.files[0].content,
			 "#!/bin/sh\nPATH=/usr/local/bin:/usr/bin:/bin\nexec cc -g -fsanitize=address "
			 "-fno-omit-frame-pointer -ftrivial-auto-var-init=pattern \"$@\"\n");
}
END_TEST

/* files of the submission, why it is not built */
static const struct {
	const char *files, *fr, *en;
} not_built[] = {
	{ "", "ni Makefile ni serveur_udp.c", "neither Makefile nor serveur_udp.c" },
	{ "client_udp.c", "ni Makefile ni serveur_udp.c", "neither Makefile nor serveur_udp.c" },
	{ "Serveur_UDP.c", "ni Makefile ni serveur_udp.c (trouvé Serveur_UDP.c, attendu serveur_udp.c)",
	  "neither Makefile nor serveur_udp.c (found Serveur_UDP.c, expected serveur_udp.c)" },
	{ "serveur_udp.C", "ni Makefile ni serveur_udp.c (trouvé serveur_udp.C, attendu serveur_udp.c)",
	  "neither Makefile nor serveur_udp.c (found serveur_udp.C, expected serveur_udp.c)" },
	{ "a.c serveur-udp.c z.c",
	  "ni Makefile ni serveur_udp.c (trouvé serveur-udp.c, attendu serveur_udp.c)",
	  "neither Makefile nor serveur_udp.c (found serveur-udp.c, expected serveur_udp.c)" },
	{ "client_udp.c main.c util.h", "ni Makefile ni serveur_udp.c (trouvé main.c, attendu serveur_udp.c)",
	  "neither Makefile nor serveur_udp.c (found main.c, expected serveur_udp.c)" },
	{ "one.c two.c", "ni Makefile ni serveur_udp.c", "neither Makefile nor serveur_udp.c" },
};

START_TEST(nothing_to_build_has_a_reason)
{
	struct build_plan p = plan_of(not_built[_i].files, VARIANT_PLAIN);
	ck_assert(!p.possible);
	ck_assert_str_eq(p.reason.fr, not_built[_i].fr);
	ck_assert_str_eq(p.reason.en, not_built[_i].en);
}
END_TEST

/* what `cc --version` prints, whether it knows -ftrivial-auto-var-init=pattern */
static const struct {
	const char *text;
	bool has_pattern_init;
} versions[] = {
	{ "cc (Debian 12.2.0-14+deb12u1) 12.2.0\nCopyright (C) 2022 Free Software Foundation, Inc.\n", true },
	{ "cc (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0\n", false },
	{ "gcc (GCC) 13.2.1 20230801\n", true },
	{ "gcc (Debian 8.3.0-6) 8.3.0\n", false },
	{ "Debian clang version 14.0.6\nTarget: x86_64-pc-linux-gnu\n", true },
	{ "clang version 7.0.1\n", false },
	{ "", false },
	{ "not a compiler", false },
};

START_TEST(versions_are_understood)
{
	ck_assert_int_eq(compiler_of(versions[_i].text).has_pattern_init, versions[_i].has_pattern_init);
}
END_TEST

static const char *key_of(const struct build_plan *p, const struct snapshot *s, const char *version)
{
	char *key = arena_alloc(&arena, HASH_HEX);
	struct compiler c = { .version = version, .has_pattern_init = true };
	build_key(p, s, &c, key);
	return key;
}

START_TEST(the_key_depends_on_all_that_decides_the_result)
{
	struct snapshot s = snapshot_of("serveur_udp.c");
	struct build_plan plain = build_plan_make(&arena, &s, &program, VARIANT_PLAIN, &gcc12);
	struct build_plan asan = build_plan_make(&arena, &s, &program, VARIANT_ASAN, &gcc12);
	const char *key = key_of(&plain, &s, "12.2.0");
	ck_assert_uint_eq(strlen(key), 64);
	ck_assert_str_eq(key_of(&plain, &s, "12.2.0"), key);
	ck_assert_str_ne(key_of(&asan, &s, "12.2.0"), key);
	ck_assert_str_ne(key_of(&plain, &s, "12.2.1"), key);
	struct snapshot other = s;
	other.hash[0] = 'b';
	ck_assert_str_ne(key_of(&plain, &other, "12.2.0"), key);
	static const char *flags[] = { "-lm", NULL };
	program.flags = (struct texts){ flags, 1 };
	struct build_plan flagged = build_plan_make(&arena, &s, &program, VARIANT_PLAIN, &gcc12);
	ck_assert_str_ne(key_of(&flagged, &s, "12.2.0"), key);
}
END_TEST

START_TEST(the_key_of_a_build_by_make_depends_on_the_program_and_the_variant)
{
	struct snapshot s = snapshot_of("Makefile");
	program.target = "all";
	struct build_plan server = build_plan_make(&arena, &s, &program, VARIANT_PLAIN, &gcc12);
	struct build_plan asan = build_plan_make(&arena, &s, &program, VARIANT_ASAN, &gcc12);
	program.name = "client_udp";
	struct build_plan client = build_plan_make(&arena, &s, &program, VARIANT_PLAIN, &gcc12);
	ck_assert_str_ne(key_of(&server, &s, "12"), key_of(&client, &s, "12"));
	ck_assert_str_ne(key_of(&server, &s, "12"), key_of(&asan, &s, "12"));
}
END_TEST

START_TEST(a_program_tells_whether_the_variant_took)
{
	ck_assert(build_took(BYTES_LITERAL("\177ELF"), VARIANT_PLAIN));
	ck_assert(!build_took(BYTES_LITERAL("\177ELF"), VARIANT_ASAN));
	ck_assert(!build_took((struct bytes){ 0 }, VARIANT_ASAN));
	ck_assert(build_took(BYTES_LITERAL("\177ELF\0__asan_init\0"), VARIANT_ASAN));
}
END_TEST

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static void put(const char *path, const char *content, mode_t mode)
{
	FILE *out = fopen(path, "we");
	ck_assert_ptr_nonnull(out);
	ck_assert_int_ge(fputs(content, out), 0);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
}

START_TEST(a_wrapper_adds_its_flags_to_the_real_compiler)
{
	static const char *const makefiles[] = {
		"CFLAGS = -O2 -DANSWER=0\n", /* make's own cc */
		"CC = gcc -std=c99\nCFLAGS := -DANSWER=0\n", /* flags hidden in CC */
		"serveur_udp: s.o\n\tcc $^ -o $@\ns.o: serveur_udp.c\n\tcc -DANSWER=0 -c $< -o $@\n",
	};
	char folder[] = "/tmp/test_build_plan.XXXXXX";
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	struct build_plan p = plan_of("Makefile", VARIANT_ASAN);
	for (size_t i = 0; i < p.n_files; i++)
		put(strrchr(p.files[i].path, '/') + 1, p.files[i].content, p.files[i].mode);
	put("Makefile", makefiles[_i], 0644);
	put("serveur_udp.c", "int main(void) { return ANSWER; }\n", 0644);
	/* the wrappers stand here, not in /opt/variant */
	ck_assert_int_eq(system("PATH=$PWD:/usr/local/bin:/usr/bin:/bin make -s serveur_udp >&2"), 0);
	ck_assert_int_eq(system("grep -q __asan_init serveur_udp"), 0);
	ck_assert_int_eq(system("ASAN_OPTIONS=detect_leaks=0 ./serveur_udp"), 0);
	ck_assert_int_eq(chdir("/"), 0);
	(void)nftw(folder, remove_one, 5, FTW_DEPTH | FTW_PHYS);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("build_plan");
	TCase *t = tcase_create("build_plan");
	tcase_add_checked_fixture(t, start, end);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, without_makefile_the_sheets_own_command_compiles);
	tcase_add_test(t, the_asan_variant_adds_its_flags);
	tcase_add_test(t, an_old_compiler_is_not_given_flags_it_does_not_know);
	tcase_add_test(t, sources_flags_and_target_of_the_spec_are_used);
	tcase_add_test(t, a_makefile_goes_before_the_command);
	tcase_add_test(t, a_makefile_in_a_variant_gets_wrapped_compilers);
	tcase_add_loop_test(t, nothing_to_build_has_a_reason, 0, (int)ARRAY_SIZE(not_built));
	tcase_add_loop_test(t, versions_are_understood, 0, (int)ARRAY_SIZE(versions));
	tcase_add_test(t, the_key_depends_on_all_that_decides_the_result);
	tcase_add_test(t, the_key_of_a_build_by_make_depends_on_the_program_and_the_variant);
	tcase_add_test(t, a_program_tells_whether_the_variant_took);
	tcase_add_loop_test(t, a_wrapper_adds_its_flags_to_the_real_compiler, 0, 3);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0;
}

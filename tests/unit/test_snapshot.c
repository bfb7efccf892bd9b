/* A submission's files are taken as they are, within limits; what a stranger put there to trap us is left out and said. */
#include "plan/snapshot.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "plan/tree.h"

static char top[40];
static struct arena arena;
static struct program programs[] = { { .name = "serveur_udp" }, { .name = "client_udp" } };
static struct spec spec = { .id = "tp3", .programs = programs, .n_programs = 2 };
static struct snapshot shot;
static struct fault fault;

static void start(void)
{
	(void)snprintf(top, sizeof top,
		       "/tmp/test_snapshot.XXXXXX"); /* anew: without fork all tests share it */
	ck_assert_ptr_nonnull(mkdtemp(top));
	ck_assert_int_eq(chdir(top), 0);
	programs[0].sources = (struct texts){ 0 };
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static void end(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	(void)nftw(top, remove_one, 20, FTW_DEPTH | FTW_PHYS);
	arena_done(&arena);
}

static void folder(const char *path)
{
	ck_assert_msg(mkdir(path, 0755) == 0, "mkdir %s: %s", path, strerror(errno));
}

static void file_of(const char *path, struct bytes content)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ck_assert_msg(fd >= 0, "create %s", path);
	ck_assert_int_eq(write(fd, content.at, content.len), (ssize_t)content.len);
	ck_assert_int_eq(close(fd), 0);
}

static void file(const char *path)
{
	file_of(path, BYTES_LITERAL("int main(void) { return 0; }\n"));
}

static int try_take(void)
{
	struct submission s = { .name = "someone", .path = top };
	shot = (struct snapshot){ 0 };
	return snapshot_take(&arena, &s, &spec, &shot, &fault);
}

static void take(void)
{
	ck_assert_msg(try_take() == 0, "%s", fault.text);
}

/* "a b c": the paths of the snapshot. */
static const char *paths(void)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	take();
	for (size_t i = 0; i < shot.n_files; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : " ", shot.files[i].path);
	return arena_copy(&arena, b.at, b.len);
}

static bool remarked(const char *english)
{
	for (size_t i = 0; i < shot.n_remarks; i++) {
		ck_assert_ptr_nonnull(shot.remarks[i].fr);
		if (strstr(shot.remarks[i].en, english) != NULL)
			return true;
	}
	return false;
}

static void assert_remark(const char *english)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	for (size_t i = 0; i < shot.n_remarks; i++)
		buf_printf(&b, "%s\n", shot.remarks[i].en);
	ck_assert_msg(remarked(english), "no remark holds '%s'; there are:\n%.*s", english, (int)b.len, b.at);
}

START_TEST(files_are_taken_sorted_with_contents_and_mode)
{
	file("serveur_udp.c");
	folder("lib");
	file_of("lib/util.h", BYTES_LITERAL("a\0b"));
	file_of("run.sh", BYTES_LITERAL("#!/bin/sh\n"));
	ck_assert_int_eq(chmod("run.sh", 0755), 0);
	file_of("empty", BYTES_LITERAL(""));
	ck_assert_str_eq(paths(), "empty lib/util.h run.sh serveur_udp.c");
	ck_assert(bytes_equal(snapshot_find(&shot, "lib/util.h")->content, BYTES_LITERAL("a\0b")));
	ck_assert(snapshot_find(&shot, "run.sh")->executable);
	ck_assert(!snapshot_find(&shot, "serveur_udp.c")->executable);
	ck_assert_ptr_null(snapshot_find(&shot, "nothing"));
	ck_assert(!shot.has_makefile);
	ck_assert_uint_eq(shot.n_remarks, 0);
	ck_assert_uint_eq(strlen(shot.hash), 64);
}
END_TEST

START_TEST(byte_order_marks_and_crlf_stay_as_they_are)
{
	struct bytes source = BYTES_LITERAL("\xef\xbb\xbfint main(void)\r\n{\r\n}\r\n");
	file_of("serveur_udp.c", source);
	take();
	ck_assert(bytes_equal(shot.files[0].content, source));
}
END_TEST

START_TEST(the_hash_changes_with_name_content_and_mode_only)
{
	file("serveur_udp.c");
	take();
	char first[HASH_HEX];
	memcpy(first, shot.hash, sizeof first);
	struct timespec long_ago[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	ck_assert_int_eq(utimensat(AT_FDCWD, "serveur_udp.c", long_ago, 0), 0);
	take();
	ck_assert_str_eq(shot.hash, first);
	ck_assert_int_eq(chmod("serveur_udp.c", 0755), 0);
	take();
	ck_assert_str_ne(shot.hash, first);
	ck_assert_int_eq(chmod("serveur_udp.c", 0600), 0);
	take();
	ck_assert_str_eq(shot.hash, first);
	file("x");
	take();
	ck_assert_str_ne(shot.hash, first);
	ck_assert_int_eq(unlink("x"), 0);
	file_of("serveur_udp.c", BYTES_LITERAL("int main(void) { return 1; }\n"));
	take();
	ck_assert_str_ne(shot.hash, first);
}
END_TEST

START_TEST(the_same_files_below_have_the_same_hash)
{
	file("serveur_udp.c");
	take();
	char first[HASH_HEX];
	memcpy(first, shot.hash, sizeof first);
	folder("dupont");
	ck_assert_int_eq(rename("serveur_udp.c", "dupont/serveur_udp.c"), 0);
	take();
	ck_assert_str_eq(shot.hash, first);
}
END_TEST

START_TEST(every_name_of_a_makefile_counts)
{
	static const char *const names[] = { "Makefile", "makefile", "GNUmakefile" };
	file(names[_i]);
	take();
	ck_assert(shot.has_makefile);
	ck_assert_uint_eq(shot.n_remarks, 0);
}
END_TEST

START_TEST(one_sub_folder_alone_is_the_root)
{
	file("LISEZMOI");
	folder("tp3");
	folder("doc");
	file("tp3/client_udp.c");
	file("tp3/util.h");
	file("doc/rapport.txt");
	ck_assert_str_eq(paths(), "client_udp.c util.h");
	ck_assert_str_eq(shot.root, "tp3");
	assert_remark("all is taken from the sub-folder \"tp3\"");
}
END_TEST

START_TEST(a_sub_folder_with_sources_goes_before_one_with_a_makefile)
{
	folder("doc");
	file("doc/Makefile");
	folder("src");
	file("src/client_udp.c");
	take();
	ck_assert_str_eq(shot.root, "src");
}
END_TEST

START_TEST(two_candidates_are_none)
{
	folder("v1");
	folder("v2");
	file("v1/serveur_udp.c");
	file("v2/serveur_udp.c");
	ck_assert_str_eq(paths(), "v1/serveur_udp.c v2/serveur_udp.c");
	ck_assert_str_eq(shot.root, "");
	assert_remark("several sub-folders could be meant: v1, v2");
}
END_TEST

START_TEST(the_root_goes_before_any_sub_folder)
{
	file("Makefile");
	folder("src");
	file("src/serveur_udp.c");
	ck_assert_str_eq(paths(), "Makefile src/serveur_udp.c");
	ck_assert(shot.has_makefile);
}
END_TEST

START_TEST(a_single_candidate_deep_below_is_the_root)
{
	folder("a");
	folder("a/b");
	folder("a/b/c");
	file("a/b/c/serveur_udp.c");
	file("a/notes");
	ck_assert_str_eq(paths(), "serveur_udp.c");
	ck_assert_str_eq(shot.root, "a/b/c");
}
END_TEST

START_TEST(a_hidden_folder_is_no_root)
{
	folder(".backup");
	file(".backup/serveur_udp.c");
	take();
	ck_assert_str_eq(shot.root, "");
	assert_remark("neither Makefile nor serveur_udp.c, client_udp.c (found: .backup/serveur_udp.c)");
}
END_TEST

START_TEST(an_empty_folder_is_said)
{
	ck_assert_str_eq(paths(), "");
	assert_remark("empty folder: neither Makefile nor serveur_udp.c, client_udp.c");
}
END_TEST

START_TEST(wrong_names_are_said)
{
	file("Serveur_UDP.c");
	file("notes.txt");
	take();
	assert_remark("neither Makefile nor serveur_udp.c, client_udp.c (found: Serveur_UDP.c)");
}
END_TEST

START_TEST(links_are_not_followed_wherever_they_lead)
{
	file("serveur_udp.c");
	ck_assert_int_eq(symlink("/etc/passwd", "client_udp.c"), 0);
	ck_assert_int_eq(symlink(".", "loop"), 0);
	ck_assert_int_eq(symlink("itself", "itself"), 0);
	folder("a");
	ck_assert_int_eq(symlink("..", "a/up"), 0);
	ck_assert_int_eq(symlink("/", "a/root"), 0);
	ck_assert_str_eq(paths(), "serveur_udp.c");
	assert_remark(
		"symbolic links, not followed: \"client_udp.c\", \"itself\", \"loop\", \"a/root\"… (5)");
}
END_TEST

START_TEST(what_is_no_file_is_left_out_without_waiting)
{
	file("serveur_udp.c");
	ck_assert_int_eq(mkfifo("client_udp.c", 0666), 0);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "socket" };
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
	ck_assert_str_eq(paths(), "serveur_udp.c");
	assert_remark(
		"neither files nor folders (FIFO, socket, device), left out: \"client_udp.c\", \"socket\"");
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(what_make_would_take_for_built_is_left_out)
{
	file("Makefile");
	file("serveur_udp.c");
	file("serveur_udp");
	file("util.o");
	folder("bin");
	file("bin/client_udp");
	folder("client_udp"); /* a folder of that name is none */
	file("client_udp/client_udp.c");
	ck_assert_str_eq(paths(), "Makefile client_udp/client_udp.c serveur_udp.c");
	assert_remark("built already, left out: all is built anew: \"serveur_udp\", \"util.o\", "
		      "\"bin/client_udp\"");
}
END_TEST

START_TEST(junk_is_left_out_silently)
{
	file("serveur_udp.c");
	folder(".git");
	file(".git/Makefile");
	folder("__MACOSX");
	file("__MACOSX/._serveur_udp.c");
	file("._serveur_udp.c");
	file(".DS_Store");
	ck_assert_str_eq(paths(), "serveur_udp.c");
	ck_assert_uint_eq(shot.n_remarks, 0);
}
END_TEST

START_TEST(a_huge_file_is_left_out_unread)
{
	file("serveur_udp.c");
	file("huge");
	ck_assert_int_eq(truncate("huge", (off_t)100 << 30), 0);
	file("limit");
	ck_assert_int_eq(truncate("limit", SNAPSHOT_FILE_BYTES), 0);
	file("over");
	ck_assert_int_eq(truncate("over", SNAPSHOT_FILE_BYTES + 1), 0);
	ck_assert_str_eq(paths(), "limit serveur_udp.c");
	assert_remark("over 4 MiB, left out: \"huge\", \"over\"");
}
END_TEST

START_TEST(all_together_stay_below_the_limit_and_sources_come_first)
{
	for (int i = 0; i < 9; i++) {
		const char *name = arena_printf(&arena, "data%d", i);
		file(name);
		ck_assert_int_eq(truncate(name, SNAPSHOT_FILE_BYTES), 0);
	}
	file("serveur_udp.c");
	file("zzz.h");
	take();
	ck_assert_int_le(shot.bytes, SNAPSHOT_BYTES);
	ck_assert_ptr_nonnull(snapshot_find(&shot, "serveur_udp.c"));
	ck_assert_ptr_nonnull(snapshot_find(&shot, "zzz.h"));
	ck_assert_ptr_null(snapshot_find(&shot, "data8"));
	assert_remark("beyond 32 MiB in all, left out: \"data7\", \"data8\"");
}
END_TEST

START_TEST(of_five_thousand_files_the_wanted_ones_are_taken)
{
	for (int i = 0; i < 5000; i++)
		file_of(arena_printf(&arena, "a%04d", i), BYTES_LITERAL("x"));
	file("serveur_udp.c");
	file("zzz.h");
	take();
	ck_assert_uint_eq(shot.n_files, SNAPSHOT_FILES);
	ck_assert_ptr_nonnull(snapshot_find(&shot, "serveur_udp.c"));
	ck_assert_ptr_nonnull(snapshot_find(&shot, "zzz.h"));
	ck_assert_ptr_nonnull(snapshot_find(&shot, "a1997"));
	assert_remark("beyond 2,000 files, left out: \"a1998\", \"a1999\", \"a2000\", \"a2001\"… (3002)");
}
END_TEST

START_TEST(a_folder_without_end_is_read_in_part_after_its_neighbours)
{
	static const struct tree_limits most = { .depth = 16, .entries = 20, .path = 1000 };
	folder("aaa");
	for (int i = 0; i < 50; i++)
		file(arena_printf(&arena, "aaa/%d", i));
	file("serveur_udp.c");
	struct remarks r = { .arena = &arena };
	struct tree tree;
	int fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_eq(tree_list(&arena, fd, &most, &r, &tree, &fault), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_uint_eq(tree.seen, 20);
	ck_assert_uint_eq(tree.n, 19);
	ck_assert_str_eq(tree.files[0].path, "serveur_udp.c");
	remarks_close(&r);
	ck_assert_uint_eq(r.n, 1);
	ck_assert_str_eq(r.at[0].en, "folders with too many entries, read in part: \"aaa\"");
}
END_TEST

START_TEST(a_hundred_folders_deep_are_entered_sixteen)
{
	file("serveur_udp.c");
	for (int i = 0; i < 100; i++) {
		folder("d");
		ck_assert_int_eq(chdir("d"), 0);
		if (i == 15 || i == 16)
			file("here");
	}
	take();
	ck_assert_uint_eq(shot.n_files, 2);
	ck_assert_str_eq(shot.files[0].path, "d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/here");
	assert_remark("folders too deep or paths too long, left out: ");
}
END_TEST

START_TEST(long_paths_are_left_out)
{
	char name[256];
	memset(name, 'n', 255);
	name[255] = '\0';
	file("serveur_udp.c");
	for (int i = 0; i < 5; i++) {
		file(arena_printf(&arena, "%.200s.c", name));
		folder(name);
		ck_assert_int_eq(chdir(name), 0);
	}
	take();
	ck_assert_uint_eq(shot.n_files, 5);
	assert_remark("paths too long, left out: ");
	for (size_t i = 0; i < shot.n_remarks; i++)
		ck_assert_uint_lt(strlen(shot.remarks[i].fr), 700);
}
END_TEST

/* As somebody whom permissions bind: root is bound by none. Returns false in the parent, when the child went well. */
static bool as_ordinary_user(void)
{
	if (geteuid() != 0)
		return true;
	ck_assert_int_eq(chmod(top, 0755), 0);
	pid_t child = fork();
	if (child == 0) {
		ck_assert_int_eq(setuid(65534), 0);
		return true;
	}
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	return false;
}

static void leave_ordinary_user(bool was_root)
{
	if (was_root)
		_exit(0);
}

START_TEST(what_may_not_be_read_is_left_out_and_the_rest_taken)
{
	bool was_root = geteuid() == 0;
	file("serveur_udp.c");
	file("client_udp.c");
	folder("closed");
	folder("names-only");
	file("names-only/x");
	ck_assert_int_eq(chmod("client_udp.c", 0), 0);
	ck_assert_int_eq(chmod("closed", 0), 0);
	ck_assert_int_eq(chmod("names-only", 0644), 0); /* may be listed, but nothing in it looked at */
	if (as_ordinary_user()) {
		ck_assert_str_eq(paths(), "serveur_udp.c");
		assert_remark("not readable (permissions), left out: ");
		assert_remark("\"client_udp.c\"");
		assert_remark("\"closed\"");
		assert_remark("\"names-only/x\"");
		leave_ordinary_user(was_root);
	}
	ck_assert_int_eq(chmod("closed", 0755), 0);
	ck_assert_int_eq(chmod("names-only", 0755), 0);
}
END_TEST

START_TEST(a_submission_that_may_not_be_opened_is_a_fault_and_no_mark)
{
	bool was_root = geteuid() == 0;
	folder("closed");
	ck_assert_int_eq(chmod("closed", 0), 0);
	if (as_ordinary_user()) {
		struct submission s = { .name = "some\\x0aone",
					.path = arena_printf(&arena, "%s/closed", top) };
		ck_assert_int_eq(snapshot_take(&arena, &s, &spec, &shot, &fault), -1);
		ck_assert_int_eq(fault.kind, FAULT_INPUT);
		ck_assert_int_eq(fault.error, EACCES);
		ck_assert_ptr_nonnull(strstr(fault.text, "some\\x0aone"));
		leave_ordinary_user(was_root);
	}
	ck_assert_int_eq(chmod("closed", 0755), 0);
}
END_TEST

START_TEST(a_submission_that_vanished_or_became_a_link_is_a_fault)
{
	struct submission s = { .name = "gone", .path = arena_printf(&arena, "%s/gone", top) };
	ck_assert_int_eq(snapshot_take(&arena, &s, &spec, &shot, &fault), -1);
	ck_assert_int_eq(fault.kind, FAULT_INPUT);
	ck_assert_int_eq(symlink("/etc", "gone"), 0);
	ck_assert_int_eq(snapshot_take(&arena, &s, &spec, &shot, &fault), -1);
	ck_assert_int_eq(fault.kind, FAULT_INPUT);
}
END_TEST

START_TEST(no_descriptor_left_is_a_fault_not_a_missing_file)
{
	file("serveur_udp.c");
	folder("a");
	struct rlimit before;
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	struct rlimit few = { .rlim_cur = 64, .rlim_max = before.rlim_max };
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	int last = -1;
	for (int fd; (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;)
		last = fd;
	ck_assert_int_eq(close(last), 0);
	ck_assert_int_eq(try_take(), -1); /* the folder opens, its list does not */
	ck_assert_int_eq(fault.kind, FAULT_SYSTEM);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
}
END_TEST

START_TEST(odd_names_are_kept_raw)
{
	static const char *const names[] = { "new\nline.c", "caf\xe9.c", "-o",   "with blanks", "\"quoted\"",
					     "a..b",        "...",       "$(x)", "\033[2J" };
	file("serveur_udp.c");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		file(names[i]);
	take();
	ck_assert_uint_eq(shot.n_files, ARRAY_SIZE(names) + 1);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		ck_assert_ptr_nonnull(snapshot_find(&shot, names[i]));
}
END_TEST

START_TEST(odd_names_are_escaped_in_remarks)
{
	file("serveur_udp.c");
	ck_assert_int_eq(symlink("x", "\033[2J\n\xff"), 0);
	take();
	assert_remark("\"\\x1b[2J\\n\\xff\"");
}
END_TEST

static void take_single(const char *name)
{
	struct submission s = {
		.name = name, .path = arena_printf(&arena, "%s/%s", top, name), .is_file = true, .said = true
	};
	ck_assert_msg(snapshot_take(&arena, &s, &spec, &shot, &fault) == 0, "%s", fault.text);
}

START_TEST(a_single_file_is_the_only_one)
{
	file("serveur_udp.c");
	file("client_udp.c");
	file("Makefile");
	take_single("serveur_udp.c");
	ck_assert_uint_eq(shot.n_files, 1);
	ck_assert_str_eq(shot.files[0].path, "serveur_udp.c");
	ck_assert(!shot.has_makefile);
	ck_assert_uint_eq(shot.n_remarks, 0);
}
END_TEST

START_TEST(a_single_file_of_another_name_is_said)
{
	file("serveur.c");
	take_single("serveur.c");
	assert_remark("found serveur.c, expected serveur_udp.c, client_udp.c");
}
END_TEST

START_TEST(a_single_file_and_a_folder_with_it_have_the_same_hash)
{
	file("serveur_udp.c");
	take_single("serveur_udp.c");
	char single[HASH_HEX];
	memcpy(single, shot.hash, sizeof single);
	take();
	ck_assert_str_eq(shot.hash, single);
}
END_TEST

START_TEST(a_single_file_that_is_huge_is_left_out)
{
	file("serveur_udp.c");
	ck_assert_int_eq(truncate("serveur_udp.c", (off_t)1 << 40), 0);
	take_single("serveur_udp.c");
	ck_assert_uint_eq(shot.n_files, 0);
	assert_remark("over 4 MiB, left out: \"serveur_udp.c\"");
}
END_TEST

START_TEST(sources_in_folders_of_the_root_make_a_root)
{
	static const char *sources[] = { "src/main.c", "src/util.c", NULL };
	programs[0].sources = (struct texts){ sources, 2 };
	folder("projet");
	folder("projet/src");
	file("projet/src/util.c");
	ck_assert_str_eq(paths(), "src/util.c");
	ck_assert_str_eq(shot.root, "projet");
}
END_TEST

/* Writes, renames and replaces by a link and a FIFO as fast as it can, until it is killed. */
static _Noreturn void disturb(void)
{
	for (;;) {
		int fd = open("data.h", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		(void)!write(fd, "0123456789", 10);
		(void)close(fd);
		(void)unlink("data.h");
		(void)symlink("/etc/passwd", "data.h");
		(void)unlink("data.h");
		(void)mkfifo("data.h", 0600);
		(void)unlink("data.h");
		(void)mkdir("data.h", 0755);
		(void)rmdir("data.h");
		(void)rename("sub", "bus");
		(void)symlink("/etc", "sub");
		(void)unlink("sub");
		(void)rename("bus", "sub");
	}
}

START_TEST(files_that_change_while_they_are_read_do_no_harm)
{
	file("serveur_udp.c");
	folder("sub");
	file("sub/passwd");
	pid_t child = fork();
	if (child == 0)
		disturb();
	for (int i = 0; i < 300; i++) {
		take();
		ck_assert_ptr_nonnull(snapshot_find(&shot, "serveur_udp.c"));
		for (size_t k = 0; k < shot.n_files; k++)
			ck_assert_uint_lt(shot.files[k].content.len, 40); /* /etc/passwd is longer */
	}
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, files_are_taken_sorted_with_contents_and_mode);
	tcase_add_test(t, byte_order_marks_and_crlf_stay_as_they_are);
	tcase_add_test(t, the_hash_changes_with_name_content_and_mode_only);
	tcase_add_test(t, the_same_files_below_have_the_same_hash);
	tcase_add_loop_test(t, every_name_of_a_makefile_counts, 0, 3);
	tcase_add_test(t, one_sub_folder_alone_is_the_root);
	tcase_add_test(t, a_sub_folder_with_sources_goes_before_one_with_a_makefile);
	tcase_add_test(t, two_candidates_are_none);
	tcase_add_test(t, the_root_goes_before_any_sub_folder);
	tcase_add_test(t, a_single_candidate_deep_below_is_the_root);
	tcase_add_test(t, a_hidden_folder_is_no_root);
	tcase_add_test(t, an_empty_folder_is_said);
	tcase_add_test(t, wrong_names_are_said);
	tcase_add_test(t, links_are_not_followed_wherever_they_lead);
	tcase_add_test(t, what_is_no_file_is_left_out_without_waiting);
	tcase_add_test(t, what_make_would_take_for_built_is_left_out);
	tcase_add_test(t, junk_is_left_out_silently);
	tcase_add_test(t, a_huge_file_is_left_out_unread);
	tcase_add_test(t, all_together_stay_below_the_limit_and_sources_come_first);
	tcase_add_test(t, of_five_thousand_files_the_wanted_ones_are_taken);
	tcase_add_test(t, a_folder_without_end_is_read_in_part_after_its_neighbours);
	tcase_add_test(t, a_hundred_folders_deep_are_entered_sixteen);
	tcase_add_test(t, long_paths_are_left_out);
	tcase_add_test(t, what_may_not_be_read_is_left_out_and_the_rest_taken);
	tcase_add_test(t, a_submission_that_may_not_be_opened_is_a_fault_and_no_mark);
	tcase_add_test(t, a_submission_that_vanished_or_became_a_link_is_a_fault);
	tcase_add_test(t, no_descriptor_left_is_a_fault_not_a_missing_file);
	tcase_add_test(t, odd_names_are_kept_raw);
	tcase_add_test(t, odd_names_are_escaped_in_remarks);
	tcase_add_test(t, a_single_file_is_the_only_one);
	tcase_add_test(t, a_single_file_of_another_name_is_said);
	tcase_add_test(t, a_single_file_and_a_folder_with_it_have_the_same_hash);
	tcase_add_test(t, a_single_file_that_is_huge_is_left_out);
	tcase_add_test(t, sources_in_folders_of_the_root_make_a_root);
	tcase_add_test(t, files_that_change_while_they_are_read_do_no_harm);
}

int main(void)
{
	Suite *s = suite_create("snapshot");
	TCase *t = tcase_create("snapshot");
	tcase_add_checked_fixture(t, start, end);
	tcase_set_timeout(t, 30);
	add_tests(t);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0;
}

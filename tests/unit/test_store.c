#include "store/store.h"

#include "base/io.h"

#include <check.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define KEY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static char dir[64];

static void make_dir(void)
{
	(void)snprintf(dir, sizeof dir, "/tmp/grader-store-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void remove_dir(void)
{
	char command[128];
	(void)snprintf(command, sizeof command, "rm -rf '%s'", dir);
	ck_assert_int_eq(system(command), 0);
}

static const char *key_of(unsigned n)
{
	static char key[65];
	(void)snprintf(key, sizeof key, "%064x", n);
	return key;
}

static struct store *must_open(void)
{
	struct store *s = NULL;
	struct fault f;
	ck_assert_msg(store_open(dir, &s, &f) == 0, "%s", f.text);
	return s;
}

static int64_t must_begin(struct store *s)
{
	struct run_info info = { "tp3", KEY, "specs/tp3.yaml", "0.1.0", "Linux 6.1", "gcc 12", "--jobs 2" };
	int64_t run = 0;
	struct fault f;
	ck_assert_msg(store_begin_run(s, &info, &run, &f) == 0, "%s", f.text);
	return run;
}

static struct stored_job job_of(const char *key)
{
	return (struct stored_job){
		.key = key,
		.kind = STORED_CASE,
		.verdict = { OUTCOME_FAIL, { "reçu « a »", "got 'a'" } },
		.wall_us = 1234,
	};
}

static void must_put(struct store *s, int64_t run, const char *key)
{
	struct stored_job job = job_of(key);
	struct fault f;
	ck_assert_msg(store_put(s, run, &job, &f) == 0, "%s", f.text);
}

static bool found(struct store *s, const char *key)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct stored_job job;
	struct fault f;
	bool ret = false;
	ck_assert_msg(store_find(s, &a, key, &job, &ret, &f) == 0, "%s", f.text);
	return ret;
}

/* What another program sees in results.db: the first column of the first row. */
static const char *ask(const char *sql)
{
	static char answer[200];
	char path[100];
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	(void)snprintf(path, sizeof path, "%s/results.db", dir);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
	int code = sqlite3_step(st);
	ck_assert(code == SQLITE_ROW || code == SQLITE_DONE);
	const char *text = code == SQLITE_ROW ? (const char *)sqlite3_column_text(st, 0) : "";
	(void)snprintf(answer, sizeof answer, "%s", text == NULL ? "NULL" : text);
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	return answer;
}

static void write_db(const char *bytes, size_t n)
{
	char path[100];
	(void)snprintf(path, sizeof path, "%s/results.db", dir);
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
	ck_assert_int_eq(fclose(file), 0);
}

/* store_open must say this; `<dir>` stands for the folder. */
static void opening_says(enum fault_kind kind, const char *text)
{
	struct store *s = NULL;
	struct fault f;
	ck_assert_int_eq(store_open(dir, &s, &f), -1);
	ck_assert_ptr_null(s);
	ck_assert_msg(strstr(f.text, text) != NULL && strstr(f.text, dir) != NULL, "%s", f.text);
	ck_assert_int_eq(f.kind, kind);
}

START_TEST(a_result_is_found_as_it_was_put)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct stored_job job = job_of(KEY);
	struct stored_job back;
	struct bytes journal;
	struct fault f;
	bool is_there;
	job.kind = STORED_BUILD;
	job.warnings = 3;
	job.first_error = "a.c:1: é";
	job.log = BYTES_LITERAL("\0\xff log");
	job.journal = BYTES_LITERAL("{\"journal\":1}\n\0");
	CLEANUP(store_closep) struct store *s = must_open();
	int64_t run = must_begin(s);
	ck_assert(!found(s, KEY));
	ck_assert_int_eq(store_put(s, run, &job, &f), 0);
	ck_assert_int_eq(store_find(s, &a, KEY, &back, &is_there, &f), 0);
	ck_assert(is_there);
	ck_assert_str_eq(back.key, KEY);
	ck_assert_int_eq(back.kind, STORED_BUILD);
	ck_assert_int_eq(back.verdict.outcome, OUTCOME_FAIL);
	ck_assert_str_eq(back.verdict.message.fr, "reçu « a »");
	ck_assert_str_eq(back.verdict.message.en, "got 'a'");
	ck_assert_int_eq(back.wall_us, 1234);
	ck_assert_int_eq(back.warnings, 3);
	ck_assert_str_eq(back.first_error, "a.c:1: é");
	ck_assert(bytes_equal(back.log, job.log));
	ck_assert_uint_eq(back.journal.len, 0);
	ck_assert_int_eq(store_find_journal(s, &a, KEY, &journal, &f), 0);
	ck_assert(bytes_equal(journal, job.journal));
	ck_assert_int_eq(store_find_journal(s, &a, key_of(7), &journal, &f), 0);
	ck_assert_uint_eq(journal.len, 0);
}
END_TEST

START_TEST(a_second_result_replaces_the_first)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct stored_job job = job_of(KEY);
	struct stored_job back;
	struct fault f;
	bool is_there;
	CLEANUP(store_closep) struct store *s = must_open();
	int64_t run = must_begin(s);
	must_put(s, run, KEY);
	job.verdict = (struct verdict){ OUTCOME_PASS, { "", "" } };
	ck_assert_int_eq(store_put(s, run, &job, &f), 0);
	ck_assert_int_eq(store_find(s, &a, KEY, &back, &is_there, &f), 0);
	ck_assert_int_eq(back.verdict.outcome, OUTCOME_PASS);
	ck_assert_str_eq(back.verdict.message.fr, "");
	ck_assert_ptr_null(back.first_error);
	ck_assert_str_eq(ask("SELECT count(*) FROM jobs"), "1");
}
END_TEST

START_TEST(a_run_is_on_record)
{
	struct fault f;
	struct fault ours = { .kind = FAULT_WORKER, .text = "worker killed by signal 9" };
	struct stored_submission sub = {
		"é\n-x", "/tmp/é\n-x", KEY, { "3 liens ignorés", "3 links ignored" }
	};
	CLEANUP(store_closep) struct store *s = must_open();
	int64_t run = must_begin(s);
	ck_assert_int_eq(store_add_submission(s, run, &sub, &f), 0);
	must_put(s, run, KEY);
	ck_assert_int_eq(store_link(s, &(struct stored_place){ run, sub.name, "echo" }, KEY, &f), 0);
	ck_assert_int_eq(store_put_fault(s, &(struct stored_place){ run, sub.name, "bytes" }, &ours, &f), 0);
	ck_assert_int_eq(store_put_fault(s, &(struct stored_place){ run, NULL, NULL }, &ours, &f), 0);
	ck_assert_int_eq(store_end_run(s, run, RUN_DONE, &f), 0);
	ck_assert_str_eq(ask("SELECT spec_id || '|' || options || '|' || state || '|' || (ended >= started) "
			     "FROM runs"),
			 "tp3|--jobs 2|done|1");
	ck_assert_str_eq(ask("SELECT name || '|' || remarks_fr FROM submissions"), "é\n-x|3 liens ignorés");
	ck_assert_str_eq(ask("SELECT submission || '|' || item || '|' || key FROM run_jobs"),
			 "é\n-x|echo|" KEY);
	ck_assert_str_eq(ask("SELECT item || '|' || kind || '|' || text FROM faults"),
			 "bytes|worker|worker killed by signal 9");
	ck_assert_str_eq(ask("SELECT count(*) FROM faults"), "2");
}
END_TEST

START_TEST(a_fault_is_no_result)
{
	struct fault f;
	struct stored_job job = job_of(KEY);
	job.verdict.outcome = OUTCOME_FAULT;
	CLEANUP(store_closep) struct store *s = must_open();
	int64_t run = must_begin(s);
	ck_assert_int_eq(store_put(s, run, &job, &f), -1);
	ck_assert_int_eq(f.kind, FAULT_BUG);
	ck_assert(!found(s, KEY));
	ck_assert_int_eq(store_put_fault(s, &(struct stored_place){ run, "a", "echo" }, &f, &f), 0);
	ck_assert(!found(s, KEY));
}
END_TEST

START_TEST(refuses_a_key_that_is_none)
{
	static const char *const keys[] = {
		"", "0", "../../../../etc/passwd",
		"0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", KEY "0"
	};
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(store_closep) struct store *s = must_open();
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		struct stored_job job = job_of(keys[i]);
		bool is_there;
		struct fault f;
		ck_assert_int_eq(store_put(s, 1, &job, &f), -1);
		ck_assert_int_eq(store_find(s, &a, keys[i], &job, &is_there, &f), -1);
		ck_assert_int_eq(store_link(s, &(struct stored_place){ 1, "a", "b" }, keys[i], &f), -1);
		ck_assert_int_eq(store_put_program(s, keys[i], BYTES_LITERAL("x"), &f), -1);
		ck_assert_int_eq(f.kind, FAULT_BUG);
	}
}
END_TEST

START_TEST(is_opened_again_after_a_clean_close)
{
	struct store *s = must_open();
	must_put(s, must_begin(s), KEY);
	store_close(s);
	s = must_open();
	ck_assert(found(s, KEY));
	store_close(s);
	store_close(NULL);
}
END_TEST

/* A grader that stores jobs 0, 1, 2, … and tells the number of each once it is stored. */
static _Noreturn void store_for_ever(int out)
{
	struct store *s = must_open();
	int64_t run = must_begin(s);
	for (unsigned i = 0;; i++) {
		must_put(s, run, key_of(i));
		if (write(out, &i, sizeof i) != sizeof i)
			_exit(1);
	}
}

START_TEST(what_was_stored_is_there_after_kill_9)
{
	for (int round = 0; round < 5; round++) {
		int ends[2];
		ck_assert_int_eq(pipe(ends), 0);
		pid_t child = fork();
		if (child == 0)
			store_for_ever(ends[1]);
		(void)close(ends[1]);
		unsigned last = 0;
		while (last < 20U + 17U * (unsigned)round)
			ck_assert_int_eq(read(ends[0], &last, sizeof last), sizeof last);
		ck_assert_int_eq(kill(child, SIGKILL), 0);
		ck_assert_int_eq(waitpid(child, NULL, 0), child);
		unsigned more;
		while (read(ends[0], &more, sizeof more) == sizeof more)
			last = more;
		(void)close(ends[0]);
		CLEANUP(store_closep) struct store *s = must_open();
		for (unsigned i = 0; i <= last; i++)
			ck_assert(found(s, key_of(i)));
	}
	CLEANUP(store_closep) struct store *s = must_open();
	(void)must_begin(s);
	ck_assert_str_eq(ask("SELECT count(*) FROM runs WHERE state = 'cut'"), "5");
	ck_assert_str_eq(ask("PRAGMA integrity_check"), "ok");
}
END_TEST

START_TEST(two_graders_do_not_share_a_folder)
{
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		(void)must_open();
		(void)!write(ends[1], "x", 1);
		(void)pause();
		_exit(0);
	}
	char c;
	ck_assert_int_eq(read(ends[0], &c, 1), 1);
	char text[200];
	(void)snprintf(text, sizeof text, "folder '%s' is in use by another grader (process %d)", dir,
		       (int)child);
	opening_says(FAULT_INPUT, text);
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	store_close(must_open());
}
END_TEST

START_TEST(workers_of_a_killed_grader_do_not_keep_the_folder)
{
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		(void)must_open();
		pid_t worker = fork();
		if (worker == 0) {
			(void)pause();
			_exit(0);
		}
		(void)!write(ends[1], &worker, sizeof worker);
		(void)pause();
	}
	pid_t worker;
	ck_assert_int_eq(read(ends[0], &worker, sizeof worker), sizeof worker);
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	store_close(must_open());
	ck_assert_int_eq(kill(worker, SIGKILL), 0);
}
END_TEST

/* Random bytes that do not compress: n jobs until one is refused; the number of those stored. */
static unsigned fill(struct store *s, int64_t run, struct fault *f)
{
	static char noise[20000];
	uint32_t x = 1;
	for (size_t i = 0; i < sizeof noise; i++)
		noise[i] = (char)((x = x * 1664525U + 1013904223U) >> 24);
	for (unsigned i = 0; i < 1000; i++) {
		struct stored_job job = job_of(key_of(i));
		memcpy(noise, &i, sizeof i);
		job.log = (struct bytes){ noise, sizeof noise };
		if (store_put(s, run, &job, f) < 0)
			return i;
	}
	return 1000;
}

static void full_folder_keeps_what_it_has(struct store *s, int64_t run, int error)
{
	struct fault f;
	unsigned stored = fill(s, run, &f);
	ck_assert_msg(stored > 5 && stored < 1000, "%u", stored);
	ck_assert_int_eq(f.kind, FAULT_SYSTEM);
	ck_assert_msg(f.error == error, "%d: %s", f.error, f.text);
	ck_assert_msg(strstr(f.text, dir) != NULL && strstr(f.text, "what was graded so far is kept") != NULL,
		      "%s", f.text);
	for (unsigned i = 0; i < stored; i++)
		ck_assert(found(s, key_of(i)));
	ck_assert(!found(s, key_of(stored)));
}

START_TEST(a_file_that_may_not_grow_is_a_fault_and_nothing_is_lost)
{
	(void)signal(SIGXFSZ, SIG_IGN);
	CLEANUP(store_closep) struct store *s = must_open();
	int64_t run = must_begin(s);
	struct rlimit limit = { 1 << 20, RLIM_INFINITY };
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	full_folder_keeps_what_it_has(s, run, EFBIG);
	limit.rlim_cur = RLIM_INFINITY;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	must_put(s, run, key_of(5000));
	ck_assert(found(s, key_of(5000)));
	ck_assert_str_eq(ask("PRAGMA integrity_check"), "ok");
}
END_TEST

START_TEST(a_full_disk_is_a_fault_and_nothing_is_lost)
{
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", dir, "tmpfs", 0, "size=1m") < 0) {
		(void)fprintf(stderr, "skipped: no tmpfs of my own here\n");
		return;
	}
	struct store *s = must_open();
	int64_t run = must_begin(s);
	struct fault f;
	full_folder_keeps_what_it_has(s, run, ENOSPC);
	static char program[1 << 20];
	ck_assert_int_eq(store_put_program(s, KEY, (struct bytes){ program, sizeof program }, &f), -1);
	ck_assert(strstr(f.text, "what was graded so far is") != NULL && f.error == ENOSPC);
	ck_assert(!store_has_program(s, KEY));
	ck_assert_int_eq(mount("none", dir, NULL, MS_REMOUNT, "size=8m"), 0);
	must_put(s, run, key_of(5000));
	ck_assert(found(s, key_of(5000)));
	ck_assert_str_eq(ask("PRAGMA integrity_check"), "ok");
	store_close(s);
	(void)umount(dir);
}
END_TEST

START_TEST(refuses_a_newer_schema)
{
	store_close(must_open());
	(void)ask("UPDATE meta SET value = '2' WHERE name = 'schema'");
	opening_says(FAULT_INPUT, "was written by a newer grader (format 2, this one knows 1)");
	(void)ask("UPDATE meta SET value = 'x' WHERE name = 'schema'");
	opening_says(FAULT_INPUT, "no format number");
	(void)ask("DELETE FROM meta");
	opening_says(FAULT_INPUT, "no format number");
}
END_TEST

START_TEST(refuses_what_is_no_database)
{
	static const char garbage[5000] = "This is a text, not a database.";
	write_db(garbage, sizeof garbage);
	opening_says(FAULT_INPUT, "move it away, and all is graded anew");
}
END_TEST

START_TEST(refuses_the_database_of_another_program)
{
	(void)ask("CREATE TABLE bookmarks (x)");
	opening_says(FAULT_INPUT, "a database of another program");
	ck_assert_str_eq(ask("PRAGMA journal_mode"), "delete");
	(void)ask("CREATE TABLE meta (name, value)");
	(void)ask("INSERT INTO meta VALUES ('schema', '1')");
	opening_says(FAULT_INPUT, "no such table");
}
END_TEST

START_TEST(an_empty_file_is_a_new_store)
{
	write_db("", 0);
	store_close(must_open());
}
END_TEST

START_TEST(damage_is_a_fault_wherever_it_is)
{
	CLEANUP(buf_done) struct buf whole = { 0 };
	char path[100];
	struct fault f;
	struct store *s = must_open();
	(void)fill(s, must_begin(s), &f);
	store_close(s);
	(void)snprintf(path, sizeof path, "%s/results.db", dir);
	ck_assert_int_eq(truncate(path, 200000), 0);
	ck_assert_int_eq(io_read_file(-1, path, 1 << 20, &whole, &f), 0);
	for (size_t at = 0; at < whole.len; at += 4096) {
		char kept[64];
		memcpy(kept, whole.at + at, sizeof kept);
		memset(whole.at + at, 0xa5, sizeof kept);
		write_db(whole.at, whole.len);
		memcpy(whole.at + at, kept, sizeof kept);
		CLEANUP(arena_done) struct arena a = { 0 };
		CLEANUP(store_closep) struct store *damaged = NULL;
		struct stored_job job;
		bool is_there;
		if (store_open(dir, &damaged, &f) < 0) {
			ck_assert_int_eq(f.kind, FAULT_INPUT);
			continue;
		}
		for (unsigned i = 0; i < 1000; i += 50)
			if (store_find(damaged, &a, key_of(i), &job, &is_there, &f) < 0)
				ck_assert_int_eq(f.kind, FAULT_INPUT);
	}
}
END_TEST

START_TEST(a_damaged_job_is_a_fault)
{
	static const char *const damages[] = {
		"UPDATE jobs SET outcome = 'fault'",
		"UPDATE jobs SET outcome = 'great'",
		"UPDATE jobs SET kind = x'00'",
		"UPDATE jobs SET wall_us = -1",
		"UPDATE jobs SET journal = x'28b52ffd'",
		"UPDATE jobs SET journal = 'text'",
		"UPDATE jobs SET journal = x'28b52ffd04580900004142' || zeroblob(5)",
	};
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(store_closep) struct store *s = must_open();
	int64_t run = must_begin(s);
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		struct stored_job job;
		struct bytes journal;
		bool is_there;
		struct fault f;
		must_put(s, run, KEY);
		(void)ask(damages[i]);
		ck_assert(store_find(s, &a, KEY, &job, &is_there, &f) < 0 ||
			  store_find_journal(s, &a, KEY, &journal, &f) < 0);
		ck_assert_int_eq(f.kind, FAULT_INPUT);
	}
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_a_fault)
{
	struct store *s = NULL;
	struct fault f;
	ck_assert_int_eq(store_open("/proc/no/such", &s, &f), -1);
	ck_assert(strstr(f.text, "/proc/no") != NULL);
	char path[100];
	(void)snprintf(path, sizeof path, "%s/results.db", dir);
	ck_assert_int_eq(mkdir(path, 0755), 0);
	opening_says(FAULT_SYSTEM, "cannot be written");
}
END_TEST

START_TEST(programs_are_files_with_0755)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf back = { 0 };
	struct fault f;
	struct stat st;
	(void)umask(077);
	CLEANUP(store_closep) struct store *s = must_open();
	const char *path = store_program_path(s, &a, KEY);
	ck_assert(path[0] == '/' && strstr(path, "/programs/" KEY) != NULL);
	ck_assert(!store_has_program(s, KEY));
	ck_assert_int_eq(store_put_program(s, KEY, BYTES_LITERAL("\177ELF\0"), &f), 0);
	ck_assert(store_has_program(s, KEY));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0755);
	ck_assert_int_eq(io_read_file(-1, path, 100, &back, &f), 0);
	ck_assert(bytes_equal(buf_bytes(&back), BYTES_LITERAL("\177ELF\0")));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("store");
	TCase *t = tcase_create("store");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, make_dir, remove_dir);
	suite_add_tcase(suite, t);
	tcase_add_test(t, a_result_is_found_as_it_was_put);
	tcase_add_test(t, a_second_result_replaces_the_first);
	tcase_add_test(t, a_run_is_on_record);
	tcase_add_test(t, a_fault_is_no_result);
	tcase_add_test(t, refuses_a_key_that_is_none);
	tcase_add_test(t, is_opened_again_after_a_clean_close);
	tcase_add_test(t, what_was_stored_is_there_after_kill_9);
	tcase_add_test(t, two_graders_do_not_share_a_folder);
	tcase_add_test(t, workers_of_a_killed_grader_do_not_keep_the_folder);
	tcase_add_test(t, a_file_that_may_not_grow_is_a_fault_and_nothing_is_lost);
	tcase_add_test(t, a_full_disk_is_a_fault_and_nothing_is_lost);
	tcase_add_test(t, refuses_a_newer_schema);
	tcase_add_test(t, refuses_what_is_no_database);
	tcase_add_test(t, refuses_the_database_of_another_program);
	tcase_add_test(t, an_empty_file_is_a_new_store);
	tcase_add_test(t, damage_is_a_fault_wherever_it_is);
	tcase_add_test(t, a_damaged_job_is_a_fault);
	tcase_add_test(t, a_folder_that_cannot_be_made_is_a_fault);
	tcase_add_test(t, programs_are_files_with_0755);
	SRunner *r = srunner_create(suite);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}

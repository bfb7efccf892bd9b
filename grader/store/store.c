#include "store/store.h"

#include "base/io.h"
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <zstd.h>

enum { KEY_LEN = 64, ZSTD_LEVEL = 3 };

static const size_t journal_most_bytes = (size_t)64 << 20;

struct store {
	struct db db;
	char *programs; /* absolute */
	int lock;
};

static const char *const kind_names[] = { [STORED_BUILD] = "build", [STORED_CASE] = "case" };
static const char *const end_names[] = {
	[RUN_DONE] = "done", [RUN_STOPPED] = "stopped", [RUN_FAILED] = "failed"
};

/* -- opening -- */

/*
 * A lock of the process (fcntl), not of the descriptor (flock): the workers, which inherit the descriptor, must not keep
 * the folder locked when the grader itself was killed. The file stays: unlinking it would let two in.
 */
static int take_lock(const char *dir, int *ret, struct fault *f)
{
	CLEANUP_FREE char *path = NULL;
	if (asprintf(&path, "%s/lock", dir) < 0)
		(void)must_alloc(NULL);
	CLEANUP_CLOSE int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "open '%s'", path);
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	if (fcntl(fd, F_SETLK, &lock) < 0) {
		if (errno != EACCES && errno != EAGAIN)
			return fault_set(f, FAULT_SYSTEM, errno, "lock '%s'", path);
		/* who: 0 when it has just gone, or lives where we cannot see it */
		pid_t owner = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? lock.l_pid : 0;
		if (owner > 0)
			return fault_set(f, FAULT_INPUT, 0,
					 "folder '%s' is in use by another grader (process %d)", dir,
					 (int)owner);
		return fault_set(f, FAULT_INPUT, 0, "folder '%s' is in use by another grader", dir);
	}
	*ret = TAKE_FD(fd);
	return 0;
}

static int make_programs(struct store *s, const char *dir, struct fault *f)
{
	CLEANUP_FREE char *whole = realpath(dir, NULL);
	if (whole == NULL)
		return fault_set(f, FAULT_SYSTEM, errno, "folder '%s'", dir);
	if (asprintf(&s->programs, "%s/programs", whole) < 0)
		(void)must_alloc(NULL);
	return io_make_folders(s->programs, 0755, f);
}

int store_open(const char *dir, struct store **ret, struct fault *f)
{
	if (io_make_folders(dir, 0755, f) < 0)
		return -1;
	CLEANUP(store_closep) struct store *s = must_alloc(calloc(1, sizeof *s));
	s->lock = -1;
	if (take_lock(dir, &s->lock, f) < 0 || make_programs(s, dir, f) < 0 || db_open(&s->db, dir, f) < 0)
		return -1;
	*ret = TAKE_PTR(s);
	return 0;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	db_done(&s->db);
	free(s->programs);
	if (s->lock >= 0)
		(void)close(s->lock);
	free(s);
}

/* -- small things -- */

/* Binding copies nothing and fails only for an index that does not exist or more than 10^9 bytes: neither is possible
 * here. A NULL text is bound as NULL. */
static void bind_text(sqlite3_stmt *st, int i, const char *text)
{
	(void)sqlite3_bind_text(st, i, text, -1, SQLITE_STATIC);
}

static void bind_bytes(sqlite3_stmt *st, int i, struct bytes b)
{
	if (b.len > 0)
		(void)sqlite3_bind_blob64(st, i, b.at, b.len, SQLITE_STATIC);
}

static void bind_number(sqlite3_stmt *st, int i, int64_t n)
{
	(void)sqlite3_bind_int64(st, i, n);
}

static int64_t now_us(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int check_key(const char *key, struct fault *f)
{
	if (strlen(key) == KEY_LEN && strspn(key, "0123456789abcdef") == KEY_LEN)
		return 0;
	return fault_set(f, FAULT_BUG, 0, "store: not a key: '%.80s'", key);
}

/* -- runs -- */

int store_begin_run(struct store *s, const struct run_info *info, int64_t *ret_run, struct fault *f)
{
	/* the folder is ours alone: who was making these is dead */
	(void)db_use(&s->db, SQL_END_STALE_RUNS);
	if (db_run(&s->db, SQL_END_STALE_RUNS, f) < 0)
		return -1;
	sqlite3_stmt *st = db_use(&s->db, SQL_BEGIN_RUN);
	bind_number(st, 1, now_us());
	bind_text(st, 2, info->spec_id);
	bind_text(st, 3, info->spec_hash);
	bind_text(st, 4, info->spec_path);
	bind_text(st, 5, info->version);
	bind_text(st, 6, info->kernel);
	bind_text(st, 7, info->compiler);
	bind_text(st, 8, info->options);
	if (db_run(&s->db, SQL_BEGIN_RUN, f) < 0)
		return -1;
	*ret_run = sqlite3_last_insert_rowid(s->db.handle);
	return 0;
}

int store_end_run(struct store *s, int64_t run, enum run_end end, struct fault *f)
{
	sqlite3_stmt *st = db_use(&s->db, SQL_END_RUN);
	bind_number(st, 1, run);
	bind_number(st, 2, now_us());
	bind_text(st, 3, end_names[end]);
	return db_run(&s->db, SQL_END_RUN, f);
}

int store_add_submission(struct store *s, int64_t run, const struct stored_submission *sub, struct fault *f)
{
	sqlite3_stmt *st = db_use(&s->db, SQL_ADD_SUBMISSION);
	bind_number(st, 1, run);
	bind_text(st, 2, sub->name);
	bind_text(st, 3, sub->path);
	bind_text(st, 4, sub->hash);
	bind_text(st, 5, sub->remarks.fr);
	bind_text(st, 6, sub->remarks.en);
	return db_run(&s->db, SQL_ADD_SUBMISSION, f);
}

/* -- jobs: reading; the file may have been damaged or mended by hand, so every column is checked -- */

static const char *column_text(struct arena *a, sqlite3_stmt *st, int i)
{
	const void *text = sqlite3_column_text(st, i);
	return text == NULL ? NULL : arena_copy(a, text, (size_t)sqlite3_column_bytes(st, i));
}

static struct bytes column_bytes(struct arena *a, sqlite3_stmt *st, int i)
{
	const void *at = sqlite3_column_blob(st, i);
	size_t len = (size_t)sqlite3_column_bytes(st, i);
	return (struct bytes){ len == 0 ? NULL : arena_copy(a, at, len), len };
}

/* False: no such name. */
static bool kind_named(const char *name, enum stored_kind *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(kind_names); i++)
		if (name != NULL && strcmp(name, kind_names[i]) == 0) {
			*ret = i;
			return true;
		}
	return false;
}

static bool outcome_named(const char *name, enum outcome *ret)
{
	for (enum outcome o = OUTCOME_PASS; o < OUTCOME_FAULT; o++)
		if (name != NULL && strcmp(name, outcome_name(o)) == 0) {
			*ret = o;
			return true;
		}
	return false;
}

static int read_job(struct store *s, struct arena *a, sqlite3_stmt *st, struct stored_job *ret,
		    struct fault *f)
{
	struct stored_job job = { .key = ret->key };
	if (!kind_named(column_text(a, st, 0), &job.kind) ||
	    !outcome_named(column_text(a, st, 1), &job.verdict.outcome))
		return db_damaged(&s->db, "a job of an unknown kind or outcome", f);
	job.verdict.message = (struct text2){ column_text(a, st, 2), column_text(a, st, 3) };
	if (job.verdict.message.fr == NULL || job.verdict.message.en == NULL)
		return db_damaged(&s->db, "a job without a message", f);
	job.wall_us = sqlite3_column_int64(st, 4);
	job.warnings = sqlite3_column_int64(st, 5);
	if (job.wall_us < 0 || job.warnings < 0)
		return db_damaged(&s->db, "a job with a negative number", f);
	job.first_error = column_text(a, st, 6);
	job.log = column_bytes(a, st, 7);
	*ret = job;
	return 0;
}

int store_find(struct store *s, struct arena *a, const char *key, struct stored_job *ret, bool *ret_found,
	       struct fault *f)
{
	bool row;
	if (check_key(key, f) < 0)
		return -1;
	sqlite3_stmt *st = db_use(&s->db, SQL_FIND);
	bind_text(st, 1, key);
	if (db_row(&s->db, SQL_FIND, &row, f) < 0)
		return -1;
	struct stored_job job = { .key = arena_strdup(a, key) };
	int failed = row ? read_job(s, a, st, &job, f) : 0;
	db_reset(&s->db, SQL_FIND);
	if (failed < 0)
		return -1;
	if (row)
		*ret = job;
	*ret_found = row;
	return 0;
}

static int unpack(struct store *s, struct arena *a, struct bytes packed, struct bytes *ret, struct fault *f)
{
	unsigned long long size = ZSTD_getFrameContentSize(packed.at, packed.len);
	if (size > journal_most_bytes) /* the two error values are the largest there are */
		return db_damaged(&s->db, "a journal that is none", f);
	char *text = arena_alloc(a, (size_t)size + 1);
	size_t n = ZSTD_decompress(text, (size_t)size, packed.at, packed.len);
	if (ZSTD_isError(n) || n != size)
		return db_damaged(&s->db, "a journal that cannot be unpacked", f);
	*ret = (struct bytes){ text, n };
	return 0;
}

int store_find_journal(struct store *s, struct arena *a, const char *key, struct bytes *ret, struct fault *f)
{
	bool row;
	struct bytes journal = { 0 };
	if (check_key(key, f) < 0)
		return -1;
	sqlite3_stmt *st = db_use(&s->db, SQL_FIND_JOURNAL);
	bind_text(st, 1, key);
	if (db_row(&s->db, SQL_FIND_JOURNAL, &row, f) < 0)
		return -1;
	int failed = 0;
	if (row) {
		struct bytes packed = { sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0) };
		failed = packed.len == 0 ? 0 : unpack(s, a, packed, &journal, f);
	}
	db_reset(&s->db, SQL_FIND_JOURNAL);
	if (failed < 0)
		return -1;
	*ret = journal;
	return 0;
}

/* -- jobs: writing -- */

static int pack_journal(struct bytes journal, struct buf *ret, struct fault *f)
{
	if (journal.len == 0)
		return 0;
	if (journal.len > journal_most_bytes)
		return fault_set(f, FAULT_BUG, 0, "store: a journal of %zu bytes", journal.len);
	size_t room = ZSTD_compressBound(journal.len);
	size_t n = ZSTD_compress(buf_room(ret, room), room, journal.at, journal.len, ZSTD_LEVEL);
	if (ZSTD_isError(n)) /* there is room enough: only memory can have run out */
		(void)must_alloc(NULL);
	ret->len = n;
	return 0;
}

static int check_job(const struct stored_job *job, struct fault *f)
{
	if (job->verdict.outcome == OUTCOME_FAULT)
		return fault_set(f, FAULT_BUG, 0, "store: a fault is no result");
	return check_key(job->key, f);
}

int store_put(struct store *s, int64_t run, const struct stored_job *job, struct fault *f)
{
	CLEANUP(buf_done) struct buf packed = { 0 };
	if (check_job(job, f) < 0 || pack_journal(job->journal, &packed, f) < 0)
		return -1;
	sqlite3_stmt *st = db_use(&s->db, SQL_PUT);
	bind_text(st, 1, job->key);
	bind_number(st, 2, run);
	bind_number(st, 3, now_us());
	bind_text(st, 4, kind_names[job->kind]);
	bind_text(st, 5, outcome_name(job->verdict.outcome));
	bind_text(st, 6, job->verdict.message.fr);
	bind_text(st, 7, job->verdict.message.en);
	bind_number(st, 8, job->wall_us);
	bind_number(st, 9, job->warnings);
	bind_text(st, 10, job->first_error);
	bind_bytes(st, 11, job->log);
	bind_bytes(st, 12, buf_bytes(&packed));
	return db_run(&s->db, SQL_PUT, f);
}

int store_link(struct store *s, const struct stored_place *at, const char *key, struct fault *f)
{
	if (check_key(key, f) < 0)
		return -1;
	sqlite3_stmt *st = db_use(&s->db, SQL_LINK);
	bind_number(st, 1, at->run);
	bind_text(st, 2, at->submission);
	bind_text(st, 3, at->item);
	bind_text(st, 4, key);
	return db_run(&s->db, SQL_LINK, f);
}

int store_put_fault(struct store *s, const struct stored_place *at, const struct fault *what, struct fault *f)
{
	sqlite3_stmt *st = db_use(&s->db, SQL_ADD_FAULT);
	bind_number(st, 1, at->run);
	bind_number(st, 2, now_us());
	bind_text(st, 3, at->submission);
	bind_text(st, 4, at->item);
	bind_text(st, 5, fault_kind_name(what->kind));
	bind_text(st, 6, what->text);
	return db_run(&s->db, SQL_ADD_FAULT, f);
}

/* -- programs -- */

const char *store_program_path(const struct store *s, struct arena *a, const char *key)
{
	return arena_printf(a, "%s/%s", s->programs, key);
}

bool store_has_program(const struct store *s, const char *key)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct stat st;
	return stat(store_program_path(s, &a, key), &st) == 0 && S_ISREG(st.st_mode) &&
	       (st.st_mode & 0111) != 0;
}

int store_put_program(const struct store *s, const char *key, struct bytes program, struct fault *f)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	if (check_key(key, f) < 0)
		return -1;
	const char *path = store_program_path(s, &a, key);
	if (io_replace_file(path, program, 0755, f) < 0)
		return fault_wrap(f, "a built program cannot be kept; what was graded so far is");
	/* whatever the umask was: it is run as another user in the box */
	if (chmod(path, 0755) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "chmod '%s'", path);
	return 0;
}

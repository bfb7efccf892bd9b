#include "store/db.h"

#include "base/arena.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { SCHEMA_VERSION = 1, BUSY_MS = 10000 };

static const char schema_sql[] =
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE runs (id INTEGER PRIMARY KEY, started INTEGER NOT NULL, ended INTEGER, spec_id TEXT "
	"NOT NULL,"
	" spec_hash TEXT NOT NULL, spec_path TEXT NOT NULL, version TEXT NOT NULL, kernel TEXT NOT NULL,"
	" compiler TEXT NOT NULL, options TEXT NOT NULL, state TEXT NOT NULL);"
	"CREATE TABLE submissions (run INTEGER NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, hash TEXT "
	"NOT NULL,"
	" remarks_fr TEXT, remarks_en TEXT, PRIMARY KEY (run, name)) WITHOUT ROWID;"
	"CREATE TABLE jobs (key TEXT PRIMARY KEY, run INTEGER NOT NULL, created INTEGER NOT NULL, kind TEXT "
	"NOT NULL,"
	" outcome TEXT NOT NULL, message_fr TEXT NOT NULL, message_en TEXT NOT NULL, wall_us INTEGER NOT "
	"NULL,"
	" warnings INTEGER NOT NULL, first_error TEXT, log BLOB, journal BLOB);"
	"CREATE TABLE run_jobs (run INTEGER NOT NULL, submission TEXT NOT NULL, item TEXT NOT NULL, key TEXT "
	"NOT NULL,"
	" PRIMARY KEY (run, submission, item)) WITHOUT ROWID;"
	"CREATE TABLE faults (id INTEGER PRIMARY KEY, run INTEGER NOT NULL, created INTEGER NOT NULL, "
	"submission TEXT,"
	" item TEXT, kind TEXT NOT NULL, text TEXT NOT NULL);"
	"CREATE INDEX faults_of_run ON faults (run);";

/* WAL: a killed grader loses nothing that was told to be stored; a power cut may lose the last jobs, never the file. */
static const char settings_sql[] =
	"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF;"
	"PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
	"PRAGMA journal_size_limit = 16777216;";

static const char *const statement_sql[] = {
#define X(id, sql) [id] = (sql),
	STATEMENTS(X)
#undef X
};

int db_damaged(const struct db *db, const char *why, struct fault *f)
{
	return fault_set(f, FAULT_INPUT, 0,
			 "'%s/results.db' is damaged or is not the grader's (%s): move it away, and all is "
			 "graded anew",
			 db->dir, why);
}

/* What the connection complains about, as a fault. errno was 0 before the call that failed. */
static int complain(const struct db *db, struct fault *f)
{
	/* SQLite notes the errno of some of its calls only; of the others it is still there */
	int left = errno;
	int noted = sqlite3_system_errno(db->handle);
	int error = noted != 0 ? noted : left;
	const char *why = sqlite3_errmsg(db->handle);
	switch (sqlite3_errcode(db->handle) & 0xff) {
	case SQLITE_NOMEM:
		(void)must_alloc(NULL);
		break;
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return fault_set(f, FAULT_SYSTEM, error,
				 "the results in '%s' cannot be written (%s); what was graded so far is kept",
				 db->dir, why);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fault_set(f, FAULT_SYSTEM, 0, "'%s/results.db' is locked by another program", db->dir);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return db_damaged(db, why, f);
	}
	return fault_set(f, FAULT_BUG, 0, "'%s/results.db': %s", db->dir, why);
}

static int run_sql(struct db *db, const char *sql, struct fault *f)
{
	errno = 0;
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	(void)complain(db, f);
	/* after a full disk SQLite may have left the transaction open */
	if (!sqlite3_get_autocommit(db->handle))
		(void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}

/* The number in the first column of the first row; -1 when there is no row. */
static int ask_number(struct db *db, const char *sql, int64_t *ret, struct fault *f)
{
	sqlite3_stmt *st = NULL;
	errno = 0;
	if (sqlite3_prepare_v2(db->handle, sql, -1, &st, NULL) != SQLITE_OK)
		return complain(db, f);
	int code = sqlite3_step(st);
	int64_t n = code == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
	int failed = code == SQLITE_ROW || code == SQLITE_DONE ? 0 : complain(db, f);
	(void)sqlite3_finalize(st);
	if (failed == 0)
		*ret = n;
	return failed;
}

static int make_schema(struct db *db, struct fault *f)
{
	char sql[sizeof schema_sql + 200];
	(void)snprintf(sql, sizeof sql,
		       "BEGIN IMMEDIATE; %s INSERT INTO meta VALUES ('schema', '%d'); COMMIT;", schema_sql,
		       SCHEMA_VERSION);
	return run_sql(db, sql, f);
}

static int check_schema(struct db *db, struct fault *f)
{
	int64_t tables = 0;
	int64_t metas = 0;
	int64_t version = 0;
	if (ask_number(db, "SELECT count(*) FROM sqlite_schema", &tables, f) < 0)
		return -1;
	if (tables == 0)
		return make_schema(db, f);
	if (ask_number(db, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'meta'",
		       &metas, f) < 0)
		return -1;
	if (metas != 1)
		return db_damaged(db, "a database of another program", f);
	if (ask_number(db, "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'schema'", &version, f) < 0)
		return -1;
	if (version > SCHEMA_VERSION)
		return fault_set(f, FAULT_INPUT, 0,
				 "'%s/results.db' was written by a newer grader (format %lld, this one knows "
				 "%d): use that one, "
				 "or another folder",
				 db->dir, (long long)version, SCHEMA_VERSION);
	if (version < SCHEMA_VERSION)
		return db_damaged(db, "no format number", f);
	return 0;
}

static int prepare_all(struct db *db, struct fault *f)
{
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		if (sqlite3_prepare_v3(db->handle, statement_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
				       &db->statements[i], NULL) != SQLITE_OK) {
			/* a table or a column that our schema has is not there */
			if (sqlite3_errcode(db->handle) == SQLITE_ERROR)
				return db_damaged(db, sqlite3_errmsg(db->handle), f);
			return complain(db, f);
		}
	return 0;
}

int db_open(struct db *db, const char *dir, struct fault *f)
{
	db->dir = must_alloc(strdup(dir));
	CLEANUP_FREE char *path = NULL;
	if (asprintf(&path, "%s/results.db", dir) < 0)
		(void)must_alloc(NULL);
	errno = 0;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	if (sqlite3_open_v2(path, &db->handle, flags, NULL) != SQLITE_OK) {
		(void)must_alloc(db->handle);
		return complain(db, f);
	}
	(void)sqlite3_busy_timeout(db->handle, BUSY_MS); /* somebody looks into it with another program */
	/* the schema first: another program's database is left as it is */
	if (check_schema(db, f) < 0 || run_sql(db, settings_sql, f) < 0)
		return -1;
	return prepare_all(db, f);
}

void db_done(struct db *db)
{
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		(void)sqlite3_finalize(db->statements[i]);
	(void)sqlite3_close(db->handle);
	free(db->dir);
	*db = (struct db){ 0 };
}

sqlite3_stmt *db_use(struct db *db, enum statement which)
{
	db_reset(db, which);
	return db->statements[which];
}

void db_reset(struct db *db, enum statement which)
{
	(void)sqlite3_reset(db->statements[which]);
	(void)sqlite3_clear_bindings(db->statements[which]);
}

int db_row(struct db *db, enum statement which, bool *ret_row, struct fault *f)
{
	errno = 0;
	int code = sqlite3_step(db->statements[which]);
	if (code == SQLITE_ROW || code == SQLITE_DONE) {
		*ret_row = code == SQLITE_ROW;
		return 0;
	}
	(void)complain(db, f);
	db_reset(db, which);
	if (!sqlite3_get_autocommit(db->handle))
		(void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}

int db_run(struct db *db, enum statement which, struct fault *f)
{
	bool row;
	if (db_row(db, which, &row, f) < 0)
		return -1;
	db_reset(db, which);
	return 0;
}

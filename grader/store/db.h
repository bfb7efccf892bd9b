/*
 * db.h - results.db: the connection, its schema, its statements. SQLite's conventions (positive codes, one error a
 * connection) end in db.c and store.c, which alone include this header.
 *
 * May use: base/.
 */
#pragma once

#include "base/fault.h"

#include <sqlite3.h>

/*      id               text */
#define STATEMENTS(X)                                                                                        \
	X(SQL_END_STALE_RUNS, "UPDATE runs SET state = 'cut' WHERE state = 'running'")                       \
	X(SQL_BEGIN_RUN, "INSERT INTO runs (started, spec_id, spec_hash, spec_path, version, kernel, "       \
			 "compiler, options, state)"                                                         \
			 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'running')")                              \
	X(SQL_END_RUN, "UPDATE runs SET ended = ?2, state = ?3 WHERE id = ?1")                               \
	X(SQL_ADD_SUBMISSION,                                                                                \
	  "INSERT OR REPLACE INTO submissions (run, name, path, hash, remarks_fr, remarks_en)"               \
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                                                \
	X(SQL_FIND, "SELECT kind, outcome, message_fr, message_en, wall_us, warnings, first_error, log"      \
		    " FROM jobs WHERE key = ?1")                                                             \
	X(SQL_FIND_JOURNAL, "SELECT journal FROM jobs WHERE key = ?1")                                       \
	X(SQL_PUT, "INSERT OR REPLACE INTO jobs (key, run, created, kind, outcome, message_fr, message_en, " \
		   "wall_us, warnings,"                                                                      \
		   " first_error, log, journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)") \
	X(SQL_LINK, "INSERT OR REPLACE INTO run_jobs (run, submission, item, key) VALUES (?1, ?2, ?3, ?4)")  \
	X(SQL_ADD_FAULT,                                                                                     \
	  "INSERT INTO faults (run, created, submission, item, kind, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")

enum statement {
#define X(id, sql) id,
	STATEMENTS(X)
#undef X
		STATEMENT_COUNT
};

struct db {
	char *dir; /* as the user wrote it, for messages */
	sqlite3 *handle;
	sqlite3_stmt *statements[STATEMENT_COUNT];
};

/* Opens or makes DIR/results.db, its schema and its statements. *db is zeroed before; db_done after, also on -1. */
int db_open(struct db *db, const char *dir, struct fault *f) MUST_CHECK;
void db_done(struct db *db);

/* The statement, ready for new bindings. What is bound must live until db_run, or db_reset after db_row. */
sqlite3_stmt *db_use(struct db *db, enum statement which);

/* Runs a statement that returns no rows, as a transaction of its own: whole or not at all. */
int db_run(struct db *db, enum statement which, struct fault *f) MUST_CHECK;

/* Runs up to the first row; ret_row says whether there is one. db_reset when it has been read. */
int db_row(struct db *db, enum statement which, bool *ret_row, struct fault *f) MUST_CHECK;
void db_reset(struct db *db, enum statement which);

/* The results cannot be trusted: says so, and what to do about it. Returns -1. */
int db_damaged(const struct db *db, const char *why, struct fault *f);

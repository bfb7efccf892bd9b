/*
 * snapshot.h - the files of one submission as they were at one moment, in memory: what is built, hashed and shown.
 *
 * A stranger made the folder, so nothing in it is followed or trusted: every open is O_NOFOLLOW, part by part, below the
 * folder; all is counted and bounded. What cannot be taken is left out with a remark; the rest is still graded.
 *
 * The root, to which all paths are relative:
 *	1. the folder itself, if it holds a Makefile (makefile, GNUmakefile) or a wanted source
 *	2. else the one sub-folder that holds a wanted source; if none does, the one that holds a Makefile
 *	3. else, at any depth, the same: one folder alone (the sheets do not promise this one)
 *	4. else the folder itself, and a remark says what is missing, or which folders compete
 * Files outside the root are not part of the snapshot.
 *
 * Left out: .git and its like, __MACOSX, what file managers leave (.DS_Store); *.o and files named like a program or its
 * make target, since make would take them for up to date; links, FIFOs, sockets, devices; what is over a limit. When there
 * are too many files, the wanted ones come first, then Makefiles, .c and .h, then the others, each in the order of their paths.
 *
 * May use: base/, model/, submissions.h, names.h, remarks.h, tree.h, root.h.
 */
#pragma once

#include "base/hash.h"
#include "plan/submissions.h"

enum {
	SNAPSHOT_DEPTH = 16, /* folders below the submission's */
	SNAPSHOT_ENTRIES = 50000, /* looked at, of any kind */
	SNAPSHOT_PATH = 1000, /* bytes, relative to the submission's folder */
	SNAPSHOT_FILES = 2000,
	SNAPSHOT_FILE_BYTES = 4 * 1024 * 1024,
	SNAPSHOT_BYTES = 32 * 1024 * 1024,
};

struct snapshot_file {
	const char *path; /* relative to the root; raw bytes, no part is "." or ".." */
	struct bytes content;
	bool executable;
};

struct snapshot {
	struct snapshot_file *files; /* sorted by path, as strcmp does */
	size_t n_files;
	int64_t bytes; /* of all contents */
	const char *root; /* relative to the submission's folder, raw; "" is the folder itself */
	bool has_makefile; /* at the root */
	const char *const *
		sources; /* of all programs, NULL-terminated: what the spec asks for. Borrows from the spec */
	struct text2 *remarks;
	size_t n_remarks;
	char hash
		[HASH_HEX]; /* of paths, contents and execute bits: the same files, the same hash, wherever they lie */
};

/*
 * Reads a submission. Everything in *ret lives in `a`, but the names of the sources, which are the spec's.
 *
 * -1  FAULT_INPUT: the submission's folder (or single file) cannot be opened; FAULT_SYSTEM: reading failed for a reason that
 *     is not the submission's (I/O error, no descriptor left), so that it is not graded rather than graded without a file
 */
int snapshot_take(struct arena *a, const struct submission *s, const struct spec *spec, struct snapshot *ret,
		  struct fault *f) MUST_CHECK;

/* The file of that path (relative to the root), or NULL. */
const struct snapshot_file *snapshot_find(const struct snapshot *s, const char *path);

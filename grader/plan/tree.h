/*
 * tree.h - the list of a stranger's files: walked without following links, bounded in depth, number and length of path.
 *
 * Only names and sizes are taken here; snapshot.c reads what it wants. Folders are listed breadth first, each in the order
 * of its names, so that what a limit cuts off lies deep and not beside the Makefile.
 * May use: base/, names.h, remarks.h.
 */
#pragma once

#include <dirent.h>

#include "base/fault.h"
#include "plan/remarks.h"

struct tree_limits {
	size_t depth; /* folders entered one in another */
	size_t entries; /* looked at in all */
	size_t path; /* bytes */
};

/* A cleanup for DIR *; takes NULL. */
void folder_close(DIR **d);

struct tree_file {
	const char *path; /* relative to the top, raw */
	bool executable;
	int64_t size; /* when it was listed */
};

struct tree {
	struct tree_file *files; /* regular files */
	size_t n, cap;
	size_t seen; /* entries of any kind */
};

/*
 * Opens a file (or a folder, with O_DIRECTORY in `flags`) below `top`, each part of the path without following a link.
 * "" is the top itself. Returns a descriptor, or -1 with errno.
 */
int tree_open(int top, const char *path, int flags) MUST_CHECK;

/*
 * Whether an errno of opening or reading says something about the submission (no permission, gone, a link now) rather than
 * about this machine. *ret_why says what.
 */
bool tree_error_is_theirs(int error, enum left_out *ret_why);

/*
 * Lists everything below `top`. What is no regular file is left out with a remark; junk without one. Paths live in `a`.
 *
 * -1  FAULT_SYSTEM: this machine's trouble
 */
int tree_list(struct arena *a, int top, const struct tree_limits *most, struct remarks *r, struct tree *ret,
	      struct fault *f) MUST_CHECK;

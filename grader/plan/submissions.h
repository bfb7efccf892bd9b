/*
 * submissions.h - who handed in what: from the path a teacher or a student gives to a list of submissions.
 *
 * Only names and paths are kept, so that thousands of them cost nothing; snapshot.h reads the files of one.
 *
 * What the path is
 *	a file NAME.c     one submission, whose only file it is
 *	a folder          FOLDER_ONE: one submission. FOLDER_CLASS: each sub-folder is one.
 *	                  FOLDER_GUESS: looked at, in this order:
 *	  1. it holds a wanted source: one submission
 *	  2. it holds a Makefile: one submission, unless two sub-folders hold the same wanted source
 *	     (then it is a class, and the Makefile is the teacher's)
 *	  3. it has no sub-folder: one submission if it holds a .c file, else a class of nobody
 *	  4. all its sub-folders are named like parts of a submission (src, doc, the spec's id, a program: name_is_part): one
 *	  5. it has one sub-folder and loose .c or .h files: one submission
 *	  6. else a class. So a class of one student is a class, and the report bears the student's name
 *	When 4 guesses wrong about a class of one, only the name in the report differs, not the mark.
 * In a class, hidden folders and symbolic links are left out, loose files too; the remarks say so (but for .git and its
 * like). An empty folder is a submission.
 *
 * May use: base/, model/, names.h.
 */
#pragma once

#include "base/fault.h"
#include "model/spec.h"

struct submission {
	const char *
		name; /* for people, UTF-8, one line: name_show() of the folder's name (or the file's, with its .c) */
	const char *path; /* as open() takes it: the bytes of the file system, whatever they are */
	bool is_file; /* a single .c file */
	bool said; /* the path is the one we were given: a symbolic link there is meant, and followed */
};

struct submissions {
	struct submission *at; /* sorted by name, as strcmp does */
	size_t n;
	struct text2 *remarks; /* about the class folder */
	size_t n_remarks;
};

enum folder_is { FOLDER_GUESS, FOLDER_CLASS, FOLDER_ONE };

/*
 * Finds the submissions at `path`. Everything in *ret lives in `a`.
 *
 * -1  FAULT_INPUT: no such path, not allowed, neither a folder nor a .c file; FAULT_SYSTEM: reading the folder failed
 */
int submissions_find(struct arena *a, const char *path, const struct spec *spec, enum folder_is how,
		     struct submissions *ret, struct fault *f) MUST_CHECK;

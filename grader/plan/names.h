/*
 * names.h - the names that a spec asks for, the names that mean something in a submission, and names as people read them.
 *
 * May use: base/, model/.
 */
#pragma once

#include "model/spec.h"

/* Whether make reads a file of this name by itself: GNUmakefile, makefile, Makefile. */
bool name_is_makefile(const char *name);

/* Whether it ends as a C source or header does, in either case: .c, .h. */
bool name_is_c(const char *name);

/* Folders that no submission consists of: .git, __MACOSX and the like. */
bool name_is_junk_folder(const char *name);

/* Files that file managers leave behind: .DS_Store, ._prog.c. */
bool name_is_junk_file(const char *name);

/*
 * Whether a folder of this name is a part of a submission rather than a student's: src, doc, tests, …, the spec's id, or
 * the name of a program. In either case of letters.
 */
bool name_is_part(const char *name, const struct spec *spec);

/* The source files of a program, NULL-terminated: those of the spec, or NAME.c when it tells none. */
const char *const *program_sources(struct arena *a, const struct program *p);

/* The source files of all programs, each once, NULL-terminated. */
const char *const *spec_sources(struct arena *a, const struct spec *spec);

/* For qsort on an array of const char *: the order of strcmp, whatever the locale. */
int names_by_bytes(const void *a, const void *b);

/* "a, b, c": at most eight, then "… (n)". `names` is NULL-terminated. */
const char *names_listed(struct arena *a, const char *const *names);

/*
 * The name of a file as it stands in reports: UTF-8 as it is, quotes too; control and format characters and bytes that are
 * no UTF-8 as \xHH; a backslash before an x as \x5c. Different files have different names.
 */
const char *name_show(struct arena *a, const char *raw);

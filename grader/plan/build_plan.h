/*
 * build_plan.h - how a program of a submission is built: by make if there is a Makefile, else by the sheet's own command.
 *
 * It is only a plan: the build itself runs in a box (law 5), with the snapshot's files and the plan's in it.
 *
 * Variants. The sheet's command simply gets more flags. A Makefile is a stranger's: CFLAGS in the environment lose against
 * `CFLAGS = -O2` in it, CFLAGS on make's command line would win and lose the student's own -I and -D. So the compilers
 * themselves are replaced: BUILD_WRAPPERS holds scripts named cc, gcc, clang, c99, … that add the flags and start the real
 * one, and stands first in PATH. That covers make's own default and CC=gcc, gcc-12, cc, c99; not a compiler called by its
 * full path (CC=/usr/bin/gcc), nor a PATH that the Makefile sets, nor -static (which ASan refuses: that build fails).
 * build_took() tells from the program whether it worked; if not, it is graded without what the variant would have seen.
 *
 * May use: base/, model/, snapshot.h, names.h.
 */
#pragma once

#include "plan/snapshot.h"

#define BUILD_WRAPPERS "/opt/variant"

/* The compiler of the box. */
struct compiler {
	const char *version; /* all that `cc --version` prints */
	bool has_pattern_init; /* knows -ftrivial-auto-var-init=pattern: gcc 12, clang 8 */
};

/* Understands what `cc --version` printed; the text is borrowed. */
struct compiler compiler_of(const char *version);

struct build_file {
	const char *path; /* absolute, in the box */
	const char *content;
	mode_t mode;
};

struct build_plan {
	bool possible;
	struct text2 reason; /* if not: why there is nothing to build. Else NULL */
	char *const *argv; /* NULL-terminated; argv[0] is looked for along PATH of env */
	char *const *env; /* NULL-terminated; the whole environment */
	const char *product; /* where the program is afterwards, relative to the root: its name */
	enum variant variant;
	const struct build_file *files; /* to put in the box beside the snapshot */
	size_t n_files;
};

/*
 * The plan for a program of a submission. Lives in `a`; borrows from `s` and `p`. Cannot fail: where there is nothing to
 * build, the reason says so ("neither Makefile nor serveur_udp.c; found Serveur_UDP.c").
 */
struct build_plan build_plan_make(struct arena *a, const struct snapshot *s, const struct program *p,
				  enum variant v, const struct compiler *c);

/*
 * The key of a build: SHA-256 of all that decides its result: the snapshot's files, the commands, environment and wrappers
 * of the plan, the program's name, the variant, the compiler's version, ours.
 */
void build_key(const struct build_plan *plan, const struct snapshot *s, const struct compiler *c,
	       char ret_hex[HASH_HEX]);

/* Whether the variant's flags reached the program. Always true of VARIANT_PLAIN. */
bool build_took(struct bytes program, enum variant v);

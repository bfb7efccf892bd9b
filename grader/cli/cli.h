/*
 * cli.h - the commands. Only this folder prints.
 *
 * A command is a row in list.h and a file command_NAME.c.
 * May use: everything.
 */
#pragma once

#include "base/fault.h"
#include "base/text.h"
#include "conf/field.h"
#include "model/spec.h"

#include <stdio.h>

/* Exit statuses: a contract with scripts. */
enum exit_status {
	EXIT_GRADED = 0, /* all was graded (and --min reached) */
	EXIT_BELOW =
		1, /* --min not reached; check: something is wrong; spec test: the spec fails its corpus; lint: errors */
	EXIT_USAGE = 2, /* the command line, the spec or the submissions cannot be used */
	EXIT_FAULTED = 3, /* some cases could not be graded: the same command goes on */
	EXIT_STOPPED = 130,
};

struct command {
	const char *name;
	const char *usage; /* its arguments */
	struct text2 help; /* one line */
	int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

#define COMMAND(name) extern const struct command command_##name;
#include "cli/list.h"
#undef COMMAND

/* The kinds of everything a spec may say. */
extern const struct vocabulary vocabulary;

/* The language of this process's messages: --lang, else the environment. */
extern enum lang cli_lang;

/* fr or en, as cli_lang says. For fixed sentences. */
const char *tr(const char *fr, const char *en) __attribute__((format_arg(1), format_arg(2)));

/* "grader: …" on stderr. */
void complain(const char *fmt, ...) PRINTF(1, 2);

/* The command's usage on stderr; returns EXIT_USAGE. */
int usage_of(const struct command *c);

/* Loads a spec; prints all its errors (and advice when `advice`). -1: EXIT_USAGE is due. */
int cli_load_spec(struct arena *a, const char *path, bool advice, struct spec *ret) MUST_CHECK;

/* --lang fr|en. False: not a language; it has been complained about. */
bool cli_set_lang(const char *name);

/* Number of processors we may use. */
int cli_processors(void);

/* A new folder for what nobody keeps; NULL when there can be none (said already). */
const char *cli_temporary_folder(struct arena *a);
void cli_remove_folder(const char *path);

/*
 * Kind "run": a program of the student's. It has no functions: the stage runs it in the box.
 */
#include "reference/peers/peers.h"

#include "sandbox/box/box.h"

static const struct choice inputs[] = {
	{ "terminal", BOX_TERMINAL, "the terminal it shares with stdout" },
	{ "pipe", BOX_PIPE, NULL },
	{ "null", BOX_NULL, "/dev/null" },
	{ "closed", BOX_CLOSED, NULL },
	{ NULL, 0, NULL },
};

static const struct choice outputs[] = {
	{ "terminal", BOX_TERMINAL, NULL }, { "pipe", BOX_PIPE, NULL },     { "file", BOX_FILE, NULL },
	{ "null", BOX_NULL, "/dev/null" },  { "closed", BOX_CLOSED, NULL }, { NULL, 0, NULL },
};

static const struct field fields[] = {
	{ .key = "run",
	  .type = FIELD_TEXTS,
	  .offset = offsetof(struct run_params, argv),
	  .main = true,
	  .required = true,
	  .min = 1,
	  .max = 1000,
	  .help = "the program's name and its arguments; a name with a / is a file of the box" },
	{ .key = "stdin",
	  .type = FIELD_CHOICE,
	  .offset = offsetof(struct run_params, stdin_is),
	  .choices = inputs,
	  .dflt = "terminal",
	  .help = "what its standard input is" },
	{ .key = "stdout",
	  .type = FIELD_CHOICE,
	  .offset = offsetof(struct run_params, stdout_is),
	  .choices = outputs,
	  .dflt = "terminal",
	  .help = "what its standard output is" },
	{ .key = "stderr",
	  .type = FIELD_CHOICE,
	  .offset = offsetof(struct run_params, stderr_is),
	  .choices = outputs,
	  .dflt = "terminal",
	  .help = "what its standard error is: a terminal of its own" },
	{ .key = "env",
	  .type = FIELD_TEXTS,
	  .offset = offsetof(struct run_params, env),
	  .help = "NAME=value, added" },
};

const struct actor_kind actor_kind_run = {
	.kind = { .name = "run",
		  .help = "a program of the student's",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct run_params) },
	.is_process = true,
};

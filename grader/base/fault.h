/*
 * fault.h - "the grader could not do its work": what, why, where.
 *
 * A fault is never a verdict about a student's program. It is flat and owned by the caller: nothing to free,
 * good after fork, and it fits one write to a pipe.
 *
 *	return fault_set(f, FAULT_SYSTEM, errno, "open '%s'", path);
 *	return fault_wrap(f, "spec '%s'", path);        on the way up: add what only you know
 *
 * May use: base.h.
 */
#pragma once

#include "base/base.h"

#include <limits.h>
#include <stdbool.h>

enum fault_kind {
	FAULT_NONE,
	FAULT_SYSTEM, /* a system call failed: disk full, no descriptor left */
	FAULT_INPUT, /* what the teacher gave us cannot be used: spec, folder, option */
	FAULT_WORLD, /* this machine lacks what the job needs: namespaces, a compiler */
	FAULT_WORKER, /* a worker process died or broke its promise */
	FAULT_BUG, /* our own mistake */
};

struct fault {
	enum fault_kind kind;
	int error; /* errno, or 0 */
	char text[1000]; /* one line, no newline at the end; bytes of strangers are escaped */
};

_Static_assert(sizeof(struct fault) <= PIPE_BUF, "a fault fits one atomic write");

/* Fills *f and returns -1, so that it can stand in a return statement. `error` is an errno or 0. */
int fault_set(struct fault *f, enum fault_kind kind, int error, const char *fmt, ...) PRINTF(4, 5);

/* Puts "text: " before what *f says already. Returns -1. */
int fault_wrap(struct fault *f, const char *fmt, ...) PRINTF(2, 3);

/* The kind as one word, stable: it stands in reports. */
const char *fault_kind_name(enum fault_kind kind);

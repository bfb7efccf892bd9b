/*
 * checks.h - the kinds of checks: pure functions of (parameters, observation), run when all is over.
 *
 * May use: base/, conf/, model/, run/explain.h.
 */
#pragma once

#include "model/journal.h"
#include "model/spec.h"

struct check_kind {
	struct kind kind;
	unsigned watch; /* enum watch bits the observation needs */
	/* Whether it holds; if not, *ret_why says what was expected, what came, the likely mistake. */
	bool (*holds)(struct arena *a, const struct spec_case *c, const struct observation *o,
		      const void *params, struct text2 *ret_why);
};

#define KIND(name) extern const struct check_kind check_kind_##name;
#include "checks/list.h"
#undef KIND

/* For a vocabulary: NULL-terminated. */
extern const struct kind *const check_kinds[];

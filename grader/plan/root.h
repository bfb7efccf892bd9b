/*
 * root.h - which folder of a submission its paths are relative to: the rule of snapshot.h.
 *
 * May use: base/, names.h, tree.h.
 */
#pragma once

#include "plan/tree.h"

enum root_how {
	ROOT_TOP, /* the submission's folder holds what is wanted */
	ROOT_BELOW, /* one folder below it alone does */
	ROOT_SEVERAL, /* several do */
	ROOT_NOWHERE, /* none does */
};

struct root {
	enum root_how how;
	const char *path; /* "" for all but ROOT_BELOW */
	const char **rivals; /* ROOT_SEVERAL: the folders, raw, NULL-terminated */
};

/* `sources`: the wanted ones, NULL-terminated. Lives in `a`. */
struct root root_find(struct arena *a, const struct tree *t, const char *const *sources);

/* The path as seen from the root, or NULL when it lies outside. */
const char *root_relative(const struct root *root, const char *path);

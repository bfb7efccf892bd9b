/*
 * spec_load.h - from a YAML file to struct spec.
 *
 * All that is wrong with the file is found in one go and stands in `problems`, in the order of the file.
 * May use: base/, conf/, model/.
 */
#pragma once

#include "conf/field.h"
#include "model/spec.h"

/*
 * Reads and understands a spec.
 *
 * a         everything in *ret lives there
 * problems  errors and lint's advice, sorted
 * -1        the file cannot be read, or has errors (then the fault says how many, problems say which)
 */
int spec_load(struct arena *a, const char *path, const struct vocabulary *v, struct problems *problems,
	      struct spec *ret, struct fault *f) MUST_CHECK;

/* The same of a text in memory; `path` is only for messages. */
int spec_parse(struct arena *a, const char *path, struct bytes text, const struct vocabulary *v,
	       struct problems *problems, struct spec *ret, struct fault *f) MUST_CHECK;

/*
 * steps.h - the kinds of steps.
 */
#pragma once

#include "run/stage.h"

#define KIND(name) extern const struct step_kind step_kind_##name;
#include "run/steps/list.h"
#undef KIND

/* For a vocabulary: NULL-terminated. */
extern const struct kind *const step_kinds[];

/* For explain(): "it did not happen in time" or "cannot happen any more", and where the programs were. */
struct text2 step_explain_never(struct arena *a, const struct spec_case *c, const struct observation *o,
				const struct event *e);

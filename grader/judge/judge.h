/*
 * judge.h - from an observation to a verdict. Pure: the same observation, the same verdict, whenever it is asked.
 *
 * May use: base/, conf/, model/, run/ (explanations of steps), checks/.
 */
#pragma once

#include "model/journal.h"
#include "model/spec.h"
#include "model/verdict.h"

/* Pass or fail; the texts live in `a`. */
void judge_case(struct arena *a, const struct spec_case *c, const struct observation *o, struct verdict *ret);

/* enum watch bits that the checks of a case need. */
unsigned judge_watch(const struct spec_case *c);

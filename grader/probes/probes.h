/*
 * probes.h - the kinds of facts a step can wait for.
 */
#pragma once

#include "run/stage.h"

#define KIND(name) extern const struct probe_kind probe_kind_##name;
#include "probes/list.h"
#undef KIND

/* For a vocabulary: NULL-terminated. */
extern const struct kind *const probe_kinds[];

/* The program has not been started, or has ended: what is waited for cannot come. */
bool probe_program_gone(const struct stage *s, const struct step *st, struct attempt *ret);

/*
 * peers.h - the kinds of actors.
 *
 * May use: base/, conf/, model/, run/actor.h.
 */
#pragma once

#include "run/actor.h"

#define KIND(name) extern const struct actor_kind actor_kind_##name;
#include "reference/peers/list.h"
#undef KIND

/* For a vocabulary: NULL-terminated. */
extern const struct kind *const actor_kinds[];

#include "reference/peers/peers.h"

const struct kind *const actor_kinds[] = {
#define KIND(name) &actor_kind_##name.kind,
#include "reference/peers/list.h"
#undef KIND
	NULL,
};

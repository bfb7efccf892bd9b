#include "checks/checks.h"

const struct kind *const check_kinds[] = {
#define KIND(name) &check_kind_##name.kind,
#include "checks/list.h"
#undef KIND
	NULL,
};

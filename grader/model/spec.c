#include "model/spec.h"

const char *variant_name(enum variant v)
{
	switch (v) {
	case VARIANT_PLAIN:
		return "plain";
	case VARIANT_ASAN:
		return "asan";
	}
	return "unknown";
}

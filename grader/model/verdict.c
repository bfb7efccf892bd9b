#include "model/verdict.h"

const char *outcome_name(enum outcome o)
{
	switch (o) {
	case OUTCOME_PASS:
		return "pass";
	case OUTCOME_FAIL:
		return "fail";
	case OUTCOME_NOT_RUN:
		return "not-run";
	case OUTCOME_FAULT:
		return "fault";
	}
	return "unknown";
}

/*
 * verdict.h - what a case says about the student's program. Never about us: that is a fault.
 */
#pragma once

#include "base/fault.h"
#include "base/text.h"

enum outcome {
	OUTCOME_PASS,
	OUTCOME_FAIL,
	OUTCOME_NOT_RUN, /* the program is missing or does not compile, or a case it depends on failed: no points, and why */
	OUTCOME_FAULT, /* ours: not graded */
};

/* "pass", "fail", "not-run", "fault": stable words of the reports. */
const char *outcome_name(enum outcome o);

struct verdict {
	enum outcome outcome;
	struct text2
		message; /* what was expected, what came, the likely mistake; for a fault: the fault's text. Never NULL */
};

/*
 * session.h - one run of the pipeline as the commands need it: store, reports, progress, Ctrl-C.
 */
#pragma once

#include "cli/pipeline.h"
#include "reports/report.h"

enum { SESSION_REPORTS_MOST = 16 };

struct session_report {
	const struct report_kind *kind;
	const char *path; /* "-": standard output */
	struct report_options options;
};

struct session {
	const struct spec *spec;
	const struct submissions *submissions;
	const char *output; /* results' folder */
	const char *command; /* for the store: the command line */
	int jobs;
	bool again;
	bool quiet;
	bool student_files; /* students/NAME.txt in the results' folder */
	struct session_report reports[SESSION_REPORTS_MOST];
	size_t n_reports;
	/* Called for each sheet, in order; may be NULL. */
	void (*sheet)(void *context, const struct submission *s, const struct sheet *sheet);
	void *context;
};

struct session_result {
	struct pipeline_summary summary;
	bool ungraded; /* some sheet is not settled */
	int64_t lowest_mark; /* hundredths, of the settled ones; INT64_MAX when there is none */
};

/* -1: the run could not go on; what was graded stays in the store. */
int session_run(const struct session *s, struct session_result *ret, struct fault *f) MUST_CHECK;

/*
 * pipeline.h - the way of the data: submissions → builds → cases → verdicts → sheets. The only place that knows the order.
 *
 * A few submissions are under way at a time; a sheet is handed on as soon as it and all before it are complete, so that memory
 * does not grow with the number of submissions and reports come in their order.
 */
#pragma once

#include "model/sheet.h"
#include "plan/submissions.h"
#include "store/store.h"

struct progress {
	size_t done, total; /* submissions */
	size_t cases_done; /* graded in this run, cached ones too */
	size_t cases_run; /* of these, really run */
	size_t cases_total;
	size_t faults;
	const char *running; /* names of what runs, for a line of text; "" when nothing does */
};

struct pipeline_options {
	const struct spec *spec;
	struct store *store;
	int64_t run; /* of the store */
	const char *compiler; /* all that `cc --version` prints */
	const char *identity; /* of the grader: another one's verdicts are not taken over */
	int jobs; /* workers at a time; cases that wait for a clock come on top */
	bool again; /* run every case, whatever the store has; what is built stays built */
	int stop_fd; /* readable: the user wants to stop; -1: none */
	void (*sheet)(void *context, const struct submission *s, const struct sheet *sheet);
	void (*progress)(void *context, const struct progress *p); /* may be NULL */
	void *context;
};

struct pipeline_summary {
	size_t submissions, faults, cases_run, cases_cached;
	bool stopped;
};

/* Grades them all. -1: nothing more can be done (disk full, …); what was graded is in the store. */
int pipeline_run(const struct pipeline_options *o, const struct submissions *all,
		 struct pipeline_summary *ret, struct fault *f) MUST_CHECK;

/*
 * progress.h - what a person sees meanwhile, on stderr: one line that changes on a terminal; else a line now and then.
 */
#pragma once

#include "cli/pipeline.h"

struct progress_view {
	bool terminal, quiet;
	int64_t began_us, last_us;
	size_t last_done;
	bool shown; /* a line stands on the terminal */
};

void progress_begin(struct progress_view *v, bool quiet);
void progress_show(struct progress_view *v, const struct progress *p);
void progress_end(struct progress_view *v);

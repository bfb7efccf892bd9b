/*
 * explain.h - sentences about what the journal holds, for the messages of steps and checks. Pure.
 */
#pragma once

#include "model/journal.h"
#include "model/spec.h"

/* How an actor's program ended; the event is NULL while it had not. */
const struct event *journal_end(const struct observation *o, int actor);

/* "ended with code 1", "was killed by signal 11 (SIGSEGV)", "was still running". */
struct text2 explain_end(struct arena *a, const struct observation *o, int actor);

/* What an actor's program was doing when event `e` (a failed step) was noted: "sleeps in recvfrom()", or explain_end. */
struct text2 explain_state(struct arena *a, const struct spec_case *c, const struct observation *o,
			   const struct event *e, int actor);

/* explain_state of all programs of the case, joined. */
struct text2 explain_programs(struct arena *a, const struct spec_case *c, const struct observation *o,
			      const struct event *e);

/* The first line a program wrote on stderr, quoted; or NULL texts. */
struct text2 explain_stderr(struct arena *a, const struct observation *o, int actor);

/* What was expected and what came, with the likely mistake named when the difference shows one. */
struct text2 explain_difference(struct arena *a, const struct pattern *expected, struct bytes came);

/* Two sentences, or the one that is there. */
struct text2 text_join(struct arena *a, struct text2 first, struct text2 second);

/* "SIGSEGV". */
const char *signal_name(int signal);

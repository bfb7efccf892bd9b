/*
 * stage_internal.h - what the files of the stage share.
 */
#pragma once

#include "run/stage.h"

/* world.c: the box for this case, with the programs in /prog. */
int stage_enter_box(struct stage *s, struct fault *f) MUST_CHECK;

/* facts.c: the observer's events become journal events. */
void stage_observe(void *stage, const struct trace_event *e);
void processes_add(struct stage *s, pid_t pid, pid_t inside, int actor);

/* facts.c: whether every started program that has not ended sleeps for ever; needs two calls, some time apart, to say so. */
bool stage_at_rest(struct stage *s);

/* facts.c: programs that ended may have left processes that are about to end: waits for them, or for their rest. */
int stage_settle(struct stage *s, struct fault *f) MUST_CHECK;

/* facts.c: zombies, processes left, IPC objects, sockets, usage: as events. */
void stage_take_stock(struct stage *s);

/* stage.c: waits for something to happen, at most that long, and handles it. */
int stage_wait(struct stage *s, int64_t timeout_us, struct fault *f) MUST_CHECK;

/* scenario.c: plays the steps; a step that fails ends the scenario and stands in the journal. */
int scenario_play(struct stage *s, struct fault *f) MUST_CHECK;

/* Pushes a block of steps to be played `times` times. For repeat. */
void scenario_push(struct stage *s, const struct steps *steps, int64_t times);

/*
 * arch.h - what differs between processors: registers, and the numbers of the calls we know by name.
 */
#pragma once

#include "base/base.h"

#include <stdbool.h>
#include <sys/types.h>

/* "recvfrom", or NULL for a call that the observer has no name for. */
const char *arch_call_name(long number);

/*
 * The task is in a signal-delivery-stop, inside a call that a signal nobody listens to has interrupted (an effect of being
 * traced: untraced, such a signal would not wake anybody). Puts it back before the call. False when that is not the case.
 */
bool arch_undo_interruption(pid_t tid);

/* A task's call as its registers say it. */
struct arch_call {
	uint64_t number, args[6], result, stack;
};

bool arch_get_call(pid_t tid, struct arch_call *ret);

/* Before the call: another number, other arguments. */
void arch_set_call(pid_t tid, const struct arch_call *c);

/* After it: another result; the arguments' registers. */
void arch_set_call_result(pid_t tid, const struct arch_call *c);

/*
 * clock.h - time, one unit everywhere: int64 microseconds for durations, int64 nanoseconds (monotonic) in the journal.
 */
#pragma once

#include <stdint.h>

/* CLOCK_MONOTONIC, nanoseconds. */
int64_t clock_now_ns(void);

/* CLOCK_MONOTONIC, microseconds. */
int64_t clock_now_us(void);

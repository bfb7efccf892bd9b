/*
 * filter.h - which system calls a program of the box may make; which stop for the observer.
 *
 * Compiled by libseccomp once, loaded as a blob. Foreign convention (-errno) stays in filter.c.
 * May use: base/.
 */
#pragma once

#include "base/fault.h"

#include <linux/filter.h>

/* Groups of calls that can be asked to stop for the observer (SECCOMP_RET_TRACE). */
enum watch {
	WATCH_NAMES = 1 << 0, /* bind, connect, listen: sockets get names */
	WATCH_SENDS = 1 << 1, /* sendto, sendmsg, sendmmsg */
	WATCH_TIMERS =
		1
		<< 2, /* alarm, setitimer, timer_settime, timerfd_settime, setsockopt: somebody will be woken */
	WATCH_WAITS = 1 << 3, /* calls that take a time-out: see observer/hurry.h */
	WATCH_CLOCKS = 1 << 4, /* clock_gettime and its like (not through the vDSO) */
};

struct filter {
	struct sock_fprog program;
	unsigned watched; /* enum watch bits */
};

/* *ret lives until the process ends; the blob is never freed. */
int filter_make(unsigned watched, struct filter *ret, struct fault *f) MUST_CHECK;

/* In the process to be filtered, which must have no_new_privs or CAP_SYS_ADMIN. Returns 0, or -1 with errno. */
int filter_load(const struct filter *f) MUST_CHECK;

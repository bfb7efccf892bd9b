/*
 * hurry.h - time that passes faster for a program that mostly waits.
 *
 * Waiting out a time-out of 3 s proves nothing that a tenth of it would not. So the time-outs a program asks the kernel for are
 * shortened `factor` times, and its clocks are put forward by what was skipped: it lives in a time of its own (real time plus
 * what was skipped), in which everything takes as long as it asked for. A program that only looks at the clock, without asking
 * for a time-out, is not hurried: it takes as long as it takes, and is as right as before.
 *
 * Covered: poll, ppoll, select, pselect6, epoll_wait, epoll_pwait, epoll_pwait2, nanosleep, clock_nanosleep, futex,
 * rt_sigtimedwait, semtimedop; SO_RCVTIMEO on read, recvfrom, recvmsg; alarm, setitimer, timer_settime, timerfd_settime;
 * clock_gettime, gettimeofday, time (the vDSO is hidden from the program at exec).
 * May use: base/, observer's own headers.
 */
#pragma once

#include "sandbox/observer/observer.h"

struct task;

enum { HURRY_TIMERS = 16 };

/* A timer of the program's that has not run out. */
struct hurried_timer {
	long call; /* alarm counts as setitimer */
	uint64_t which; /* timer, itimer or descriptor */
	int64_t real_due_ns, own_due_ns; /* CLOCK_MONOTONIC, and that of the program's time */
};

/* Of the whole case. */
struct hurry {
	int factor; /* 0 or 1: not hurried */
	int64_t skipped_ns;
	int64_t waits; /* calls shortened or put forward, or that might have been */
	int64_t socket_timeout_ns; /* the last SO_RCVTIMEO asked for; 0: none */
	struct hurried_timer timers[HURRY_TIMERS];
	size_t n_timers;
};

/* What a task's present call was before it was shortened. */
struct hurried_call {
	bool changed; /* registers have to be put back */
	uint64_t number;
	uint64_t args[6];
	int64_t own_began_ns; /* in the program's time */
	int64_t asked_ns; /* the time-out in the program's time; -1: none */
	uint64_t scratch; /* where the shortened one stands; 0: in a register */
};

/* The task stands before a watched call. */
void hurry_enter(struct hurry *h, struct task *t);

/* The watched call returned `result`. May change the result and what the program sees in memory. */
void hurry_leave(struct hurry *h, struct task *t, int64_t result);

/* The program was just replaced by another: hides the vDSO from it. */
void hurry_exec(const struct hurry *h, pid_t tid);

/* Looks whether timers have run out meanwhile. */
void hurry_look(struct hurry *h);

/* Whether a call is watched for hurry's sake only, and is no event. */
bool hurry_only(long number);

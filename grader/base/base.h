/*
 * base.h - the few words every file uses: cleanup attributes, handing on, sizes of arrays.
 *
 * May use: nothing.  Statement expressions are allowed in this file only.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* Runs `done(&variable)` when the variable goes out of scope. */
#define CLEANUP(done) __attribute__((cleanup(done)))

static inline void cleanup_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

#define CLEANUP_CLOSE CLEANUP(cleanup_close)
#define CLEANUP_FREE CLEANUP(cleanup_free)

/* Hands a descriptor or a pointer on: the variable no longer owns it. */
#define TAKE_FD(fd)                                                                                          \
	({                                                                                                   \
		int taken_fd_ = (fd);                                                                        \
		(fd) = -1;                                                                                   \
		taken_fd_;                                                                                   \
	})
#define TAKE_PTR(p)                                                                                          \
	({                                                                                                   \
		__typeof__(p) taken_p_ = (p);                                                                \
		(p) = NULL;                                                                                  \
		taken_p_;                                                                                    \
	})

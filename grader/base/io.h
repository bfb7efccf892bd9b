/*
 * io.h - reading and writing whole things. All descriptors are born close-on-exec.
 */
#pragma once

#include "base/bytes.h"
#include "base/fault.h"

#include <sys/types.h>

/* Writes all of it, over short writes and EINTR. */
int io_write_all(int fd, const void *bytes, size_t n, struct fault *f) MUST_CHECK;

/* Reads until end of file into *ret; FAULT_INPUT when there are more than `most` bytes. */
int io_read_all(int fd, size_t most, struct buf *ret, struct fault *f) MUST_CHECK;

/* Reads a file of at most `most` bytes. `at` is a directory descriptor or AT_FDCWD. Follows no last symlink. */
int io_read_file(int at, const char *path, size_t most, struct buf *ret, struct fault *f) MUST_CHECK;

/* Writes beside, flushes, renames over `path`: afterwards the file is whole or as before. */
int io_replace_file(const char *path, struct bytes content, mode_t mode, struct fault *f) MUST_CHECK;

/* Writes a short text to an existing file such as /proc/self/uid_map, in one write. */
int io_put(const char *path, const char *text, struct fault *f) MUST_CHECK;

/* mkdir for each missing folder of the path. */
int io_make_folders(const char *path, mode_t mode, struct fault *f) MUST_CHECK;

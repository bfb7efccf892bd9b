#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

int io_write_all(int fd, const void *bytes, size_t n, struct fault *f)
{
	const char *at = bytes;
	while (n > 0) {
		ssize_t done = write(fd, at, n);
		if (done < 0) {
			if (errno == EINTR)
				continue;
			return fault_set(f, FAULT_SYSTEM, errno, "write");
		}
		at += done;
		n -= (size_t)done;
	}
	return 0;
}

int io_read_all(int fd, size_t most, struct buf *ret, struct fault *f)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	for (;;) {
		char *room = buf_room(&b, 16384);
		ssize_t n = read(fd, room, 16384);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault_set(f, FAULT_SYSTEM, errno, "read");
		if (n == 0)
			break;
		b.len += (size_t)n;
		if (b.len > most)
			return fault_set(f, FAULT_INPUT, 0, "larger than %zu bytes", most);
	}
	buf_done(ret);
	*ret = b;
	b = (struct buf){ 0 };
	return 0;
}

int io_read_file(int at, const char *path, size_t most, struct buf *ret, struct fault *f)
{
	/* O_NONBLOCK: a FIFO in a submission must not stop us */
	CLEANUP_CLOSE int fd = openat(at, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "open '%s'", path);
	if (io_read_all(fd, most, ret, f) < 0)
		return fault_wrap(f, "'%s'", path);
	return 0;
}

static int write_and_flush(int fd, struct bytes content, struct fault *f)
{
	if (io_write_all(fd, content.at, content.len, f) < 0)
		return -1;
	if (fsync(fd) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "fsync");
	return 0;
}

int io_replace_file(const char *path, struct bytes content, mode_t mode, struct fault *f)
{
	char beside[4096];
	int n = snprintf(beside, sizeof beside, "%s.%d.part", path, (int)getpid());
	if (n < 0 || (size_t)n >= sizeof beside)
		return fault_set(f, FAULT_INPUT, ENAMETOOLONG, "'%s'", path);
	CLEANUP_CLOSE int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "create '%s'", beside);
	if (write_and_flush(fd, content, f) < 0) {
		(void)unlink(beside);
		return fault_wrap(f, "'%s'", beside);
	}
	if (rename(beside, path) < 0) {
		int error = errno;
		(void)unlink(beside);
		return fault_set(f, FAULT_SYSTEM, error, "rename to '%s'", path);
	}
	return 0;
}

int io_put(const char *path, const char *text, struct fault *f)
{
	CLEANUP_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "open '%s'", path);
	size_t n = strlen(text);
	ssize_t done = write(fd, text, n);
	if (done != (ssize_t)n)
		return fault_set(f, FAULT_SYSTEM, done < 0 ? errno : EIO, "write '%s'", path);
	return 0;
}

int io_make_folders(const char *path, mode_t mode, struct fault *f)
{
	char part[4096];
	size_t n = strlen(path);
	if (n == 0 || n >= sizeof part)
		return fault_set(f, FAULT_INPUT, ENAMETOOLONG, "folder '%s'", path);
	memcpy(part, path, n + 1);
	for (size_t i = 1; i <= n; i++) {
		if (part[i] != '/' && part[i] != '\0')
			continue;
		char kept = part[i];
		part[i] = '\0';
		if (mkdir(part, mode) < 0 && errno != EEXIST)
			return fault_set(f, FAULT_SYSTEM, errno, "make folder '%s'", part);
		part[i] = kept;
	}
	struct stat st;
	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return fault_set(f, FAULT_INPUT, ENOTDIR, "'%s'", path);
	return 0;
}

/*
 * The world of a box: namespaces and file tree. Built by the worker, which keeps a view of it below box_root();
 * init takes a copy of the mounts, pivots into it and makes its own copy read-only.
 */
#include "sandbox/box/box_internal.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>

enum { INSIDE_ID = 1000, COPY_BYTES = 1 << 16 };

static int become(uid_t uid, struct fault *f)
{
	if (uid == 0)
		return fault_set(f, FAULT_BUG, 0, "the box may not run as root");
	if (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0)
		return fault_set(f, FAULT_WORLD, errno, "become user %u", uid);
	/* a change of user makes /proc/self root's; the maps below are written through it */
	if (prctl(PR_SET_DUMPABLE, 1) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "prctl(PR_SET_DUMPABLE)");
	return 0;
}

static int write_maps(uid_t uid, gid_t gid, struct fault *f)
{
	char map[64];
	if (io_put("/proc/self/setgroups", "deny", f) < 0)
		return -1;
	(void)snprintf(map, sizeof map, "%d %u 1", INSIDE_ID, uid);
	if (io_put("/proc/self/uid_map", map, f) < 0)
		return -1;
	(void)snprintf(map, sizeof map, "%d %u 1", INSIDE_ID, gid);
	return io_put("/proc/self/gid_map", map, f);
}

/* Up to where ".." leads nowhere else. The working directory must lie outside our root. */
static int climb(void)
{
	for (int i = 0; i < 1000; i++) {
		struct stat here;
		struct stat above;
		if (stat(".", &here) < 0 || stat("..", &above) < 0 || chdir("..") < 0)
			return -1;
		if (here.st_dev == above.st_dev && here.st_ino == above.st_ino)
			return 0;
	}
	return -1;
}

/* Lays a copy of our old tree over the root of the mount namespace, which is our working directory, and moves into it. */
static int move_into(int tree)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    move_mount(tree, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) < 0 || fchdir(tree) < 0)
		return -1;
	return chroot(".");
}

/*
 * In a chroot (a debootstrap tree) the kernel refuses new user namespaces: our root has to be that of the mount namespace. Root
 * may climb out, in a mount namespace of its own, and take the tree along: everything is where it was, and it is no chroot
 * any more. Nothing changes for who is in none.
 */
static int leave_chroot(struct fault *f)
{
	struct stat ours;
	struct stat top;
	if (unshare(CLONE_NEWNS) < 0)
		return fault_set(f, FAULT_WORLD, errno, "a mount namespace");
	CLEANUP_CLOSE int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	CLEANUP_CLOSE int tree = open_tree(AT_FDCWD, "/", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	if (old < 0 || tree < 0 || chroot("/usr") < 0 || fchdir(old) < 0 || climb() < 0 ||
	    fstat(old, &ours) < 0 || stat(".", &top) < 0 || chroot(".") < 0)
		return fault_set(f, FAULT_WORLD, errno, "look for the root of the mount namespace");
	if (ours.st_dev == top.st_dev && ours.st_ino == top.st_ino)
		return 0;
	if (move_into(tree) < 0)
		return fault_set(f, FAULT_WORLD, errno, "leave the chroot");
	return 0;
}

int world_unshare(const struct box_options *o, struct fault *f)
{
	if (geteuid() == 0 && leave_chroot(f) < 0)
		return -1;
	if (geteuid() == 0 && become(o->uid, f) < 0)
		return -1;
	uid_t uid = geteuid();
	gid_t gid = getegid();
	int flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
		    CLONE_NEWCGROUP;
	if (unshare(flags) < 0)
		return fault_set(f, FAULT_WORLD, errno,
				 "new namespaces are refused (in a container, or by "
				 "kernel.apparmor_restrict_unprivileged_userns, "
				 "or user.max_user_namespaces)");
	if (write_maps(uid, gid, f) < 0) {
		f->kind = FAULT_WORLD;
		return fault_wrap(f, "user namespace");
	}
	if (sethostname("grader", 6) < 0)
		return fault_set(f, FAULT_WORLD, errno, "sethostname");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return fault_set(f, FAULT_WORLD, errno, "make mounts private");
	return 0;
}

int world_choose_root(char ret[64], struct fault *f)
{
	static const char *const places[] = { "/mnt", "/media", "/srv", "/opt", "/boot", "/home" };
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct stat st;
		if (lstat(places[i], &st) == 0 && S_ISDIR(st.st_mode)) {
			(void)snprintf(ret, 64, "%s", places[i]);
			return 0;
		}
	}
	return fault_set(f, FAULT_WORLD, ENOENT, "no folder such as /mnt to build the box on");
}

static int make_dir(const char *root, const char *path, mode_t mode, struct fault *f)
{
	char at[512];
	(void)snprintf(at, sizeof at, "%s%s", root, path);
	if (mkdir(at, mode) < 0 && errno != EEXIST)
		return fault_set(f, FAULT_SYSTEM, errno, "mkdir %s", path);
	if (chmod(at, mode) < 0) /* the umask is not ours to choose */
		return fault_set(f, FAULT_SYSTEM, errno, "chmod %s", path);
	return 0;
}

static int mount_fs(const char *root, const char *path, const char *type, unsigned long flags,
		    const char *data, struct fault *f)
{
	char at[512];
	(void)snprintf(at, sizeof at, "%s%s", root, path);
	if (mount(type, at, type, flags, data) < 0)
		return fault_set(f, FAULT_WORLD, errno, "mount %s on %s", type, path);
	return 0;
}

/* A copy of part of the host's tree, with all that is mounted below it. */
static int bind_host(const char *root, const char *host, const char *path, uint64_t attributes,
		     struct fault *f)
{
	char at[512];
	(void)snprintf(at, sizeof at, "%s%s", root, path);
	CLEANUP_CLOSE int tree = open_tree(AT_FDCWD, host,
					   OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	if (tree < 0)
		return fault_set(f, FAULT_WORLD, errno, "open_tree %s", host);
	struct mount_attr attr = { .attr_set = attributes };
	if (attributes != 0 && mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof attr) < 0)
		return fault_set(f, FAULT_WORLD, errno, "mount_setattr %s", host);
	if (move_mount(tree, "", AT_FDCWD, at, MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return fault_set(f, FAULT_WORLD, errno, "move_mount %s to %s", host, path);
	return 0;
}

/* /usr as it is; /bin, /lib and so on as the host has them: links into /usr, or folders of their own. */
static int build_system(const char *root, struct fault *f)
{
	static const char *const folders[] = {
		"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"
	};
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		struct stat st;
		if (lstat(folders[i], &st) < 0)
			continue;
		if (S_ISLNK(st.st_mode)) {
			char target[256] = { 0 };
			char at[512];
			(void)snprintf(at, sizeof at, "%s%s", root, folders[i]);
			if (readlink(folders[i], target, sizeof target - 1) < 0 || symlink(target, at) < 0)
				return fault_set(f, FAULT_WORLD, errno, "link %s", folders[i]);
		} else if (make_dir(root, folders[i], 0755, f) < 0 ||
			   bind_host(root, folders[i], folders[i],
				     MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, f) < 0) {
			return -1;
		}
	}
	return 0;
}

static int put_text(const char *root, const char *path, const char *text, struct fault *f)
{
	char at[512];
	(void)snprintf(at, sizeof at, "%s%s", root, path);
	CLEANUP_CLOSE int fd = open(at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "create %s in the box", path);
	return io_write_all(fd, text, strlen(text), f);
}

/* A file of the host copied, if the host has it. */
static int copy_host(const char *root, const char *path, struct fault *f)
{
	CLEANUP(buf_done) struct buf content = { 0 };
	struct fault none;
	if (io_read_file(AT_FDCWD, path, 1 << 20, &content, &none) < 0)
		return 0; /* a host without ld.so.cache is slower, not wrong */
	char at[512];
	(void)snprintf(at, sizeof at, "%s%s", root, path);
	CLEANUP_CLOSE int fd = open(at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "create %s in the box", path);
	return io_write_all(fd, content.at, content.len, f);
}

static int build_etc(const char *root, struct fault *f)
{
	struct stat st;
	if (make_dir(root, "/etc", 0755, f) < 0 ||
	    put_text(root, "/etc/passwd",
		     "root:x:0:0:root:/root:/bin/sh\netudiant:x:1000:1000:etudiant:/work:/bin/sh\n", f) < 0 ||
	    put_text(root, "/etc/group", "root:x:0:\netudiant:x:1000:\n", f) < 0 ||
	    put_text(root, "/etc/hosts", "127.0.0.1 localhost grader\n::1 localhost\n", f) < 0 ||
	    put_text(root, "/etc/nsswitch.conf",
		     "passwd: files\ngroup: files\nhosts: files\nservices: files\n", f) < 0 ||
	    put_text(root, "/etc/host.conf", "multi on\n", f) < 0 ||
	    copy_host(root, "/etc/ld.so.cache", f) < 0)
		return -1;
	if (stat("/etc/alternatives", &st) < 0) /* where /usr/bin/cc leads to, on Debian */
		return 0;
	if (make_dir(root, "/etc/alternatives", 0755, f) < 0)
		return -1;
	return bind_host(root, "/etc/alternatives", "/etc/alternatives",
			 MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, f);
}

static int build_dev(const char *root, const char *disk, struct fault *f)
{
	static const char *const nodes[] = { "/dev/null",   "/dev/zero",    "/dev/full",
					     "/dev/random", "/dev/urandom", "/dev/tty" };
	static const char *const links[][2] = { { "/proc/self/fd", "/dev/fd" },
						{ "fd/0", "/dev/stdin" },
						{ "fd/1", "/dev/stdout" },
						{ "fd/2", "/dev/stderr" },
						{ "pts/ptmx", "/dev/ptmx" } };
	if (make_dir(root, "/dev", 0755, f) < 0 || make_dir(root, "/dev/pts", 0755, f) < 0 ||
	    make_dir(root, "/dev/shm", 01777, f) < 0 || make_dir(root, "/dev/mqueue", 01777, f) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		if (put_text(root, nodes[i], "", f) < 0 ||
		    bind_host(root, nodes[i], nodes[i], MOUNT_ATTR_NOSUID, f) < 0)
			return -1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		char at[512];
		(void)snprintf(at, sizeof at, "%s%s", root, links[i][1]);
		if (symlink(links[i][0], at) < 0)
			return fault_set(f, FAULT_SYSTEM, errno, "link %s", links[i][1]);
	}
	const unsigned long quiet = MS_NOSUID | MS_NODEV | MS_NOEXEC;
	if (mount_fs(root, "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620",
		     f) < 0 ||
	    mount_fs(root, "/dev/shm", "tmpfs", quiet, disk, f) < 0)
		return -1;
	return mount_fs(root, "/dev/mqueue", "mqueue", quiet, NULL, f);
}

/* Copies the whole file at `from` (from its start, whatever its offset) or the bytes. */
static int fill_file(int to, const struct box_file *file, struct fault *f)
{
	if (file->fd < 0)
		return io_write_all(to, file->content.at, file->content.len, f);
	char part[COPY_BYTES];
	for (off_t at = 0;;) {
		ssize_t n = pread(file->fd, part, sizeof part, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault_set(f, FAULT_SYSTEM, errno, "read");
		if (n == 0)
			return 0;
		if (io_write_all(to, part, (size_t)n, f) < 0)
			return -1;
		at += n;
	}
}

static int put_file(const char *root, const struct box_file *file, struct fault *f)
{
	char at[PATH_MAX];
	int n = snprintf(at, sizeof at, "%s%s", root, file->path);
	if (n < 0 || (size_t)n >= sizeof at)
		return fault_set(f, FAULT_INPUT, ENAMETOOLONG, "file for the box");
	char *slash = strrchr(at, '/');
	*slash = '\0';
	if (io_make_folders(at, 0755, f) < 0)
		return -1;
	*slash = '/';
	CLEANUP_CLOSE int fd = open(at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, file->mode);
	if (fd < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "create a file in the box");
	if (fchmod(fd, file->mode) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "fchmod");
	return fill_file(fd, file, f);
}

int world_build_tree(const char *root, const struct box_options *o, struct fault *f)
{
	char disk[64];
	(void)snprintf(disk, sizeof disk, "size=%lld,nr_inodes=20000,mode=1777",
		       (long long)o->limits.disk_bytes);
	/* the root itself holds the programs and small files; the program sees it read-only */
	if (mount_fs(root, "", "tmpfs", MS_NOSUID | MS_NODEV, "size=256m,nr_inodes=20000,mode=0755", f) < 0 ||
	    build_system(root, f) < 0 || build_etc(root, f) < 0 || build_dev(root, disk, f) < 0)
		return -1;
	static const char *const folders[] = { "/proc", "/prog", "/work", "/tmp",
					       "/root", "/var",  "/run",  "/opt" };
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		if (make_dir(root, folders[i], 0755, f) < 0)
			return -1;
	}
	if (mount_fs(root, "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, disk, f) < 0 ||
	    mount_fs(root, "/work", "tmpfs", MS_NOSUID | MS_NODEV, disk, f) < 0)
		return -1;
	for (size_t i = 0; i < o->n_files; i++) {
		if (put_file(root, &o->files[i], f) < 0)
			return -1;
	}
	return 0;
}

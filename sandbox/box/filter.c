#include "sandbox/box/filter.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

/*
 * Denied with EPERM: what reaches out of the box, outlives it, or has a history of holes, and no lab needs. Calls that
 * are harmless without capabilities (mount, chroot) are denied too: a wall behind the wall.
 */
static const char *const denied[] = {
	"_sysctl",
	"acct",
	"add_key",
	"bpf",
	"chroot",
	"clock_adjtime",
	"clock_settime",
	"delete_module",
	"fanotify_init",
	"finit_module",
	"fsconfig",
	"fsmount",
	"fsopen",
	"fspick",
	"init_module",
	"io_uring_enter",
	"io_uring_register",
	"io_uring_setup",
	"ioperm",
	"iopl",
	"kcmp",
	"kexec_file_load",
	"kexec_load",
	"keyctl",
	"lookup_dcookie",
	"mount",
	"mount_setattr",
	"move_mount",
	"move_pages",
	"migrate_pages",
	"name_to_handle_at",
	"nfsservctl",
	"open_by_handle_at",
	"open_tree",
	"perf_event_open",
	"pidfd_getfd",
	"pivot_root",
	"process_madvise",
	"process_vm_readv",
	"process_vm_writev",
	"ptrace",
	"quotactl",
	"quotactl_fd",
	"reboot",
	"request_key",
	"setdomainname",
	"sethostname",
	"setns",
	"settimeofday",
	"swapoff",
	"swapon",
	"syslog",
	"umount2",
	"unshare",
	"uselib",
	"userfaultfd",
	"ustat",
	"vhangup",
};

/* Address families that a lab may use; every other socket() is refused as if the kernel had not got it. */
static const int families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK };

struct watched_call {
	const char *name;
	unsigned watch;
};

static const struct watched_call watched_calls[] = {
	{ "bind", WATCH_NAMES },
	{ "connect", WATCH_NAMES },
	{ "listen", WATCH_NAMES },
	{ "sendto", WATCH_SENDS },
	{ "sendmsg", WATCH_SENDS },
	{ "sendmmsg", WATCH_SENDS },
	{ "alarm", WATCH_TIMERS },
	{ "setitimer", WATCH_TIMERS },
	{ "timer_settime", WATCH_TIMERS },
	{ "timerfd_settime", WATCH_TIMERS },
	{ "setsockopt", WATCH_TIMERS },
	{ "poll", WATCH_WAITS },
	{ "ppoll", WATCH_WAITS },
	{ "select", WATCH_WAITS },
	{ "pselect6", WATCH_WAITS },
	{ "epoll_wait", WATCH_WAITS },
	{ "epoll_pwait", WATCH_WAITS },
	{ "epoll_pwait2", WATCH_WAITS },
	{ "nanosleep", WATCH_WAITS },
	{ "clock_nanosleep", WATCH_WAITS },
	{ "rt_sigtimedwait", WATCH_WAITS },
	{ "recvfrom", WATCH_WAITS },
	{ "futex", WATCH_WAITS },
	{ "semtimedop", WATCH_WAITS },
	{ "read", WATCH_WAITS },
	{ "recvmsg", WATCH_WAITS },
	{ "clock_gettime", WATCH_CLOCKS },
	{ "gettimeofday", WATCH_CLOCKS },
	{ "time", WATCH_CLOCKS },
};

static int add_denied(scmp_filter_ctx ctx)
{
	for (size_t i = 0; i < ARRAY_SIZE(denied); i++) {
		int nr = seccomp_syscall_resolve_name(denied[i]);
		if (nr == __NR_SCMP_ERROR)
			continue; /* a call this machine's libseccomp does not know cannot be denied by name */
		int r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), nr, 0);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Namespaces: clone with any CLONE_NEW* flag is refused; clone3 hides its flags in memory, so libc must do without it. */
static int add_clone(scmp_filter_ctx ctx)
{
	static const unsigned long flags[] = { CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,   CLONE_NEWNET,
					       CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP };
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		int r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
					 SCMP_A0(SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
		if (r < 0)
			return r;
	}
	return seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

/* A filter compares an argument once a rule, so the families are refused one by one. */
static int add_sockets(scmp_filter_ctx ctx)
{
	const int beyond = 64; /* more than the kernel has */
	int r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
				 SCMP_A0(SCMP_CMP_GE, (scmp_datum_t)beyond, 0));
	for (int family = 0; r == 0 && family < beyond; family++) {
		bool allowed = false;
		for (size_t i = 0; i < ARRAY_SIZE(families); i++)
			allowed = allowed || families[i] == family;
		if (!allowed)
			r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
					     SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family, 0));
	}
	if (r == 0) /* getifaddrs() and getaddrinfo() ask the routing tables, and nothing else */
		r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 2,
				     SCMP_A0(SCMP_CMP_EQ, AF_NETLINK, 0),
				     SCMP_A2(SCMP_CMP_NE, NETLINK_ROUTE, 0));
	return r;
}

/* The limits of others: init has the student's own user, and could be starved. */
static int add_prlimit(scmp_filter_ctx ctx)
{
	return seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64), 1,
				SCMP_A0(SCMP_CMP_NE, 0, 0));
}

/* Characters pushed into a terminal as if typed. */
static int add_ioctls(scmp_filter_ctx ctx)
{
	int r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
				 SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffU, TIOCSTI));
	if (r == 0)
		r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
				     SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffU, TIOCLINUX));
	return r;
}

static int add_watched(scmp_filter_ctx ctx, unsigned watched)
{
	for (size_t i = 0; i < ARRAY_SIZE(watched_calls); i++) {
		int nr = seccomp_syscall_resolve_name(watched_calls[i].name);
		if ((watched_calls[i].watch & watched) == 0 || nr < 0)
			continue;
		int r = seccomp_rule_add(ctx, SCMP_ACT_TRACE(0), nr, 0);
		if (r < 0)
			return r;
	}
	return 0;
}

static int export_blob(scmp_filter_ctx ctx, struct filter *ret, struct fault *f)
{
	CLEANUP_CLOSE int fd = memfd_create("filter", MFD_CLOEXEC);
	if (fd < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "memfd_create");
	int r = seccomp_export_bpf(ctx, fd);
	off_t size = lseek(fd, 0, SEEK_END);
	if (r < 0 || size <= 0)
		return fault_set(f, FAULT_WORLD, r < 0 ? -r : EIO, "seccomp_export_bpf");
	struct sock_filter *code = malloc((size_t)size);
	if (code == NULL || pread(fd, code, (size_t)size, 0) != size) {
		free(code);
		return fault_set(f, FAULT_SYSTEM, errno, "read the compiled filter");
	}
	ret->program = (struct sock_fprog){ .len = (unsigned short)((size_t)size / sizeof *code),
					    .filter = code };
	return 0;
}

static void release(scmp_filter_ctx *ctx)
{
	if (*ctx != NULL)
		seccomp_release(*ctx);
}

int filter_make(unsigned watched, struct filter *ret, struct fault *f)
{
	CLEANUP(release) scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	if (ctx == NULL)
		return fault_set(f, FAULT_WORLD, 0, "libseccomp does not start");
	/* 32-bit and x32 entries would bypass every rule by number: the process ends */
	int r = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (r == 0)
		r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (r == 0)
		r = add_denied(ctx);
	if (r == 0)
		r = add_clone(ctx);
	if (r == 0)
		r = add_sockets(ctx);
	if (r == 0)
		r = add_prlimit(ctx);
	if (r == 0)
		r = add_ioctls(ctx);
	if (r == 0)
		r = add_watched(ctx, watched);
	if (r < 0)
		return fault_set(f, FAULT_WORLD, -r, "libseccomp");
	ret->watched = watched;
	return export_blob(ctx, ret, f);
}

int filter_load(const struct filter *f)
{
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &f->program);
}

/* What a program finds in its box, as root's worker makes it and as an ordinary user's does. */
#include "box_fixture.h"

#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static int world_fd = -1; /* the helper, to be put into boxes */

/* A loop test's number stands for a row and a starter. */
static int row_of(int i)
{
	return i / STARTERS;
}

static enum starter starter_of(int i)
{
	return (enum starter)(i % STARTERS);
}

static bool not_now(int i)
{
	return geteuid() != 0 && starter_of(i) == AS_ROOT;
}

/* The helper /prog/world in the box with these words; on pipes unless said otherwise. */
static struct play world_play(const char *a, const char *b, const char *c, const char *d)
{
	static struct box_file file;
	file = (struct box_file){ .path = "/prog/world", .fd = world_fd, .mode = 0555 };
	return (struct play){ .argv = { { "/prog/world", a, b, c, d } },
			      .std = { BOX_NULL, BOX_PIPE, BOX_PIPE },
			      .files = &file,
			      .n_files = 1 };
}

static struct play shell_play(const char *script)
{
	return (struct play){ .argv = { { "/bin/sh", "-c", script } },
			      .std = { BOX_NULL, BOX_PIPE, BOX_PIPE } };
}

static void ck_said(const struct box_result *o, const char *what, const char *expected)
{
	ck_assert_msg(strcmp(o->of[0].out, expected) == 0,
		      "%s:\nexpected \"%s\"\nfound    \"%s\"\nstderr   \"%s\"", what, expected, o->of[0].out,
		      o->of[0].err);
}

/* ---- what a shell sees ---- */

#define IN_EACH(folders, command) "for d in " folders "; do " command "; done 2>&1"

static const struct {
	const char *what, *script, *out;
} seen[] = {
	{ "who it is", "id -u; id -g; id -un; id -gn", "1000\n1000\netudiant\netudiant\n" },
	{ "no way to be another",
	  "su root -c true </dev/null >/dev/null 2>&1; setpriv --reuid=0 true 2>/dev/null; "
	  "grep -E '^[UG]id:' /proc/self/status",
	  "Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\n" },
	{ "no capability", "grep ^Cap /proc/self/status | cut -f2 | sort -u", "0000000000000000\n" },
	{ "no new privileges", "grep ^NoNewPrivs: /proc/self/status", "NoNewPrivs:\t1\n" },
	{ "a filter", "grep ^Seccomp: /proc/self/status", "Seccomp:\t2\n" },
	{ "a parent that is there", "test $PPID -gt 1 && echo yes", "yes\n" },
	{ "a small pid", "test $$ -gt 1 && test $$ -lt 10 && echo yes", "yes\n" },
	{ "its own /proc", "cd /proc; for p in [0-9]*; do read name <$p/comm; echo $name; done",
	  "init\ninit\nsh\n" },
	{ "nothing of init's",
	  "cat /proc/1/environ /proc/1/mem 2>&1 | tr -d '\\0'; ls -l /proc/1/fd /proc/1/root 2>&1 | grep -c "
	  "denied",
	  "cat: /proc/1/environ: Permission denied\ncat: /proc/1/mem: Permission denied\n2\n" },
	{ "no command line of the grader's", "cat /proc/1/cmdline /proc/$PPID/cmdline | tr -d '\\0'", "" },
	{ "nothing of its parent's", "cat /proc/$PPID/environ 2>&1 | tr -d '\\0' | sed s/$PPID/N/",
	  "cat: /proc/N/environ: Permission denied\n" },
	{ "an init that cannot be killed", "kill -9 1; kill -TERM 1; kill -0 1 && echo yes", "yes\n" },
	{ "a root that is read-only",
	  IN_EACH("/ /etc /prog /root /opt /var /run /dev", "touch $d/x; echo $?") " | grep -c Read-only",
	  "8\n" },
	{ "a system that is read-only",
	  IN_EACH("/usr /usr/bin /bin /lib", "touch $d/x") " | grep -c Read-only", "4\n" },
	{ "no mount that it could write to, but four",
	  "while read dev at type how rest; do case $how in rw*) echo $at;; esac; done </proc/mounts | "
	  "grep -v -e ^/dev/pts -e ^/proc -e '^/dev/[a-z]*$' ; touch /dev/shm/x /dev/mqueue/x && echo ok",
	  "/tmp\n/work\nok\n" },
	{ "folders to write in", IN_EACH("/tmp /dev/shm /work", "echo x >$d/f && cat $d/f"), "x\nx\nx\n" },
	{ "a queue's place to write in", "touch /dev/mqueue/q && ls /dev/mqueue", "q\n" },
	{ "that they are empty", IN_EACH("/tmp /dev/shm /dev/mqueue /work /root /var /run /opt", "ls -A $d"),
	  "" },
	{ "that they are bounded",
	  IN_EACH("/tmp /dev/shm /work", "head -c 10m /dev/zero >$d/a; head -c 10m /dev/zero >$d/b "
					 "2>/dev/null; cat $d/* | wc -c; rm $d/*"),
	  "16777216\n16777216\n16777216\n" },
	{ "that a program in /tmp and /work may run",
	  "cp /bin/true /tmp/t; cp /bin/true /work/t; /tmp/t && /work/t && echo ok", "ok\n" },
	{ "that none in /dev/shm may", "cp /bin/true /dev/shm/t; /dev/shm/t 2>/dev/null; echo $?", "126\n" },
	{ "our /etc/passwd", "cat /etc/passwd",
	  "root:x:0:0:root:/root:/bin/sh\netudiant:x:1000:1000:etudiant:/work:/bin/sh\n" },
	{ "our /etc/group", "cat /etc/group", "root:x:0:\netudiant:x:1000:\n" },
	{ "no host's file", "ls -d /etc/shadow /etc/resolv.conf /home /srv /mnt /boot /sys 2>/dev/null", "" },
	{ "no host's name", "hostname", "grader\n" },
	{ "that localhost is known", "getent hosts grader; getent ahostsv4 localhost | head -1 | tr -s ' '",
	  "127.0.0.1       localhost grader\n127.0.0.1 STREAM localhost\n" },
	{ "devices",
	  "echo x >/dev/null; head -c 3 /dev/zero | wc -c; echo x 2>/dev/null >/dev/full || echo full; "
	  "head -c 3 /dev/urandom | wc -c; echo /dev/fd/0 | wc -l",
	  "3\nfull\n3\n1\n" },
	{ "no disk", "ls /dev | sort | tr '\\n' ' '",
	  "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero " },
	{ "its umask", "umask", "0022\n" },
	{ "its folder", "pwd; ls -ld . | cut -c1-10", "/work\ndrwxrwxrwt\n" },
	{ "its environment and no other", "env | grep -v -e ^PWD= -e ^_= -e ^OLDPWD= | sort",
	  "LC_ALL=C\nPATH=/usr/bin:/bin\n" },
	{ "signals as they are by default", "grep -E '^Sig(Blk|Ign):' /proc/self/status",
	  "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n" },
	{ "a kernel that kills it first", "cat /proc/self/oom_score_adj", "1000\n" },
	{ "no queue, segment or semaphore",
	  "cat /proc/sysvipc/msg /proc/sysvipc/sem /proc/sysvipc/shm | wc -l", "3\n" },
	{ "no other socket", "cat /proc/net/tcp /proc/net/udp | wc -l", "2\n" },
	{ "a net of one interface", "ls /proc/sys/net/ipv4/conf | tr '\\n' ' '", "all default lo " },
	{ "the compiler", "echo 'int main(void) { return 0; }' >a.c && cc a.c && ./a.out && echo ok",
	  "ok\n" },
};

START_TEST(a_program_sees_what_it_should)
{
	if (not_now(_i))
		return;
	struct play p = shell_play(seen[row_of(_i)].script);
	ck_said(box_play(starter_of(_i), &p), seen[row_of(_i)].what, seen[row_of(_i)].out);
}
END_TEST

START_TEST(files_of_the_host_are_not_there)
{
	char script[400];
	(void)snprintf(script, sizeof script,
		       "ls -A /tmp; cat '%s' 2>&1 | tail -c 26; ls -d '%s' '%s' 2>/dev/null", helper_path,
		       helper_folder, SOURCE_DIR);
	struct play p = shell_play(script);
	ck_said(box_play((enum starter)_i, &p), "host", "No such file or directory\n");
}
END_TEST

/* ---- what a C program sees ---- */

static const struct {
	const char *what;
	const char *args[4];
	const char *out;
} found[] = {
	{ "limits",
	  { "limits" },
	  "cpu 5 6\nfiles 64 64\nfile size 16777216 16777216\ncore 0 0\nstack 8388608 8388608\nprocesses 43 "
	  "43\n"
	  "data 478150656 478150656\n" },
	{ "as many processes as said, itself counted", { "processes" }, "39 children, then EAGAIN\n" },
	{ "memory", { "memory", "100" }, "ok\n" },
	{ "too much memory", { "memory", "1000" }, "ENOMEM\n" },
	{ "addresses", { "addresses" }, "up 1.2.3.4\nup 127.0.0.1\nup ::1\n" },
	{ "port 1 of UDP", { "bind", "udp", "127.0.0.1", "1" }, "ok\n" },
	{ "port 1 of TCP", { "bind", "tcp", "127.0.0.1", "1" }, "ok\n" },
	{ "another address of lo", { "bind", "tcp", "127.0.0.2", "80" }, "ok\n" },
	{ "1.2.3.4, UDP", { "bind", "udp", "1.2.3.4", "4444" }, "ok\n" },
	{ "1.2.3.4, TCP", { "bind", "tcp", "1.2.3.4", "4444" }, "ok\n" },
	{ "::1, UDP", { "bind", "udp", "::1", "53" }, "ok\n" },
	{ "::1, TCP", { "bind", "tcp", "::1", "1023" }, "ok\n" },
	{ "an address of nobody's", { "bind", "udp", "8.8.8.8", "53" }, "EADDRNOTAVAIL\n" },
	{ "a thread", { "thread" }, "ok\n" },
	{ "no other descriptors", { "descriptors" }, "null pipe pipe others 0\n" },
};

START_TEST(a_c_program_finds_what_it_should)
{
	if (not_now(_i))
		return;
	const char *const *args = found[row_of(_i)].args;
	struct play p = world_play(args[0], args[1], args[2], args[3]);
	ck_said(box_play(starter_of(_i), &p), found[row_of(_i)].what, found[row_of(_i)].out);
}
END_TEST

static const struct {
	enum box_std std[3];
	const char *report;
} descriptors[] = {
	{ { BOX_TERMINAL, BOX_TERMINAL, BOX_TERMINAL }, "terminal terminal terminal others 0\n" },
	{ { BOX_PIPE, BOX_PIPE, BOX_PIPE }, "pipe pipe pipe others 0\n" },
	{ { BOX_NULL, BOX_NULL, BOX_NULL }, "null null null others 0\n" },
	{ { BOX_CLOSED, BOX_CLOSED, BOX_CLOSED }, "closed closed closed others 0\n" },
	{ { BOX_NULL, BOX_FILE, BOX_FILE }, "null file file others 0\n" },
	{ { BOX_CLOSED, BOX_TERMINAL, BOX_PIPE }, "closed terminal pipe others 0\n" },
	{ { BOX_PIPE, BOX_CLOSED, BOX_TERMINAL }, "pipe closed terminal others 0\n" },
	{ { BOX_TERMINAL, BOX_FILE, BOX_CLOSED }, "terminal file closed others 0\n" },
};

START_TEST(each_descriptor_is_what_was_asked_for)
{
	if (not_now(_i))
		return;
	struct play p = world_play("descriptors", "report", NULL, NULL);
	memcpy(p.std, descriptors[row_of(_i)].std, sizeof p.std);
	const struct box_result *o = box_play(starter_of(_i), &p);
	/* where 0, 1 or 2 is closed, the report itself takes its number */
	const char *found_there = o->report;
	if (strncmp(descriptors[row_of(_i)].report, "closed", 6) == 0) {
		ck_assert_int_eq(strncmp(found_there, "file ", 5), 0);
		ck_assert_str_eq(strchr(found_there, ' '), strchr(descriptors[row_of(_i)].report, ' '));
	} else if (strstr(descriptors[row_of(_i)].report, "closed") != NULL) {
		ck_assert_ptr_null(strstr(found_there, "closed"));
	} else {
		ck_assert_str_eq(found_there, descriptors[row_of(_i)].report);
	}
}
END_TEST

START_TEST(a_program_stands_in_a_shells_foreground)
{
	struct play p = world_play("terminals", "report", NULL, NULL);
	p.std[0] = p.std[1] = p.std[2] = BOX_TERMINAL;
	const struct box_result *o = box_play((enum starter)_i, &p);
	ck_assert_str_eq(o->report, "stdin and stdout are one terminal\n"
				    "stderr is another\n"
				    "process group: leads\n"
				    "session: follows\n"
				    "session of the parent: yes\n"
				    "foreground: yes\n"
				    "controlling terminal: yes\n"
				    "a session of its own: EPERM\n");
}
END_TEST

START_TEST(ctrl_c_on_the_terminal_reaches_the_program)
{
	struct play p = shell_play("echo ready; read x; echo not this");
	p.std[0] = p.std[1] = BOX_TERMINAL;
	p.when = "ready\n";
	p.type = BYTES_LITERAL("\003");
	const struct box_result *o = box_play((enum starter)_i, &p);
	ck_assert(WIFSIGNALED(o->of[0].status));
	ck_assert_int_eq(WTERMSIG(o->of[0].status), SIGINT);
	ck_assert_ptr_null(strstr(o->of[0].out, "not this"));
}
END_TEST

START_TEST(ctrl_d_on_the_terminal_ends_the_input)
{
	struct play p = shell_play("echo ready; cat; echo over");
	p.std[0] = p.std[1] = BOX_TERMINAL;
	p.when = "ready\n";
	p.type = BYTES_LITERAL("typed\n\004");
	ck_said(box_play((enum starter)_i, &p), "ctrl-d", "ready\ntyped\nover\n");
}
END_TEST

START_TEST(what_is_typed_comes_back_only_when_asked_for)
{
	struct play p = shell_play("echo ready; read x; printf 'got %s\\r\\n' $x");
	p.std[0] = p.std[1] = BOX_TERMINAL;
	p.when = "ready\n";
	p.type = BYTES_LITERAL("typed\n");
	p.echo = true;
	ck_said(box_play((enum starter)_i, &p), "echo", "ready\ntyped\ngot typed\r\n");
	p.echo = false;
	ck_said(box_play((enum starter)_i, &p), "no echo", "ready\ngot typed\r\n");
}
END_TEST

START_TEST(a_closed_pipe_is_the_end_of_the_input)
{
	struct play p = shell_play("echo ready; wc -c");
	p.std[0] = BOX_PIPE;
	p.when = "ready\n";
	p.type = BYTES_LITERAL("ab\0cd");
	p.close_input = true;
	ck_said(box_play((enum starter)_i, &p), "pipe", "ready\n5\n");
}
END_TEST

START_TEST(output_in_a_file_is_read_at_the_end)
{
	struct play p = shell_play("echo one; echo two >&2; ls -A /tmp");
	p.std[1] = p.std[2] = BOX_FILE;
	const struct box_result *o = box_play((enum starter)_i, &p);
	ck_assert_str_eq(o->of[0].out, "one\n");
	ck_assert_str_eq(o->of[0].err, "two\n");
}
END_TEST

START_TEST(files_are_put_where_they_should_be)
{
	const struct box_file files[] = {
		{ .path = "/work/a/b/text.c", .content = BYTES_LITERAL("x\0y"), .fd = -1, .mode = 0644 },
		{ .path = "/prog/script",
		  .content = BYTES_LITERAL("#!/bin/sh\necho script\n"),
		  .fd = -1,
		  .mode = 0555 },
		{ .path = "/opt/empty", .content = { NULL, 0 }, .fd = -1, .mode = 0600 },
	};
	struct play p = shell_play(
		"cd /work/a/b; ls -ln text.c | cut -d' ' -f1-4; wc -c <text.c; /prog/script; "
		"ls -ln /prog/script | cut -c1-10; wc -c </opt/empty; echo more >>text.c && echo ok");
	p.files = files;
	p.n_files = ARRAY_SIZE(files);
	ck_said(box_play((enum starter)_i, &p), "files",
		"-rw-r--r-- 1 1000 1000\n3\nscript\n-r-xr-xr-x\n0\nok\n");
}
END_TEST

START_TEST(two_programs_of_a_box_see_each_other)
{
	struct play p = { .argv = { { "/bin/sh", "-c", "mkfifo /tmp/p; echo hello >/tmp/p" },
				    { "/bin/sh", "-c", "until test -p /tmp/p; do :; done; cat /tmp/p" } },
			  .n = 2,
			  .std = { BOX_NULL, BOX_PIPE, BOX_PIPE } };
	const struct box_result *o = box_play((enum starter)_i, &p);
	ck_assert_str_eq(o->of[1].out, "hello\n");
	ck_assert_int_ne(o->of[0].inside, o->of[1].inside);
}
END_TEST

/* ---- how programs end ---- */

static const struct {
	const char *script;
	int status;
} ends[] = {
	{ "exit 0", 0 << 8 },         { "exit 7", 7 << 8 },         { "exit 255", 255 << 8 },
	{ "kill -TERM $$", SIGTERM }, { "kill -KILL $$", SIGKILL }, { "kill -SEGV $$", SIGSEGV },
	{ "exec true", 0 },
};

START_TEST(the_end_of_a_program_is_news)
{
	struct play p = shell_play(ends[row_of(_i)].script);
	if (not_now(_i))
		return;
	const struct box_result *o = box_play(starter_of(_i), &p);
	ck_assert(o->of[0].ended);
	ck_assert_int_eq(o->of[0].status & 0xff7f, ends[row_of(_i)].status);
	ck_assert_int_eq(o->of[0].status & 0x80, 0); /* no core */
}
END_TEST

START_TEST(too_much_processor_time_is_a_signal)
{
	struct box_limits limits = usual_limits;
	limits.cpu_us = 200000; /* rounded up to a second */
	struct play p = world_play("spin", NULL, NULL, NULL);
	p.limits = &limits;
	const struct box_result *o = box_play((enum starter)_i, &p);
	ck_assert(WIFSIGNALED(o->of[0].status));
	ck_assert_int_eq(WTERMSIG(o->of[0].status), SIGXCPU);
	ck_assert_int_ge(o->of[0].usage.ru_utime.tv_sec + o->of[0].usage.ru_stime.tv_sec, 0);
	ck_assert_int_lt(o->of[0].usage.ru_utime.tv_sec, 3);
}
END_TEST

static const struct {
	const char *path;
	struct bytes content;
	mode_t mode;
	int error;
} not_programs[] = {
	{ "/prog/none", { NULL, 0 }, 0, ENOENT },
	{ "/prog/unexecutable", BYTES_LITERAL("#!/bin/sh\n"), 0444, EACCES },
	{ "/prog/neither", BYTES_LITERAL("no program\n"), 0555, ENOEXEC },
	{ "/prog/nobody", BYTES_LITERAL("#!/bin/nobody\n"), 0555, ENOENT },
	{ "/prog", { NULL, 0 }, 0, EACCES },
};

START_TEST(a_failed_exec_is_news)
{
	int row = row_of(_i);
	if (not_now(_i))
		return;
	const struct box_file file = { .path = not_programs[row].path,
				       .content = not_programs[row].content,
				       .fd = -1,
				       .mode = not_programs[row].mode };
	struct play p = { .argv = { { not_programs[row].path } },
			  .std = { BOX_NULL, BOX_PIPE, BOX_PIPE },
			  .files = &file,
			  .n_files = not_programs[row].mode != 0 };
	const struct box_result *o = box_play(starter_of(_i), &p);
	ck_assert(o->of[0].exec_failed);
	ck_assert_int_eq(o->of[0].exec_error, not_programs[row].error);
	ck_assert(o->of[0].ended);
	ck_assert_int_eq(WEXITSTATUS(o->of[0].status), 127);
}
END_TEST

START_TEST(a_program_that_kills_its_keeper_is_still_reported)
{
	struct play p = shell_play("kill -KILL $PPID; while :; do :; done");
	const struct box_result *o = box_play((enum starter)_i, &p);
	ck_assert(o->of[0].ended);
	ck_assert_int_eq(o->of[0].status, SIGKILL);
}
END_TEST

static bool is_held(struct box *b, pid_t pid, pid_t inside)
{
	char path[64];
	char name[20] = "";
	(void)b;
	(void)snprintf(path, sizeof path, "/proc/%d/comm", pid);
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	return pid > 1 && inside > 1 && pid != inside && read(fd, name, sizeof name - 1) > 0 &&
	       strcmp(name, "init\n") == 0;
}

START_TEST(a_program_is_held_before_exec)
{
	struct play p = shell_play("echo $$");
	p.before_go = is_held;
	const struct box_result *o = box_play((enum starter)_i, &p);
	char inside[20];
	(void)snprintf(inside, sizeof inside, "%d\n", o->of[0].inside);
	ck_said(o, "pid", inside);
}
END_TEST

/* ---- what is refused ---- */

static const struct {
	const char *call, *result;
} calls[] = {
	{ "mount", "EPERM" },
	{ "umount2", "EPERM" },
	{ "pivot_root", "EPERM" },
	{ "chroot", "EPERM" },
	{ "unshare", "EPERM" },
	{ "setns", "EPERM" },
	{ "ptrace", "EPERM" },
	{ "process_vm_readv", "EPERM" },
	{ "process_vm_writev", "EPERM" },
	{ "io_uring_setup", "EPERM" },
	{ "keyctl", "EPERM" },
	{ "add_key", "EPERM" },
	{ "request_key", "EPERM" },
	{ "bpf", "EPERM" },
	{ "perf_event_open", "EPERM" },
	{ "userfaultfd", "EPERM" },
	{ "sethostname", "EPERM" },
	{ "setdomainname", "EPERM" },
	{ "open_by_handle_at", "EPERM" },
	{ "name_to_handle_at", "EPERM" },
	{ "kcmp", "EPERM" },
	{ "pidfd_getfd", "EPERM" },
	{ "syslog", "EPERM" },
	{ "fsopen", "EPERM" },
	{ "open_tree", "EPERM" },
	{ "move_mount", "EPERM" },
	{ "mount_setattr", "EPERM" },
	{ "acct", "EPERM" },
	{ "swapon", "EPERM" },
	{ "reboot", "EPERM" },
	{ "settimeofday", "EPERM" },
	{ "clock_settime", "EPERM" },
	{ "init_module", "EPERM" },
	{ "finit_module", "EPERM" },
	{ "kexec_load", "EPERM" },
	{ "quotactl", "EPERM" },
	{ "fanotify_init", "EPERM" },
	{ "clone3", "ENOSYS" },
	{ "socket vsock", "EAFNOSUPPORT" },
	{ "socket packet", "EAFNOSUPPORT" },
	{ "socket alg", "EAFNOSUPPORT" },
	{ "socket bluetooth", "EAFNOSUPPORT" },
	{ "socket can", "EAFNOSUPPORT" },
	{ "socket 0", "EAFNOSUPPORT" },
	{ "socket vsock with high bits", "EAFNOSUPPORT" },
	{ "socket of no family", "EAFNOSUPPORT" },
	{ "socket uevent", "EAFNOSUPPORT" },
	{ "socket raw", "EPERM" },
	{ "TIOCSTI", "EPERM" },
	{ "TIOCSTI with high bits", "EPERM" },
	{ "TIOCLINUX", "EPERM" },
	{ "setuid root", "EINVAL" },
	{ "setgid root", "EINVAL" },
	{ "mknod", "EPERM" },
	{ "chown", "EINVAL" },
	{ "nice", "EACCES" },
	/* and what a lab needs is not */
	{ "socket route", "ok" },
	{ "socket inet", "ok" },
	{ "socket inet6", "ok" },
	{ "socket unix", "ok" },
	{ "msgget", "ok" },
	{ "shmget", "ok" },
	{ "semget", "ok" },
	{ "mq_open", "ok" },
	{ "timerfd_create", "ok" },
	{ "memfd_create", "ok" },
	{ "inotify_init1", "ok" },
};

static void ck_call(enum starter who, const char *word, const char *name, const char *result)
{
	struct play p = world_play(word, name, NULL, NULL);
	char line[64];
	p.std[0] = BOX_TERMINAL;
	(void)snprintf(line, sizeof line, "%s\n", result);
	ck_said(box_play(who, &p), name, line);
}

START_TEST(a_call_is_refused_or_allowed)
{
	if (!not_now(_i))
		ck_call(starter_of(_i), "call", calls[row_of(_i)].call, calls[row_of(_i)].result);
}
END_TEST

static const struct {
	const char *flags, *result;
} clones[] = {
	{ "none", "ok" },   { "user", "EPERM" },   { "mount", "EPERM" },
	{ "pid", "EPERM" }, { "net", "EPERM" },    { "ipc", "EPERM" },
	{ "uts", "EPERM" }, { "cgroup", "EPERM" }, { "user and pid", "EPERM" },
};

START_TEST(clone_makes_no_namespaces)
{
	if (!not_now(_i))
		ck_call(starter_of(_i), "clone", clones[row_of(_i)].flags, clones[row_of(_i)].result);
}
END_TEST

static const char *const entries[] = { "entry32", "entry-x32" };

START_TEST(the_kernels_other_entries_kill)
{
	if (not_now(_i))
		return;
	struct play p = world_play(entries[row_of(_i)], NULL, NULL, NULL);
	const struct box_result *o = box_play(starter_of(_i), &p);
	ck_said(o, entries[row_of(_i)], "");
	ck_assert(WIFSIGNALED(o->of[0].status));
	/* a kernel without the 32-bit entry has a signal of its own for it */
	int signal = WTERMSIG(o->of[0].status);
	ck_assert_msg(signal == SIGSYS || (signal == SIGSEGV && row_of(_i) == 0), "signal %d", signal);
}
END_TEST

/* ---- the end of a box ---- */

static const struct {
	const char *what, *arg;
} crowds[] = { { "daemons", "20" }, { "bomb", NULL } };

START_TEST(a_killed_box_leaves_nothing)
{
	if (not_now(_i))
		return;
	struct play p = world_play(crowds[row_of(_i)].what, crowds[row_of(_i)].arg, NULL, NULL);
	p.when = "started\n";
	p.kill = true;
	/* all of them hold the pipe: it is at its end when they are gone */
	ck_assert_int_eq(box_play(starter_of(_i), &p)->kept_going, 0);
}
END_TEST

/* In a worker: a box whose program waits; its pids are told. Then the worker waits too. */
static _Noreturn void worker_that_waits(enum starter who, int tell, int until)
{
	static struct filter filter;
	struct fault f;
	const char *const argv[] = { "/bin/cat", NULL };
	const struct box_program program = { .path = argv[0],
					     .argv = (char *const *)argv,
					     .envp = (char *const *)usual_env,
					     .cwd = "/work",
					     .std = { BOX_PIPE, BOX_PIPE, BOX_NULL },
					     .filter = &filter };
	const struct box_options o = {
		.uid = BOX_UID, .limits = usual_limits, .programs = &program, .n_programs = 1, .cpu = -1
	};
	if (who == AS_USER)
		become_ordinary();
	struct box *b;
	pid_t pids[2];
	pid_t inside;
	char x = 'x';
	if (filter_make(0, &filter, &f) < 0 || box_enter(&b, &o, &f) < 0 ||
	    box_start(b, 0, &pids[0], &inside, &f) < 0 || box_go(b, 0, &f) < 0)
		_exit(1);
	/* what it copies back shows that it runs */
	(void)!write(box_std_fd(b, 0, 0), &x, 1);
	struct pollfd p = { .fd = box_std_fd(b, 0, 1), .events = POLLIN };
	(void)poll(&p, 1, -1);
	pids[1] = box_init_pid(b);
	(void)!write(tell, pids, sizeof pids);
	(void)!read(until, &x, 1);
	_exit(0);
}

static int pidfd_of(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	ck_assert_int_ge(fd, 0);
	return fd;
}

static void wait_for_end(int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	ck_assert_int_eq(poll(&p, 1, -1), 1); /* the test's own time-out ends a hang */
	(void)close(pidfd);
}

static void worker_ends(enum starter who, bool killed)
{
	int told[2];
	int until[2];
	pid_t pids[2];
	ck_assert_int_eq(pipe2(told, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(until, O_CLOEXEC), 0);
	pid_t worker = fork();
	if (worker == 0) {
		(void)close(until[1]);
		worker_that_waits(who, told[1], until[0]);
	}
	(void)close(told[1]);
	ck_assert_int_eq(read(told[0], pids, sizeof pids), sizeof pids);
	int program = pidfd_of(pids[0]);
	int init = pidfd_of(pids[1]);
	if (killed)
		ck_assert_int_eq(kill(worker, SIGKILL), 0);
	(void)close(until[1]);
	ck_assert_int_eq(waitpid(worker, NULL, 0), worker);
	wait_for_end(init);
	wait_for_end(program);
}

START_TEST(the_box_dies_with_a_worker_that_is_killed)
{
	worker_ends((enum starter)_i, true);
}
END_TEST

START_TEST(the_box_dies_with_a_worker_that_ends)
{
	worker_ends((enum starter)_i, false);
}
END_TEST

/* Two programs in two boxes hold the same port: each says so, then waits. */
START_TEST(two_boxes_have_the_same_port)
{
	struct box_result *all[2];
	pid_t workers[2];
	for (int i = 0; i < 2; i++) {
		all[i] = box_result_new();
		workers[i] = fork();
		if (workers[i] == 0) {
			struct play p = world_play("hold", "tcp", "127.0.0.1", "4444");
			p.std[0] = BOX_PIPE;
			/* never written: it waits until the worker is killed */
			p.when = "never";
			if (_i == AS_USER)
				become_ordinary();
			all[i]->refused = box_play_inside(&p, all[i], &all[i]->fault) < 0;
			_exit(0);
		}
	}
	const volatile struct box_result *first = all[0];
	const volatile struct box_result *second = all[1];
	while ((first->of[0].out_len < 3 || second->of[0].out_len < 3) && !first->refused && !second->refused)
		(void)sched_yield();
	ck_assert_str_eq(all[0]->of[0].out, "ok\n");
	ck_assert_str_eq(all[1]->of[0].out, "ok\n");
	for (int i = 0; i < 2; i++) {
		(void)kill(workers[i], SIGKILL);
		(void)waitpid(workers[i], NULL, 0);
	}
}
END_TEST

/* ---- faults ---- */

START_TEST(the_box_never_runs_as_root)
{
	if (geteuid() != 0)
		return;
	struct fault f;
	const struct box_options o = { .uid = 0, .limits = usual_limits, .cpu = -1 };
	struct box *b;
	ck_assert_int_eq(box_enter(&b, &o, &f), -1);
	ck_assert_int_eq(f.kind, FAULT_BUG);
	ck_assert_str_eq(f.text, "the box: the box may not run as root");
}
END_TEST

START_TEST(too_many_programs_are_a_fault)
{
	struct fault f;
	const struct box_options o = { .uid = BOX_UID, .n_programs = BOX_PROGRAMS_MOST + 1, .cpu = -1 };
	struct box *b;
	ck_assert_int_eq(box_enter(&b, &o, &f), -1);
	ck_assert_int_eq(f.kind, FAULT_BUG);
}
END_TEST

static TCase *case_of(Suite *suite, const char *name)
{
	TCase *t = tcase_create(name);
	tcase_set_timeout(t, 120);
	suite_add_tcase(suite, t);
	return t;
}

#define ADD_FOR_STARTERS(t, test) tcase_add_loop_test(t, test, first_starter(), STARTERS)
#define ADD_ROWS(t, test, table) tcase_add_loop_test(t, test, 0, (int)ARRAY_SIZE(table) * STARTERS)

static Suite *box_suite(void)
{
	Suite *suite = suite_create("box");
	TCase *t = case_of(suite, "what a program sees");
	ADD_ROWS(t, a_program_sees_what_it_should, seen);
	ADD_ROWS(t, a_c_program_finds_what_it_should, found);
	ADD_FOR_STARTERS(t, files_of_the_host_are_not_there);
	ADD_FOR_STARTERS(t, files_are_put_where_they_should_be);
	ADD_FOR_STARTERS(t, two_programs_of_a_box_see_each_other);
	t = case_of(suite, "descriptors");
	ADD_ROWS(t, each_descriptor_is_what_was_asked_for, descriptors);
	ADD_FOR_STARTERS(t, a_program_stands_in_a_shells_foreground);
	ADD_FOR_STARTERS(t, ctrl_c_on_the_terminal_reaches_the_program);
	ADD_FOR_STARTERS(t, ctrl_d_on_the_terminal_ends_the_input);
	ADD_FOR_STARTERS(t, what_is_typed_comes_back_only_when_asked_for);
	ADD_FOR_STARTERS(t, a_closed_pipe_is_the_end_of_the_input);
	ADD_FOR_STARTERS(t, output_in_a_file_is_read_at_the_end);
	t = case_of(suite, "ends");
	ADD_ROWS(t, the_end_of_a_program_is_news, ends);
	ADD_ROWS(t, a_failed_exec_is_news, not_programs);
	ADD_FOR_STARTERS(t, too_much_processor_time_is_a_signal);
	ADD_FOR_STARTERS(t, a_program_that_kills_its_keeper_is_still_reported);
	ADD_FOR_STARTERS(t, a_program_is_held_before_exec);
	t = case_of(suite, "what is refused");
	ADD_ROWS(t, a_call_is_refused_or_allowed, calls);
	ADD_ROWS(t, clone_makes_no_namespaces, clones);
	ADD_ROWS(t, the_kernels_other_entries_kill, entries);
	t = case_of(suite, "the box");
	ADD_ROWS(t, a_killed_box_leaves_nothing, crowds);
	ADD_FOR_STARTERS(t, the_box_dies_with_a_worker_that_is_killed);
	ADD_FOR_STARTERS(t, the_box_dies_with_a_worker_that_ends);
	ADD_FOR_STARTERS(t, two_boxes_have_the_same_port);
	tcase_add_test(t, the_box_never_runs_as_root);
	tcase_add_test(t, too_many_programs_are_a_fault);
	return suite;
}

int main(void)
{
	int status = box_must_be_possible();
	if (status != 0)
		return status;
	if (!helper_compile("world"))
		return EXIT_FAILURE;
	world_fd = open(helper_path, O_RDONLY | O_CLOEXEC);
	SRunner *runner = srunner_create(box_suite());
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	helper_clean();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/*
 * The tracer. One table of tasks; each stop is of one of five kinds (event, seccomp, call exit, signal, group) and has its own
 * small function. A new task may show itself before its parent's event names it: it is held until then.
 */
#include "sandbox/observer/observer.h"
#include "sandbox/observer/tasks.h"

#include "sandbox/observer/arch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static const unsigned long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
				     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP |
				     PTRACE_O_EXITKILL;

struct observer *observer_new(observer_fn *fn, void *context)
{
	struct observer *o = must_alloc(calloc(1, sizeof *o));
	o->fn = fn;
	o->context = context;
	return o;
}

void observer_hurry(struct observer *o, int factor)
{
	o->hurry.factor = factor;
}

void observer_skip(struct observer *o, int64_t us)
{
	o->hurry.skipped_ns += us * 1000;
}

int64_t observer_waits(const struct observer *o)
{
	return o->hurry.waits;
}

int64_t observer_skipped_us(const struct observer *o)
{
	return o->hurry.skipped_ns / 1000;
}

void observer_free(struct observer *o)
{
	if (o == NULL)
		return;
	free(o->tasks);
	free(o->dead);
	free(o);
}

static void emit(struct observer *o, const struct task *t, struct trace_event e)
{
	e.program = t->program;
	e.pid = t->tgid;
	e.tid = t->tid;
	o->fn(o->context, &e);
}

int observer_take(struct observer *o, pid_t pid, int program, struct fault *f)
{
	if (ptrace(PTRACE_SEIZE, pid, NULL, (void *)options) < 0)
		return fault_set(f, FAULT_WORLD, errno, "trace a program of the box (PTRACE_SEIZE)");
	struct task *t = tasks_add(o, pid);
	t->tgid = pid;
	t->program = program;
	return 0;
}

/* A task that died between two stops: its exit is reported by the next wait, so a failed request needs no care. */
static void go_on(pid_t tid, enum __ptrace_request how, int signal)
{
	(void)ptrace(how, tid, NULL, (void *)(intptr_t)signal);
}

static pid_t thread_group(pid_t tid)
{
	char path[64];
	char text[2048];
	(void)snprintf(path, sizeof path, "/proc/%d/status", tid);
	ssize_t n = proc_read(path, text, sizeof text);
	const char *at = n < 0 ? NULL : strstr(text, "\nTgid:\t");
	return at == NULL ? tid : (pid_t)strtol(at + 7, NULL, 10);
}

static void born(struct observer *o, struct task *t)
{
	unsigned long message = 0;
	if (ptrace(PTRACE_GETEVENTMSG, t->tid, NULL, &message) < 0)
		return;
	pid_t tid = (pid_t)message;
	int program = t->program;
	bool timers = t->timers;
	pid_t tgid = thread_group(tid);
	struct task *child = tasks_find(o, tid);
	if (child == NULL)
		child = tasks_add(o, tid); /* may move the table: t is not used below without looking again */
	child->program = program;
	child->tgid = tgid;
	child->timers = timers;
	if (child->held)
		go_on(tid, PTRACE_CONT, 0);
	child->held = false;
	t = tasks_find(o, o->current);
	emit(o, t, (struct trace_event){ .kind = TRACE_BORN, .child = tid, .thread = tgid != tid });
}

/* Where the call says its address stands, and how long it is; false when it has none. */
static bool find_address(const struct task *t, uint64_t *ret_at, uint64_t *ret_len)
{
	struct msghdr message; /* also the beginning of sendmmsg's array */
	switch (t->call.number) {
	case SYS_bind:
	case SYS_connect:
		*ret_at = t->call.args[1];
		*ret_len = t->call.args[2];
		return true;
	case SYS_sendto:
		*ret_at = t->call.args[4];
		*ret_len = t->call.args[5];
		return true;
	case SYS_sendmsg:
	case SYS_sendmmsg:
		if (!memory_read(t->tid, t->call.args[1], &message, sizeof message))
			return false;
		*ret_at = (uint64_t)(uintptr_t)message.msg_name;
		*ret_len = message.msg_namelen;
		return true;
	default:
		return false;
	}
}

static void read_address(struct task *t)
{
	uint64_t at;
	uint64_t len;
	if (!find_address(t, &at, &len) || len < sizeof(sa_family_t) ||
	    !memory_read(t->tid, at, &t->call.address, MIN((size_t)len, sizeof t->call.address)))
		t->call.address.ss_family = AF_UNSPEC;
}

/* A watched call begins. */
static void call_entered(struct observer *o, struct task *t)
{
	struct __ptrace_syscall_info info = { 0 };
	t->in_call = false;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, (void *)sizeof info, &info) > 0 &&
	    info.op == PTRACE_SYSCALL_INFO_SECCOMP) {
		t->in_call = true;
		t->call = (struct trace_call){ .number = (long)info.seccomp.nr };
		t->call.name = arch_call_name(t->call.number);
		memcpy(t->call.args, info.seccomp.args, sizeof t->call.args);
		read_address(t);
		hurry_enter(&o->hurry, t);
	}
	/* from here to the call's end, and not further */
	go_on(t->tid, t->in_call ? PTRACE_SYSCALL : PTRACE_CONT, 0);
}

/* Whether the call asks the kernel to wake somebody later. */
static bool arms_a_timer(const struct trace_call *c)
{
	switch (c->number) {
	case SYS_alarm:
		return c->args[0] != 0;
	case SYS_setitimer:
	case SYS_timer_settime:
	case SYS_timerfd_settime:
		return true;
	case SYS_setsockopt:
		return c->args[1] == SOL_SOCKET && (c->args[2] == SO_RCVTIMEO || c->args[2] == SO_SNDTIMEO);
	default:
		return false;
	}
}

static void call_returned(struct observer *o, struct task *t)
{
	struct __ptrace_syscall_info info = { 0 };
	if (t->in_call && ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, (void *)sizeof info, &info) > 0 &&
	    info.op == PTRACE_SYSCALL_INFO_EXIT) {
		t->in_call = false;
		if (info.exit.rval >= 0 && arms_a_timer(&t->call))
			tasks_mark_timers(o, t->program);
		hurry_leave(&o->hurry, t, info.exit.rval);
		if (!hurry_only(t->call.number))
			emit(o, t,
			     (struct trace_event){
				     .kind = TRACE_CALL, .value = info.exit.rval, .call = &t->call });
	}
	go_on(t->tid, PTRACE_CONT, 0);
}

/* After exec by a thread, the process has one task, whose id is the process's. */
static void exec_done(struct observer *o, struct task *t)
{
	pid_t tgid = t->tgid;
	tasks_drop_threads(o, tgid);
	t = tasks_find(o, tgid);
	hurry_exec(&o->hurry, tgid);
	if (t != NULL)
		emit(o, t, (struct trace_event){ .kind = TRACE_EXEC });
}

static bool nobody_listens(pid_t tgid, int signal)
{
	char path[64];
	char text[2048];
	(void)snprintf(path, sizeof path, "/proc/%d/status", tgid);
	if (proc_read(path, text, sizeof text) < 0)
		return false;
	uint64_t bit = 1ULL << (signal - 1);
	const char *ignored = strstr(text, "\nSigIgn:\t");
	const char *caught = strstr(text, "\nSigCgt:\t");
	if (ignored != NULL && (strtoull(ignored + 9, NULL, 16) & bit) != 0)
		return true;
	bool ignored_by_default = signal == SIGCHLD || signal == SIGURG || signal == SIGWINCH;
	return ignored_by_default && caught != NULL && (strtoull(caught + 9, NULL, 16) & bit) == 0;
}

static void signal_stop(struct observer *o, struct task *t, int signal)
{
	pid_t tid = t->tid;
	if (nobody_listens(t->tgid, signal)) {
		(void)arch_undo_interruption(tid);
		go_on(tid, t->in_call ? PTRACE_SYSCALL : PTRACE_CONT, 0);
		return;
	}
	bool in_call = t->in_call;
	emit(o, t, (struct trace_event){ .kind = TRACE_SIGNAL, .value = signal });
	go_on(tid, in_call ? PTRACE_SYSCALL : PTRACE_CONT, signal);
}

static bool is_stopping(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

static void stopped(struct observer *o, struct task *t, int status)
{
	int signal = WSTOPSIG(status);
	pid_t tid = t->tid;
	o->current = tid;
	t->stopped = false;
	switch (status >> 16) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		born(o, t);
		go_on(tid, PTRACE_CONT, 0);
		return;
	case PTRACE_EVENT_EXEC:
		exec_done(o, t);
		go_on(tid, PTRACE_CONT, 0);
		return;
	case PTRACE_EVENT_SECCOMP:
		call_entered(o, t);
		return;
	case PTRACE_EVENT_STOP:
		if (t->program < 0)
			t->held = true; /* nobody has said yet whose it is */
		else if (is_stopping(signal)) {
			t->stopped = true;
			go_on(tid, PTRACE_LISTEN, 0); /* stopped as it should be, until SIGCONT */
		} else
			go_on(tid, t->in_call ? PTRACE_SYSCALL : PTRACE_CONT, 0);
		return;
	default:
		break;
	}
	if (signal == (SIGTRAP | 0x80))
		call_returned(o, t);
	else
		signal_stop(o, t, signal);
}

static void ended(struct observer *o, struct task *t, int status)
{
	bool thread = t->tid != t->tgid;
	hurry_look(&o->hurry);
	emit(o, t, (struct trace_event){ .kind = TRACE_EXIT, .value = status, .thread = thread });
	if (!thread)
		tasks_add_dead(o, t->tid, t->program);
	tasks_remove(o, t->tid);
}

int observer_pump(struct observer *o, struct fault *f)
{
	for (;;) {
		int status;
		pid_t tid = waitpid(-1, &status, __WALL | WNOHANG);
		if (tid == 0 || (tid < 0 && errno == ECHILD))
			return 0;
		if (tid < 0 && errno == EINTR)
			continue;
		if (tid < 0)
			return fault_set(f, FAULT_SYSTEM, errno, "waitpid");
		struct task *t = tasks_find(o, tid);
		bool over = WIFEXITED(status) || WIFSIGNALED(status);
		if (t == NULL && over) {
			struct trace_event e = {
				.kind = TRACE_OTHER, .program = -1, .pid = tid, .tid = tid, .value = status
			};
			o->fn(o->context, &e);
		} else if (over) {
			ended(o, t, status);
		} else {
			if (t == NULL) /* shows itself before its parent's event */
				t = tasks_add(o, tid);
			stopped(o, t, status);
		}
	}
}

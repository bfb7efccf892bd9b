#include "sandbox/observer/arch.h"

#include <errno.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>

#ifndef __x86_64__
#error "write arch_PROCESSOR.c: registers and the length of the system call instruction"
#endif

enum { SYSCALL_INSTRUCTION_BYTES = 2 };

struct name {
	long number;
	const char *name;
};

#define CALL(x)                                                                                              \
	{                                                                                                    \
		SYS_##x, #x                                                                                  \
	}
static const struct name names[] = {
	CALL(accept),
	CALL(accept4),
	CALL(alarm),
	CALL(bind),
	CALL(clock_gettime),
	CALL(clock_nanosleep),
	CALL(connect),
	CALL(epoll_pwait),
	CALL(epoll_pwait2),
	CALL(epoll_wait),
	CALL(flock),
	CALL(futex),
	CALL(getrandom),
	CALL(gettimeofday),
	CALL(listen),
	CALL(mq_timedreceive),
	CALL(mq_timedsend),
	CALL(msgrcv),
	CALL(msgsnd),
	CALL(nanosleep),
	CALL(open),
	CALL(openat),
	CALL(pause),
	CALL(poll),
	CALL(ppoll),
	CALL(pread64),
	CALL(pselect6),
	CALL(pwrite64),
	CALL(read),
	CALL(readv),
	CALL(recvfrom),
	CALL(recvmmsg),
	CALL(recvmsg),
	CALL(rt_sigsuspend),
	CALL(rt_sigtimedwait),
	CALL(select),
	CALL(semop),
	CALL(semtimedop),
	CALL(sendfile),
	CALL(sendmmsg),
	CALL(sendmsg),
	CALL(sendto),
	CALL(setitimer),
	CALL(setsockopt),
	CALL(splice),
	CALL(time),
	CALL(timer_settime),
	CALL(timerfd_settime),
	CALL(vfork),
	CALL(wait4),
	CALL(waitid),
	CALL(write),
	CALL(writev),
};

const char *arch_call_name(long number)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i].number == number)
			return names[i].name;
	}
	return NULL;
}

bool arch_undo_interruption(pid_t tid)
{
	struct user_regs_struct r;
	if (ptrace(PTRACE_GETREGS, tid, NULL, &r) < 0)
		return false;
	if ((long long)r.orig_rax < 0 || (long long)r.rax != -EINTR)
		return false;
	r.rax = r.orig_rax;
	r.rip -= SYSCALL_INSTRUCTION_BYTES;
	return ptrace(PTRACE_SETREGS, tid, NULL, &r) == 0;
}

bool arch_get_call(pid_t tid, struct arch_call *ret)
{
	struct user_regs_struct r;
	if (ptrace(PTRACE_GETREGS, tid, NULL, &r) < 0)
		return false;
	*ret = (struct arch_call){ .number = r.orig_rax,
				   .args = { r.rdi, r.rsi, r.rdx, r.r10, r.r8, r.r9 },
				   .result = r.rax,
				   .stack = r.rsp };
	return true;
}

static void set(pid_t tid, const struct arch_call *c, bool before)
{
	struct user_regs_struct r;
	if (ptrace(PTRACE_GETREGS, tid, NULL, &r) < 0)
		return;
	if (before)
		r.orig_rax = c->number;
	else
		r.rax = c->result;
	r.rdi = c->args[0];
	r.rsi = c->args[1];
	r.rdx = c->args[2];
	r.r10 = c->args[3];
	r.r8 = c->args[4];
	r.r9 = c->args[5];
	(void)ptrace(PTRACE_SETREGS, tid, NULL, &r);
}

void arch_set_call(pid_t tid, const struct arch_call *c)
{
	set(tid, c, true);
}

void arch_set_call_result(pid_t tid, const struct arch_call *c)
{
	set(tid, c, false);
}

/*
 * Who runs here: this worker (event loop, tracer, peers) and, in the box, init, keepers and the student's programs.
 * What flows: the program's terminals and pipes to us; the kernel's stops to the observer; datagrams between peers and programs
 * over the box's own lo. Everything ends up in the journal, with its time.
 */
#include "run/stage.h"
#include "run/stage_internal.h"

#include "base/clock.h"
#include "base/io.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

/* What the loop waits for; kept in epoll's data with the actor's number. */
enum source { SOURCE_SIGNALS, SOURCE_NEWS, SOURCE_OUT, SOURCE_ERR, SOURCE_PEER };

static uint64_t source_of(enum source kind, int actor)
{
	return (uint64_t)kind << 32 | (uint32_t)actor;
}

void stage_note(struct stage *s, struct event e)
{
	e.at_ns = clock_now_ns() - s->began_ns;
	if (e.text == NULL)
		e.text = "";
	journal_add(s->journal, &e);
}

static int listen_to(struct stage *s, int fd, uint64_t source, struct fault *f)
{
	struct epoll_event e = { .events = EPOLLIN, .data = { .u64 = source } };
	if (fd >= 0 && epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &e) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "epoll_ctl");
	return 0;
}

/* ---- output ---- */

static void hit_limit(struct stage *s, int actor, const char *name, int64_t value)
{
	stage_note(s, (struct event){ .kind = EV_LIMIT, .actor = actor, .text = name, .n = { value } });
	s->over = true;
}

static void keep_output(struct stage *s, int actor, int fd, const char *bytes, size_t n)
{
	struct program_state *p = &s->programs[actor];
	int64_t room = s->c->limits.output_bytes - p->output[fd];
	size_t kept = (size_t)MIN((int64_t)n, MAX(room, (int64_t)0));
	if (kept > 0) {
		struct event e = { .kind = EV_OUTPUT, .actor = actor, .n = { fd }, .data = { bytes, kept } };
		stage_note(s, e);
	}
	p->output[fd] += (int64_t)n;
	if (kept < n && !s->over)
		hit_limit(s, actor, "output", s->c->limits.output_bytes);
}

/* Reads what there is. A file is read once, at the end. */
static void drain_output(struct stage *s, int actor, int fd)
{
	struct program_state *p = &s->programs[actor];
	int from = p->out_closed[fd] ? -1 : box_std_fd(s->box, p->box_index, fd);
	char part[65536];
	while (from >= 0 && !(s->over && p->output[fd] > s->c->limits.output_bytes)) {
		ssize_t n = read(from, part, sizeof part);
		if (n > 0) {
			keep_output(s, actor, fd, part, (size_t)n);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0 || errno != EAGAIN) { /* EIO: the terminal's other side is closed by all */
			p->out_closed[fd] = true;
			(void)epoll_ctl(s->epoll, EPOLL_CTL_DEL, from, NULL);
		}
		return;
	}
}

static void read_file_output(struct stage *s, int actor, int fd)
{
	int from = box_std_fd(s->box, s->programs[actor].box_index, fd);
	char part[65536];
	off_t at = 0;
	ssize_t n;
	while ((n = pread(from, part, sizeof part, at)) > 0 && at <= s->c->limits.output_bytes) {
		keep_output(s, actor, fd, part, (size_t)n);
		at += n;
	}
}

static void drain_all_output(struct stage *s)
{
	for (size_t i = 0; i < s->c->n_actors; i++) {
		if (s->programs[i].box_index < 0 || !s->programs[i].started)
			continue;
		const struct run_params *run = s->c->actors[i].params;
		int is[3] = { BOX_CLOSED, run->stdout_is, run->stderr_is };
		for (int fd = 1; fd <= 2; fd++) {
			if (is[fd] == BOX_FILE)
				read_file_output(s, (int)i, fd);
			else
				drain_output(s, (int)i, fd);
		}
	}
}

/* ---- programs ---- */

static int listen_to_program(struct stage *s, int actor, struct fault *f)
{
	struct program_state *p = &s->programs[actor];
	const struct run_params *run = s->c->actors[actor].params;
	int is[3] = { BOX_CLOSED, run->stdout_is, run->stderr_is };
	for (int fd = 1; fd <= 2; fd++) {
		bool flows = is[fd] == BOX_TERMINAL || is[fd] == BOX_PIPE;
		int from = flows ? box_std_fd(s->box, p->box_index, fd) : -1;
		if (listen_to(s, from, source_of(fd == 1 ? SOURCE_OUT : SOURCE_ERR, actor), f) < 0)
			return -1;
	}
	return 0;
}

/* What a Makefile made need not be a program. It ends with 127, as under a shell. */
static void note_failed_exec(struct stage *s, const struct box_news *news)
{
	for (size_t i = 0; i < s->c->n_actors; i++) {
		if (s->programs[i].box_index == news->program)
			stage_note(s, (struct event){ .kind = EV_CALL,
						      .actor = (int)i,
						      .n = { -news->value },
						      .text = "execve" });
	}
}

static int hear_news(struct stage *s, struct fault *f)
{
	for (;;) {
		struct box_news news;
		bool any;
		if (box_news(s->box, &news, &any, f) < 0)
			return -1;
		if (!any)
			return 0;
		if (news.kind == BOX_NEWS_FAULT)
			return fault_set(f, FAULT_WORLD, news.value, "in the box: %s", news.text);
		if (news.kind == BOX_NEWS_EXEC_FAILED) {
			note_failed_exec(s, &news);
			continue;
		}
		for (size_t i = 0; i < s->c->n_actors; i++) {
			if (s->programs[i].box_index != news.program || news.kind != BOX_NEWS_ENDED)
				continue;
			s->programs[i].usage = news.usage;
			s->programs[i].accounted = true;
		}
	}
}

int stage_start(struct stage *s, int actor, struct fault *f)
{
	struct program_state *p = &s->programs[actor];
	pid_t inside;
	if (p->started)
		return fault_set(f, FAULT_BUG, 0, "actor %d started twice", actor);
	if (box_start(s->box, p->box_index, &p->pid, &inside, f) < 0 || hear_news(s, f) < 0 ||
	    observer_take(s->observer, p->pid, actor, f) < 0)
		return -1;
	p->started = true;
	processes_add(s, p->pid, inside, actor);
	const struct run_params *run = s->c->actors[actor].params;
	stage_note(s, (struct event){
			      .kind = EV_START, .actor = actor, .pid = inside, .text = run->argv.at[0] });
	if (listen_to_program(s, actor, f) < 0)
		return -1;
	return box_go(s->box, p->box_index, f);
}

/* ---- the loop ---- */

static int handle(struct stage *s, uint64_t source, struct fault *f)
{
	int actor = (int)(uint32_t)source;
	switch ((enum source)(source >> 32)) {
	case SOURCE_SIGNALS: {
		struct signalfd_siginfo info[16];
		(void)!read(s->signals, info, sizeof info);
		return observer_pump(s->observer, f);
	}
	case SOURCE_NEWS:
		return hear_news(s, f);
	case SOURCE_OUT:
		drain_output(s, actor, 1);
		return 0;
	case SOURCE_ERR:
		drain_output(s, actor, 2);
		return 0;
	case SOURCE_PEER:
		if (s->peers[actor].fd >= 0)
			s->peers[actor].kind->ready(&s->peers[actor]);
		return 0;
	}
	return 0;
}

int64_t stage_own_time_us(const struct stage *s)
{
	return clock_now_us() + observer_skipped_us(s->observer);
}

void stage_say_again(struct stage *s, const struct ticker *t)
{
	if (s->n_tickers == TICKERS_MOST)
		return;
	struct ticker *kept = &s->tickers[s->n_tickers++];
	*kept = *t;
	/* what paces a hurried program is hurried as well */
	kept->every_us = MAX(t->every_us / s->c->hurry, (int64_t)1);
	kept->next_us = clock_now_us() + kept->every_us;
}

/* Says what is due; the time until the next is. */
static int64_t run_tickers(struct stage *s, int64_t timeout_us)
{
	int64_t now = clock_now_us();
	for (size_t i = 0; i < s->n_tickers; i++) {
		struct ticker *t = &s->tickers[i];
		if (t->next_us <= now && t->peer->fd >= 0) {
			struct attempt nobody_listens = { 0 };
			t->peer->kind->send(t->peer, t->data, &t->to, &nobody_listens);
			t->next_us = now + t->every_us;
			observer_skip(s->observer, t->every_us * (s->c->hurry - 1));
		}
		timeout_us = MIN(timeout_us, MAX(t->next_us - now, (int64_t)0));
	}
	return timeout_us;
}

int stage_wait(struct stage *s, int64_t timeout_us, struct fault *f)
{
	struct epoll_event events[32];
	timeout_us = run_tickers(s, timeout_us);
	struct timespec t = { .tv_sec = timeout_us / 1000000, .tv_nsec = timeout_us % 1000000 * 1000 };
	int n = epoll_pwait2(s->epoll, events, (int)ARRAY_SIZE(events), &t, NULL);
	if (n < 0 && errno != EINTR)
		return fault_set(f, FAULT_SYSTEM, errno, "epoll_pwait2");
	for (int i = 0; i < n; i++) {
		if (handle(s, events[i].data.u64, f) < 0)
			return -1;
	}
	if (s->fault.kind != FAULT_NONE) {
		*f = s->fault;
		return -1;
	}
	return 0;
}

/* ---- the world: before and after ---- */

static int open_loop(struct stage *s, struct fault *f)
{
	sigset_t child;
	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &child, NULL) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "sigprocmask");
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	s->signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->epoll < 0 || s->signals < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "epoll or signalfd");
	return listen_to(s, s->signals, source_of(SOURCE_SIGNALS, 0), f);
}

static int open_peers(struct stage *s, struct fault *f)
{
	for (size_t i = 0; i < s->c->n_actors; i++) {
		struct peer *p = &s->peers[i];
		*p = (struct peer){ .stage = s, .actor = &s->c->actors[i], .index = (int)i, .fd = -1 };
		p->kind = (const struct actor_kind *)s->c->actors[i].kind;
		if (p->kind->is_process)
			continue;
		if (p->kind->open(p, f) < 0)
			return fault_wrap(f, "actor '%s'", p->actor->name);
		if (listen_to(s, p->fd, source_of(SOURCE_PEER, (int)i), f) < 0)
			return -1;
	}
	return 0;
}

static bool has_start_step(const struct steps *steps, int actor)
{
	for (size_t i = 0; i < steps->n; i++) {
		if (steps->at[i].actor == actor && strcmp(steps->at[i].kind->name, "start") == 0)
			return true;
	}
	return false;
}

static int start_programs(struct stage *s, struct fault *f)
{
	for (size_t i = 0; i < s->c->n_actors; i++) {
		if (s->programs[i].box_index >= 0 && !has_start_step(&s->c->scenario, (int)i) &&
		    stage_start(s, (int)i, f) < 0)
			return -1;
	}
	return 0;
}

static bool has_step(const struct steps *steps, int actor)
{
	for (size_t i = 0; i < steps->n; i++) {
		if (steps->at[i].actor == actor)
			return true;
	}
	return false;
}

/* A program that no step speaks of would be judged at its very start: it is left to end, or to come to rest. */
static int wait_for_unawaited(struct stage *s, struct fault *f)
{
	int64_t deadline = s->began_own_us + s->c->limits.time_us;
	for (size_t i = 0; i < s->c->n_actors; i++) {
		const struct program_state *p = &s->programs[i];
		if (p->box_index < 0 || has_step(&s->c->scenario, (int)i))
			continue;
		while (!p->ended && !s->over && stage_own_time_us(s) < deadline && !stage_at_rest(s)) {
			if (stage_wait(s, 5000, f) < 0)
				return -1;
		}
	}
	return 0;
}

static int end_world(struct stage *s, struct fault *f)
{
	(void)epoll_ctl(s->epoll, EPOLL_CTL_DEL, box_news_fd(s->box), NULL); /* its end is no news any more */
	box_kill(s->box);
	while (!s->init_gone || observer_tasks(s->observer, -1) > 0) {
		if (stage_wait(s, 1000000, f) < 0)
			return -1;
	}
	drain_all_output(s);
	return 0;
}

static int play(struct stage *s, struct fault *f)
{
	if (open_loop(s, f) < 0 || stage_enter_box(s, f) < 0 ||
	    listen_to(s, box_news_fd(s->box), source_of(SOURCE_NEWS, 0), f) < 0 || open_peers(s, f) < 0 ||
	    start_programs(s, f) < 0 || scenario_play(s, f) < 0 || wait_for_unawaited(s, f) < 0 ||
	    stage_settle(s, f) < 0)
		return -1;
	stage_take_stock(s);
	return end_world(s, f);
}

int stage_run(struct arena *a, const struct stage_job *job, struct observation *ret, struct fault *f)
{
	*ret = (struct observation){ .arena = a };
	struct stage s = { .job = job, .c = job->c, .arena = a, .journal = ret, .began_ns = clock_now_ns() };
	s.programs = arena_array(a, job->c->n_actors, sizeof *s.programs);
	s.peers = arena_array(a, job->c->n_actors, sizeof *s.peers);
	s.observer = observer_new(stage_observe, &s);
	s.began_own_us = stage_own_time_us(&s);
	int r = play(&s, f);
	observer_free(s.observer);
	if (r < 0)
		return -1;
	ret->wall_us = (clock_now_ns() - s.began_ns) / 1000;
	stage_note(&s, (struct event){ .kind = EV_END, .actor = -1 });
	return 0;
}

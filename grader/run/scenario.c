#include "run/stage_internal.h"

#include "base/clock.h"

/* How often a waiting step looks whether the programs can still move: soon at first, then seldom. */
enum { LOOK_FIRST_US = 1000, LOOK_LAST_US = 50000 };

void scenario_push(struct stage *s, const struct steps *steps, int64_t times)
{
	if (times <= 0 || steps->n == 0 || s->n_frames == FRAMES_MOST)
		return;
	s->frames[s->n_frames++] = (struct frame){ .steps = steps, .times = times };
}

static void note_step(struct stage *s, const struct step *st, const struct attempt *a, int64_t waited_us)
{
	stage_note(s, (struct event){ .kind = EV_STEP,
				      .actor = st->actor,
				      .n = { st->number, a->outcome, waited_us },
				      .text = a->came,
				      .data = a->data });
}

/* Where each program is, for whoever has to explain why a step failed. */
static void note_sleepers(struct stage *s)
{
	for (size_t i = 0; i < s->c->n_actors; i++) {
		struct program_state *p = &s->programs[i];
		if (p->box_index < 0 || !p->started || p->ended)
			continue;
		observer_look(s->observer, (int)i, &p->look);
		if (p->look.state != SLEEP_AWAKE)
			stage_note(s, (struct event){ .kind = EV_ASLEEP,
						      .actor = (int)i,
						      .n = { p->look.state == SLEEP_TIMED },
						      .text = p->look.where });
	}
}

static int try_once(struct stage *s, const struct step *st, struct attempt *ret, struct fault *f)
{
	*ret = (struct attempt){ .tried = TRIED_WAIT, .came = "" };
	return ((const struct step_kind *)st->kind)->try(s, st, ret, f);
}

static void fail(struct attempt *a, enum step_outcome outcome)
{
	a->tried = TRIED_FAILED;
	a->outcome = outcome;
}

/* Everything sleeps for ever: what is there already is handled, the step has a last try, then the rest decides. */
static int at_rest(struct stage *s, const struct step *st, struct attempt *ret, struct fault *f)
{
	const struct step_kind *kind = (const struct step_kind *)st->kind;
	if (stage_wait(s, 0, f) < 0 || try_once(s, st, ret, f) < 0)
		return -1;
	if (ret->tried != TRIED_WAIT || !stage_at_rest(s))
		return 0;
	if (kind->rest != NULL)
		kind->rest(s, st, ret);
	else
		fail(ret, STEP_NEVER);
	return 0;
}

/* A step that waits: one more turn of the loop. `pause` is how long nothing may happen before the programs are looked at. */
static int wait_a_turn(struct stage *s, const struct step *st, int64_t deadline, int64_t *pause,
		       struct attempt *ret, struct fault *f)
{
	int64_t before = clock_now_us();
	int64_t left = MAX(deadline - stage_own_time_us(s), (int64_t)0);
	if (stage_wait(s, MIN(*pause, left), f) < 0 || try_once(s, st, ret, f) < 0)
		return -1;
	if (ret->tried != TRIED_WAIT)
		return 0;
	if (s->over) {
		fail(ret, STEP_NEVER);
	} else if (stage_own_time_us(s) >= deadline) {
		fail(ret, STEP_TIMEOUT);
	} else if (clock_now_us() - before >= *pause) { /* nothing happened all that time */
		*pause = MIN(*pause * 2, (int64_t)LOOK_LAST_US);
		/* a peer that will speak again may wake somebody */
		if (s->n_tickers == 0 && stage_at_rest(s))
			return at_rest(s, st, ret, f);
	}
	return 0;
}

/*
 * What came after the program itself had skipped past the deadline came too late. Only skipped time counts here: real time may
 * have been lost by a busy machine after the fact.
 */
static bool skipped_past(const struct stage *s, int64_t skipped_before, int64_t allowed_us)
{
	int64_t skipped = observer_skipped_us(s->observer) - skipped_before;
	return s->c->hurry > 1 && skipped * s->c->hurry / (s->c->hurry - 1) > allowed_us;
}

static int play_step(struct stage *s, const struct step *st, struct attempt *ret, struct fault *f)
{
	int64_t skipped_before = observer_skipped_us(s->observer);
	int64_t pause = LOOK_FIRST_US;
	s->step_began_us = stage_own_time_us(s);
	/* the case's limit holds for all its steps together */
	int64_t allowed = s->began_own_us + s->c->limits.time_us - s->step_began_us;
	if (st->within_us > 0)
		allowed = MIN(allowed, st->within_us);
	if (try_once(s, st, ret, f) < 0)
		return -1;
	while (ret->tried == TRIED_WAIT) {
		if (wait_a_turn(s, st, s->step_began_us + allowed, &pause, ret, f) < 0)
			return -1;
	}
	if (ret->tried == TRIED_DONE && st->within_us > 0 && skipped_past(s, skipped_before, allowed))
		fail(ret, STEP_TIMEOUT);
	if (ret->tried == TRIED_DONE)
		ret->outcome = STEP_DONE;
	else
		note_sleepers(s);
	/* a repeated step is noted only when it fails: its messages are in the journal anyway */
	if (s->n_frames <= 1 || ret->tried == TRIED_FAILED)
		note_step(s, st, ret, stage_own_time_us(s) - s->step_began_us);
	return 0;
}

static const struct step *next_step(struct stage *s)
{
	while (s->n_frames > 0) {
		struct frame *top = &s->frames[s->n_frames - 1];
		if (top->next < top->steps->n)
			return &top->steps->at[top->next++];
		top->next = 0;
		if (--top->times == 0)
			s->n_frames--;
	}
	return NULL;
}

int scenario_play(struct stage *s, struct fault *f)
{
	scenario_push(s, &s->c->scenario, 1);
	for (const struct step *st; !s->over && (st = next_step(s)) != NULL;) {
		struct attempt a;
		if (play_step(s, st, &a, f) < 0)
			return -1;
		if (a.tried == TRIED_FAILED)
			return 0;
	}
	return 0;
}

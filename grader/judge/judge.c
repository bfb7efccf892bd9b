/*
 * In this order, the first that speaks decides: a memory error (it explains all that came after), a limit, a step that failed,
 * the checks as they stand in the spec.
 */
#include "judge/judge.h"

#include "checks/checks.h"
#include "run/explain.h"
#include "run/stage.h"

static void fail(struct verdict *ret, struct text2 why)
{
	*ret = (struct verdict){ .outcome = OUTCOME_FAIL, .message = why };
}

/* From the mark to the end of its line. */
static struct bytes line_with(struct bytes text, const char *mark)
{
	const char *at = text.len == 0 ? NULL : memmem(text.at, text.len, mark, strlen(mark));
	if (at == NULL)
		return (struct bytes){ 0 };
	size_t left = text.len - (size_t)(at - text.at);
	const char *end = memchr(at, '\n', left);
	return (struct bytes){ at, end == NULL ? left : (size_t)(end - at) };
}

/* "stack-buffer-overflow" of "ERROR: AddressSanitizer: stack-buffer-overflow on address …". */
static struct bytes error_name(struct bytes report)
{
	static const char mark[] = "AddressSanitizer: ";
	struct bytes line = line_with(report, mark);
	if (line.len < sizeof mark)
		return bytes_of("?");
	line.at += sizeof mark - 1;
	line.len -= sizeof mark - 1;
	const char *end = memchr(line.at, ' ', line.len);
	return (struct bytes){ line.at, end == NULL ? line.len : (size_t)(end - line.at) };
}

/* "client_udp.c:57" of the first frame in the student's source. */
static struct bytes error_place(struct bytes report)
{
	static const char mark[] = " /work/";
	struct bytes line = line_with(report, mark);
	if (line.len < sizeof mark)
		return (struct bytes){ 0 };
	line.at += sizeof mark - 1;
	line.len -= sizeof mark - 1;
	return line;
}

static bool judge_memory(struct arena *a, const struct observation *o, struct verdict *ret)
{
	const struct event *e = journal_find(o, EV_SANITIZER, -1, 0);
	if (e == NULL)
		return false;
	const char *name = bytes_show(a, error_name(e->data), 60);
	const char *place = bytes_show(a, error_place(e->data), 100);
	fail(ret, say(a, "Erreur de mémoire : %s (%s).", "Memory error: %s (%s).", name,
		      place[0] == '\0' ? "?" : place));
	return true;
}

static bool judge_limit(struct arena *a, const struct spec_case *c, const struct observation *o,
			struct verdict *ret)
{
	const struct event *e = journal_find(o, EV_LIMIT, -1, 0);
	if (e == NULL)
		return false;
	const char *who = e->actor >= 0 ? c->actors[e->actor].name : "?";
	if (strcmp(e->text, "received") == 0)
		fail(ret, say(a, "« %s » a reçu plus de %lld octets : inondation.",
			      "'%s' received more than %lld bytes: a flood.", who, (long long)e->n[0]));
	else
		fail(ret, say(a, "« %s » a écrit plus de %lld octets : boucle sans fin ?",
			      "'%s' wrote more than %lld bytes: an endless loop?", who, (long long)e->n[0]));
	return true;
}

/* Steps inside repeat have numbers of their own: the tree is searched. */
static const struct step *find_step(const struct steps *steps, int64_t number)
{
	for (size_t i = 0; i < steps->n; i++) {
		const struct step *st = &steps->at[i];
		if (st->number == number)
			return st;
		const struct kind *k = st->kind;
		for (size_t n = 0; n < k->n_fields; n++) {
			if (k->fields[n].type != FIELD_STEPS)
				continue;
			const struct steps *inner = (const struct steps *)((const char *)st->params +
									   k->fields[n].offset);
			const struct step *found = find_step(inner, number);
			if (found != NULL)
				return found;
		}
	}
	return NULL;
}

static bool judge_steps(struct arena *a, const struct spec_case *c, const struct observation *o,
			struct verdict *ret)
{
	const struct event *e = NULL;
	for (size_t from = 0; (e = journal_find(o, EV_STEP, -1, from)) != NULL;
	     from = (size_t)(e - o->events) + 1) {
		if (e->n[1] == STEP_DONE)
			continue;
		const struct step *st = find_step(&c->scenario, e->n[0]);
		const struct step_kind *kind = st == NULL ? NULL : (const struct step_kind *)st->kind;
		if (kind == NULL || kind->explain == NULL)
			fail(ret, explain_programs(a, c, o, e));
		else
			fail(ret, kind->explain(a, c, o, st, e));
		return true;
	}
	return false;
}

static bool judge_checks(struct arena *a, const struct spec_case *c, const struct observation *o,
			 struct verdict *ret)
{
	for (size_t i = 0; i < c->n_checks; i++) {
		struct text2 why;
		if (((const struct check_kind *)c->checks[i].kind)->holds(a, c, o, c->checks[i].params, &why))
			continue;
		fail(ret, why);
		return true;
	}
	return false;
}

void judge_case(struct arena *a, const struct spec_case *c, const struct observation *o, struct verdict *ret)
{
	if (judge_memory(a, o, ret) || judge_limit(a, c, o, ret) || judge_steps(a, c, o, ret) ||
	    judge_checks(a, c, o, ret))
		return;
	*ret = (struct verdict){ .outcome = OUTCOME_PASS, .message = say(a, "Correct.", "Right.") };
}

unsigned judge_watch(const struct spec_case *c)
{
	unsigned watch = 0;
	for (size_t i = 0; i < c->n_checks; i++)
		watch |= ((const struct check_kind *)c->checks[i].kind)->watch;
	return watch;
}

#include "run/explain.h"

#include <signal.h>

enum { SHOWN = 120 };

const char *signal_name(int signal)
{
	const char *name = sigabbrev_np(signal);
	return name == NULL ? "?" : name;
}

struct text2 text_join(struct arena *a, struct text2 first, struct text2 second)
{
	if (first.fr == NULL)
		return second;
	if (second.fr == NULL)
		return first;
	return (struct text2){ .fr = arena_printf(a, "%s %s", first.fr, second.fr),
			       .en = arena_printf(a, "%s %s", first.en, second.en) };
}

const struct event *journal_end(const struct observation *o, int actor)
{
	const struct event *start = journal_find(o, EV_START, actor, 0);
	if (start == NULL)
		return NULL;
	size_t from = (size_t)(start - o->events);
	for (const struct event *e; (e = journal_find(o, EV_EXIT, actor, from)) != NULL;
	     from = (size_t)(e - o->events) + 1) {
		if (e->pid == start->pid)
			return e->n[0] == END_KILLED_BY_GRADER ? NULL : e;
	}
	return NULL;
}

struct text2 explain_end(struct arena *a, const struct observation *o, int actor)
{
	const struct event *e = journal_end(o, actor);
	if (e == NULL)
		return say(a, "tournait encore", "was still running");
	int value = (int)e->n[1];
	if (e->n[0] == END_EXITED)
		return say(a, "s'est terminé avec le code %d", "ended with code %d", value);
	if (value == SIGXCPU)
		return say(
			a,
			"a été tué par le signal %d (SIG%s) : a-t-il dépassé sa limite de temps de calcul ?",
			"was killed by signal %d (SIG%s): did it use up its processor time?", value,
			signal_name(value));
	return say(a, "a été tué par le signal %d (SIG%s)", "was killed by signal %d (SIG%s)", value,
		   signal_name(value));
}

struct text2 explain_stderr(struct arena *a, const struct observation *o, int actor)
{
	struct bytes text = journal_output(o, a, actor, 2);
	const char *end = text.len == 0 ? NULL : memchr(text.at, '\n', text.len);
	if (end != NULL)
		text.len = (size_t)(end - text.at);
	if (text.len == 0)
		return (struct text2){ 0 };
	const char *shown = bytes_show(a, text, SHOWN);
	return say(a, "(stderr : « %s »)", "(stderr: \"%s\")", shown);
}

struct text2 explain_state(struct arena *a, const struct spec_case *c, const struct observation *o,
			   const struct event *e, int actor)
{
	const char *name = c->actors[actor].name;
	const struct event *end = journal_end(o, actor);
	if (end != NULL && end->at_ns <= e->at_ns) {
		struct text2 how = explain_end(a, o, actor);
		struct text2 t = { .fr = arena_printf(a, "« %s » %s", name, how.fr),
				   .en = arena_printf(a, "'%s' %s", name, how.en) };
		return text_join(a, t, explain_stderr(a, o, actor));
	}
	/* the sleepers are noted just before the step */
	for (const struct event *s = e; s > o->events && (s - 1)->kind == EV_ASLEEP; s--) {
		if ((s - 1)->actor != actor)
			continue;
		const char *where = (s - 1)->text;
		if ((s - 1)->n[0] != 0)
			return say(a, "« %s » attend dans %s()", "'%s' waits in %s()", name, where);
		return say(a, "« %s » dort dans %s() et rien ne peut plus le réveiller",
			   "'%s' sleeps in %s() and nothing can wake it any more", name, where);
	}
	return say(a, "« %s » tourne", "'%s' is running", name);
}

struct text2 explain_programs(struct arena *a, const struct spec_case *c, const struct observation *o,
			      const struct event *e)
{
	struct text2 all = { 0 };
	for (size_t i = 0; i < c->n_actors; i++) {
		if (journal_find(o, EV_START, (int)i, 0) == NULL)
			continue;
		struct text2 one = explain_state(a, c, o, e, (int)i);
		struct text2 sentence = { .fr = arena_printf(a, "%s.", one.fr),
					  .en = arena_printf(a, "%s.", one.en) };
		all = text_join(a, all, sentence);
	}
	return all;
}

/* ---- differences ---- */

static struct text2 describe_pattern(struct arena *a, const struct pattern *p)
{
	const char *shown = bytes_show(a, p->bytes, SHOWN);
	int64_t n = (int64_t)p->bytes.len;
	switch (p->kind) {
	case PATTERN_EXACT:
		return say(a, "attendu : « %s » (%lld octets)", "expected: \"%s\" (%lld bytes)", shown,
			   (long long)n);
	case PATTERN_STARTS:
		return say(a, "attendu : un message qui commence par « %s »",
			   "expected: a message that starts with \"%s\"", shown);
	case PATTERN_ANY:
		return say(a, "attendu : un message, quel qu'il soit",
			   "expected: a message, whatever it says");
	case PATTERN_LENGTH:
		return say(a, "attendu : un message de %lld octets", "expected: a message of %lld bytes",
			   (long long)p->length);
	}
	return (struct text2){ 0 };
}

static bool all_zero(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		if (b.at[i] != '\0')
			return false;
	}
	return true;
}

static size_t common(struct bytes x, struct bytes y)
{
	size_t n = 0;
	while (n < x.len && n < y.len && x.at[n] == y.at[n])
		n++;
	return n;
}

/* The mistake that a longer message shows: it begins as expected. */
static struct text2 too_long(struct arena *a, struct bytes want, struct bytes came)
{
	struct bytes rest = { came.at + want.len, came.len - want.len };
	if (rest.len == 1 && rest.at[0] == '\0')
		return say(a, "Un octet nul de trop à la fin : strlen(texte) + 1 a été envoyé.",
			   "One NUL too many at the end: strlen(text) + 1 was sent.");
	if (rest.len == 1 && rest.at[0] == '\n')
		return say(a, "Une fin de ligne de trop.", "One newline too many.");
	/* sizes that people give to buffers */
	bool round = came.len >= 64 && (came.len % 128 == 0 || came.len % 100 == 0);
	if (all_zero(rest) || round)
		return say(a,
			   "Tout le tampon (%zu octets) a été envoyé, pas la longueur du message : sizeof au "
			   "lieu de n ?",
			   "The whole buffer (%zu bytes) was sent, not the message's length: sizeof instead "
			   "of n?",
			   came.len);
	return say(a, "Après le message vient le reste d'un autre, ou de la mémoire : %zu octets de trop.",
		   "After the message comes the rest of another, or memory: %zu bytes too many.", rest.len);
}

static struct text2 too_short(struct arena *a, struct bytes want, struct bytes came)
{
	if (came.len == 0)
		return say(a, "Le message reçu est vide.", "The message that came is empty.");
	if (want.at[came.len] == '\0')
		return say(a, "Coupé au premier octet nul : strlen() sur des données reçues ?",
			   "Cut at the first NUL byte: strlen() on received data?");
	if (came.len == sizeof(void *))
		return say(a, "Coupé à %zu octets, la taille d'un pointeur : sizeof(pointeur) ?",
			   "Cut at %zu bytes, the size of a pointer: sizeof(pointer)?", came.len);
	return say(a, "Coupé à %zu octets : tampon trop petit ?", "Cut at %zu bytes: buffer too small?",
		   came.len);
}

static struct text2 likely_mistake(struct arena *a, struct bytes want, struct bytes came)
{
	size_t same = common(want, came);
	if (same == want.len && came.len > want.len)
		return too_long(a, want, came);
	if (same == came.len && came.len < want.len)
		return too_short(a, want, came);
	return say(a, "Première différence à l'octet %zu.", "First difference at byte %zu.", same);
}

struct text2 explain_difference(struct arena *a, const struct pattern *expected, struct bytes came)
{
	struct text2 want = describe_pattern(a, expected);
	const char *shown = bytes_show(a, came, SHOWN);
	struct text2 t = {
		.fr = arena_printf(a, "%s ; reçu : « %s » (%zu octets).", want.fr, shown, came.len),
		.en = arena_printf(a, "%s; came: \"%s\" (%zu bytes).", want.en, shown, came.len),
	};
	if (expected->kind == PATTERN_EXACT)
		return text_join(a, t, likely_mistake(a, expected->bytes, came));
	return t;
}

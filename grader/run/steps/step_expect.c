#include "run/steps/steps.h"

#include "run/explain.h"

struct params {
	struct pattern pattern;
};

static const struct field fields[] = {
	{ .key = "expect",
	  .type = FIELD_PATTERN,
	  .offset = offsetof(struct params, pattern),
	  .main = true,
	  .required = true,
	  .help = "what the next message must be" },
};

static bool matches(const struct pattern *p, struct bytes b)
{
	switch (p->kind) {
	case PATTERN_EXACT:
		return bytes_equal(p->bytes, b);
	case PATTERN_STARTS:
		return bytes_start_with(b, p->bytes);
	case PATTERN_ANY:
		return true;
	case PATTERN_LENGTH:
		return p->length == (int64_t)b.len;
	}
	return false;
}

static int try(struct stage *s, const struct step *st, struct attempt *ret, struct fault *f)
{
	(void)f;
	const struct params *p = st->params;
	struct peer *peer = &s->peers[st->actor];
	if (peer->taken == peer->n)
		return 0;
	const struct message *m = &peer->inbox[peer->taken++];
	ret->tried = TRIED_DONE;
	if (!matches(&p->pattern, m->data))
		*ret = (struct attempt){
			.tried = TRIED_FAILED, .outcome = STEP_MISMATCH, .came = "", .data = m->data
		};
	return 0;
}

static struct text2 explain(struct arena *a, const struct spec_case *c, const struct observation *o,
			    const struct step *st, const struct event *e)
{
	const struct params *p = st->params;
	const char *who = c->actors[st->actor].name;
	if (e->n[1] == STEP_MISMATCH) {
		struct text2 d = explain_difference(a, &p->pattern, e->data);
		return (struct text2){ .fr = arena_printf(a, "À « %s » : %s", who, d.fr),
				       .en = arena_printf(a, "At '%s': %s", who, d.en) };
	}
	struct text2 state = step_explain_never(a, c, o, e);
	return (struct text2){ .fr = arena_printf(a, "« %s » n'a pas reçu de message. %s", who, state.fr),
			       .en = arena_printf(a, "'%s' received no message. %s", who, state.en) };
}

static const char *const on[] = { "udp-client", "udp-server", NULL };

const struct step_kind step_kind_expect = {
	.kind = { .name = "expect",
		  .help = "the next message the peer receives",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params),
		  .on = on },
	.try = try,
	.explain = explain,
};

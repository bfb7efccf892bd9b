#include "run/steps/steps.h"

struct params {
	int64_t at_most_us;
};

static const struct field fields[] = {
	{ .key = "for",
	  .type = FIELD_DURATION,
	  .offset = offsetof(struct params, at_most_us),
	  .dflt = "300ms",
	  .min = 1000,
	  .max = 10000000,
	  .unit = "microseconds",
	  .help = "how long to listen to a program that does not come to rest" },
};

/* Nothing is known to come any more when every program has ended or sleeps for ever; the time is for those that do neither. */
static int try(struct stage *s, const struct step *st, struct attempt *ret, struct fault *f)
{
	(void)f;
	const struct params *p = st->params;
	const struct peer *peer = &s->peers[st->actor];
	if (peer->taken < peer->n)
		*ret = (struct attempt){ .tried = TRIED_FAILED,
					 .outcome = STEP_MISMATCH,
					 .came = "",
					 .data = peer->inbox[peer->taken].data };
	else if (stage_own_time_us(s) - s->step_began_us >= p->at_most_us)
		ret->tried = TRIED_DONE;
	return 0;
}

static void rest(struct stage *s, const struct step *st, struct attempt *ret)
{
	(void)s;
	(void)st;
	ret->tried = TRIED_DONE;
}

static struct text2 explain(struct arena *a, const struct spec_case *c, const struct observation *o,
			    const struct step *st, const struct event *e)
{
	(void)o;
	const char *who = c->actors[st->actor].name;
	const char *came = bytes_show(a, e->data, 120);
	return say(a, "« %s » ne devait plus rien recevoir ; reçu : « %s » (%zu octets).",
		   "'%s' should have received nothing more; came: \"%s\" (%zu bytes).", who, came,
		   e->data.len);
}

static const char *const on[] = { "udp-client", "udp-server", NULL };

const struct step_kind step_kind_expect_nothing = {
	.kind = { .name = "expect-nothing",
		  .help = "no further message comes: until all programs have ended or sleep for ever, or for "
			  "the time given",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params),
		  .on = on },
	.try = try,
	.rest = rest,
	.explain = explain,
};

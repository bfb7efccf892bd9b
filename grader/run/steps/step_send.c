#include "run/steps/steps.h"

#include <string.h>

struct params {
	struct bytes data;
	struct endpoint to;
	int64_t every_us;
};

static const struct field fields[] = {
	{ .key = "send",
	  .type = FIELD_BYTES,
	  .offset = offsetof(struct params, data),
	  .main = true,
	  .required = true,
	  .help = "what to say" },
	{ .key = "to",
	  .type = FIELD_ENDPOINT,
	  .offset = offsetof(struct params, to),
	  .help = "to whom, when the peer itself does not know: an address, a program, or a peer (whoever "
		  "spoke to it last)" },
	{ .key = "every",
	  .type = FIELD_DURATION,
	  .offset = offsetof(struct params, every_us),
	  .min = 1000,
	  .max = 60000000,
	  .unit = "microseconds",
	  .help = "say it again and again, at this pace, until the case ends; later steps go on meanwhile" },
};

static int try(struct stage *s, const struct step *st, struct attempt *ret, struct fault *f)
{
	(void)f;
	const struct params *p = st->params;
	struct peer *peer = &s->peers[st->actor];
	if (peer->fd < 0) {
		*ret = (struct attempt){ .tried = TRIED_FAILED,
					 .outcome = STEP_IMPOSSIBLE,
					 .came = "closed" };
		return 0;
	}
	peer->kind->send(peer, p->data, &p->to, ret);
	if (ret->tried == TRIED_DONE && p->every_us > 0)
		stage_say_again(
			s, &(struct ticker){
				   .peer = peer, .data = p->data, .to = p->to, .every_us = p->every_us });
	return 0;
}

static struct text2 explain(struct arena *a, const struct spec_case *c, const struct observation *o,
			    const struct step *st, const struct event *e)
{
	struct text2 state = step_explain_never(a, c, o, e);
	const char *who = c->actors[st->actor].name;
	return (struct text2){
		.fr = arena_printf(a, "« %s » n'a pas pu envoyer : personne à qui parler. %s", who, state.fr),
		.en = arena_printf(a, "'%s' could not send: nobody to speak to. %s", who, state.en),
	};
}

static const char *const on[] = { "udp-client", "udp-server", NULL };

const struct step_kind step_kind_send = {
	.kind = { .name = "send",
		  .help = "the peer says something",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params),
		  .on = on },
	.try = try,
	.explain = explain,
};

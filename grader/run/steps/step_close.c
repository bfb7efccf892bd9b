#include "run/steps/steps.h"

static int try(struct stage *s, const struct step *st, struct attempt *ret, struct fault *f)
{
	(void)f;
	struct peer *peer = &s->peers[st->actor];
	if (peer->fd >= 0)
		peer->kind->close(peer);
	ret->tried = TRIED_DONE;
	return 0;
}

static const char *const on[] = { "udp-client", "udp-server", NULL };

const struct step_kind step_kind_close = {
	.kind = { .name = "close", .help = "the peer closes its socket", .on = on },
	.try = try,
};

#include "run/stage_internal.h"

void peer_take_in(struct peer *p, struct bytes data, const struct sockaddr_storage *from, socklen_t from_len)
{
	struct stage *s = p->stage;
	if (s->over)
		return; /* a flood is told once */
	if (p->bytes + data.len > (size_t)s->c->limits.output_bytes) {
		stage_note(s, (struct event){ .kind = EV_LIMIT,
					      .actor = p->index,
					      .text = "received",
					      .n = { s->c->limits.output_bytes } });
		s->over = true;
		return;
	}
	stage_note(s, (struct event){ .kind = EV_RECEIVED,
				      .actor = p->index,
				      .text = from == NULL ? "" : address_text(s->arena, from),
				      .data = data });
	p->inbox = arena_push(s->arena, p->inbox, &p->n, &p->cap, sizeof *p->inbox);
	struct message *m = &p->inbox[p->n - 1];
	m->data = (struct bytes){ arena_copy(s->arena, data.at, data.len), data.len };
	p->bytes += data.len;
	if (from != NULL) {
		m->from = *from;
		m->from_len = from_len;
		p->sender = *from;
		p->sender_len = from_len;
	}
}

void peer_said(struct peer *p, struct bytes data, const struct sockaddr_storage *to, int64_t result)
{
	struct stage *s = p->stage;
	stage_note(s, (struct event){ .kind = EV_SENT,
				      .actor = p->index,
				      .n = { result },
				      .text = to == NULL ? "" : address_text(s->arena, to),
				      .data = data });
}

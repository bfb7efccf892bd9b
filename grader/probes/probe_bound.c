#include "probes/probes.h"

#include "run/explain.h"
#include "run/steps/steps.h"

#include <arpa/inet.h>

struct params {
	struct socket_name socket;
};

static const struct field fields[] = {
	{ .key = "bound",
	  .type = FIELD_SOCKET,
	  .offset = offsetof(struct params, socket),
	  .main = true,
	  .required = true,
	  .help = "\"udp\": a UDP socket has a port, whichever; \"udp:4444\": this one" },
};

static bool is_it(const struct bound_socket *b, const struct socket_name *name)
{
	return strcmp(b->protocol, name->protocol) == 0 && b->listening &&
	       (name->port == PORT_ANY || name->port == address_port(&b->address));
}

static int look(struct stage *s, const struct step *st, void *params, struct attempt *ret, struct fault *f)
{
	(void)f;
	const struct params *p = params;
	struct bound_socket *sockets;
	size_t n;
	stage_sockets(s, st->actor, &sockets, &n);
	for (size_t i = 0; i < n; i++) {
		if (is_it(&sockets[i], &p->socket)) {
			ret->tried = TRIED_DONE;
			return 0;
		}
	}
	(void)probe_program_gone(s, st, ret);
	return 0;
}

/* "it is bound to 0.0.0.0:23569", with the mistake that the number shows. */
static struct text2 instead(struct arena *a, const struct observation *o, int actor,
			    const struct socket_name *name)
{
	const struct event *e = NULL;
	for (size_t from = 0; (e = journal_find(o, EV_BOUND, actor, from)) != NULL;
	     from = (size_t)(e - o->events) + 1) {
		int port = (int)e->n[0];
		if (name->port == PORT_ANY || port == name->port)
			continue;
		if (port == htons((uint16_t)name->port))
			return say(a, "Il écoute sur %s : %d est %d à l'envers, htons() manque.",
				   "It listens on %s: %d is %d with its bytes swapped, htons() is missing.",
				   e->text, port, name->port);
		return say(a, "Il écoute sur %s.", "It listens on %s.", e->text);
	}
	return (struct text2){ 0 };
}

static struct text2 explain(struct arena *a, const struct spec_case *c, const struct observation *o,
			    const struct step *st, const void *params, const struct event *e)
{
	const struct params *p = params;
	const char *who = c->actors[st->actor].name;
	struct text2 what = p->socket.port == PORT_ANY
				    ? say(a, "« %s » n'a lié aucune socket %s à un port.",
					  "'%s' has bound no %s socket to a port.", who, p->socket.protocol)
				    : say(a, "« %s » n'écoute pas sur le port %s %d.",
					  "'%s' does not listen on port %s %d.", who, p->socket.protocol,
					  p->socket.port);
	what = text_join(a, what, instead(a, o, st->actor, &p->socket));
	return text_join(a, what, step_explain_never(a, c, o, e));
}

const struct probe_kind probe_kind_bound = {
	.kind = { .name = "bound",
		  .help = "the program has a socket bound to a port",
		  .fields = fields,
		  .n_fields = ARRAY_SIZE(fields),
		  .size = sizeof(struct params) },
	.watch = WATCH_NAMES,
	.look = look,
	.explain = explain,
};

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

static bool is_bound(struct stage *s, int actor, const struct socket_name *name)
{
	struct bound_socket *sockets;
	size_t n;
	stage_sockets(s, actor, &sockets, &n);
	for (size_t i = 0; i < n; i++) {
		if (is_it(&sockets[i], name))
			return true;
	}
	return false;
}

/* How long a program may take to come to its first rest after bind(). One that never rests has a line of its own. */
static const int64_t settle_us = 50000;

/*
 * A program whose child has bound the socket and that is itself about to end (a daemon) must not be taken for one that
 * serves: it is looked at when nothing of it runs any more.
 */
static int look(struct stage *s, const struct step *st, void *params, struct attempt *ret, struct fault *f)
{
	(void)f;
	const struct params *p = params;
	struct sleep_look now;
	if (probe_program_gone(s, st, ret) || !is_bound(s, st->actor, &p->socket))
		return 0;
	if (s->bound_since_us < s->step_began_us)
		s->bound_since_us = stage_own_time_us(s);
	observer_look(s->observer, st->actor, &now);
	if (now.state != SLEEP_AWAKE || stage_own_time_us(s) - s->bound_since_us >= settle_us)
		ret->tried = TRIED_DONE;
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

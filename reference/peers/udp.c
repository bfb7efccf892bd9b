/*
 * Kinds "udp-client" and "udp-server": the grader's UDP sockets in the box's network.
 *
 * A client speaks to one destination and hears everybody (from which of its addresses a server answers is not promised);
 * a server sits at an address and answers whoever spoke last. Both hear datagrams of any length, empty ones too.
 */
#include "reference/peers/peers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

struct params {
	struct endpoint to; /* client */
	struct endpoint from; /* both: where to bind */
	const char *via; /* client: may be NULL */
};

static const struct field client_fields[] = {
	{ .key = "udp-client",
	  .type = FIELD_ENDPOINT,
	  .offset = offsetof(struct params, to),
	  .main = true,
	  .required = true,
	  .help = "to whom it speaks: an address, or a program: where that is bound" },
	{ .key = "from",
	  .type = FIELD_ENDPOINT,
	  .offset = offsetof(struct params, from),
	  .help = "its own address; default: chosen by the system" },
	{ .key = "via",
	  .type = FIELD_TEXT,
	  .offset = offsetof(struct params, via),
	  .help = "the IPv4 address of the machine to speak to, at the port that the program is bound to" },
};

static const struct field server_fields[] = {
	{ .key = "udp-server",
	  .type = FIELD_ENDPOINT,
	  .offset = offsetof(struct params, from),
	  .main = true,
	  .required = true,
	  .help = "its address" },
};

static bool is_client(const struct peer *p)
{
	return p->kind == &actor_kind_udp_client;
}

static int open_socket(struct peer *p, struct fault *f)
{
	const struct params *params = p->actor->params;
	sa_family_t family = params->from.len > 0 ? params->from.address.ss_family : AF_INET;
	if (is_client(p) && params->from.len == 0 && params->to.len > 0)
		family = params->to.address.ss_family;
	p->fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (p->fd < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "udp socket");
	int room = 1 << 20; /* a hundred clients' datagrams must not be lost here; the kernel may give less */
	(void)setsockopt(p->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	if (params->from.len > 0 &&
	    bind(p->fd, (const struct sockaddr *)&params->from.address, params->from.len) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "udp bind");
	return 0;
}

static void ready(struct peer *p)
{
	char datagram[65536];
	for (;;) {
		struct sockaddr_storage from = { 0 };
		socklen_t len = sizeof from;
		ssize_t n = recvfrom(p->fd, datagram, sizeof datagram, 0, (struct sockaddr *)&from, &len);
		if (n >= 0)
			peer_take_in(p, (struct bytes){ datagram, (size_t)n }, &from, len);
		else if (errno != EINTR &&
			 errno != ECONNREFUSED) /* refused: what we said earlier reached nobody */
			return;
	}
}

/* Where a client speaks to; found when it first does, kept for the rest of the case. */
static bool find_destination(struct peer *p)
{
	const struct params *params = p->actor->params;
	if (p->destination_len > 0)
		return true;
	if (!stage_resolve(p->stage, &params->to, "udp", &p->destination, &p->destination_len))
		return false;
	if (params->via == NULL)
		return true;
	struct sockaddr_in via = { .sin_family = AF_INET,
				   .sin_port = htons((uint16_t)address_port(&p->destination)) };
	(void)inet_pton(AF_INET, params->via, &via.sin_addr); /* looked at by check_client */
	memcpy(&p->destination, &via, sizeof via);
	p->destination_len = sizeof via;
	return true;
}

static void check_from(void *params, struct arena *a, const struct pos *pos, struct problems *problems)
{
	(void)a;
	const struct params *p = params;
	if (p->from.actor >= 0)
		PROBLEM(problems, pos,
			"a peer's own address is an address such as \"127.0.0.1:4444\", not an actor");
}

static void check_client(void *params, struct arena *a, const struct pos *pos, struct problems *problems)
{
	const struct params *p = params;
	struct in_addr address;
	check_from(params, a, pos, problems);
	if (p->via != NULL && inet_pton(AF_INET, p->via, &address) != 1)
		PROBLEM(problems, pos, "via: expected an IPv4 address such as 1.2.3.4, found \"%s\"", p->via);
}

static void send_to(struct peer *p, struct bytes data, const struct endpoint *to, struct attempt *ret)
{
	struct sockaddr_storage address;
	socklen_t len;
	bool known;
	if (to->len > 0 || to->actor >= 0) {
		known = stage_resolve(p->stage, to, "udp", &address, &len);
	} else if (is_client(p)) {
		known = find_destination(p);
		address = p->destination;
		len = p->destination_len;
	} else {
		address = p->sender;
		len = p->sender_len;
		known = len > 0;
	}
	if (!known) {
		*ret = (struct attempt){ .tried = TRIED_FAILED,
					 .outcome = STEP_IMPOSSIBLE,
					 .came = "nobody" };
		return;
	}
	ssize_t n;
	do { /* a pending ECONNREFUSED of an earlier datagram is told first, once */
		n = sendto(p->fd, data.at, data.len, 0, (const struct sockaddr *)&address, len);
	} while (n < 0 && (errno == EINTR || errno == ECONNREFUSED));
	if (n < 0 && errno == EAGAIN)
		return; /* tried again */
	peer_said(p, data, &address, n < 0 ? -errno : n);
	ret->tried = n < 0 ? TRIED_FAILED : TRIED_DONE;
	ret->outcome = n < 0 ? STEP_IMPOSSIBLE : STEP_DONE;
}

static void close_socket(struct peer *p)
{
	(void)close(TAKE_FD(p->fd));
}

const struct actor_kind actor_kind_udp_client = {
	.kind = { .name = "udp-client",
		  .help = "the grader sends datagrams to a server",
		  .fields = client_fields,
		  .n_fields = ARRAY_SIZE(client_fields),
		  .size = sizeof(struct params),
		  .finish = check_client },
	.open = open_socket,
	.ready = ready,
	.send = send_to,
	.close = close_socket,
};

const struct actor_kind actor_kind_udp_server = {
	.kind = { .name = "udp-server",
		  .help = "the grader waits for datagrams and answers",
		  .fields = server_fields,
		  .n_fields = ARRAY_SIZE(server_fields),
		  .size = sizeof(struct params),
		  .finish = check_from },
	.open = open_socket,
	.ready = ready,
	.send = send_to,
	.close = close_socket,
};

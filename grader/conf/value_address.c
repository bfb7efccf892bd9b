#include "conf/value.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum { PORT_MOST = 65535, HOST_MOST = 46 };

/* The whole text is a port. NULL, or why not. */
static const char *take_port(const char *at, int *ret)
{
	struct number n = { 0 };
	const char *why = number_take(&at, &n);
	if (why != NULL || *at != '\0' || n.negative || n.size > PORT_MOST)
		return "a port is a number from 0 to 65535";
	*ret = (int)n.size;
	return NULL;
}

static const char *ipv4(const char *host, uint16_t port, struct endpoint *ret)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(port) };
	if (inet_pton(AF_INET, host, &in.sin_addr) != 1)
		return "addresses are numbers: 127.0.0.1, not a name; IPv6 stands in brackets";
	memcpy(&ret->address, &in, sizeof in);
	ret->len = sizeof in;
	return NULL;
}

static const char *ipv6(const char *host, uint16_t port, struct endpoint *ret)
{
	struct sockaddr_in6 in = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	if (inet_pton(AF_INET6, host, &in.sin6_addr) != 1)
		return "what stands in brackets is no IPv6 address";
	memcpy(&ret->address, &in, sizeof in);
	ret->len = sizeof in;
	return NULL;
}

static const char *take_address(const char *text, struct endpoint *ret)
{
	const char *colon = strrchr(text, ':');
	const char *host = text;
	size_t len = (size_t)(colon - text);
	bool brackets = text[0] == '[';
	if (brackets) {
		if (len < 2 || text[len - 1] != ']')
			return "after the brackets come ':' and the port";
		host++;
		len -= 2;
	}
	int port = 0;
	const char *why = take_port(colon + 1, &port);
	if (why != NULL)
		return why;
	char name[HOST_MOST + 1];
	if (len > HOST_MOST)
		return "no address is that long";
	memcpy(name, host, len);
	name[len] = '\0';
	return brackets ? ipv6(name, (uint16_t)port, ret) : ipv4(name, (uint16_t)port, ret);
}

bool value_endpoint(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	const char *text = node_as_text(n);
	if (text == NULL)
		return value_wrong(r, f, n, NULL);
	struct endpoint e = { .actor = -1 };
	if (strchr(text, ':') == NULL) {
		const struct field actor = { .key = f->key, .type = FIELD_ACTOR };
		if (r->actor_names == NULL)
			return value_wrong(r, f, n, NULL);
		if (!value_read(r, &actor, n, &e.actor))
			return false;
	} else {
		const char *why = take_address(text, &e);
		if (why != NULL)
			return value_wrong(r, f, n, why);
	}
	*(struct endpoint *)ret = e;
	return true;
}

bool value_socket(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	static const char *const protocols[] = { "udp", "tcp", NULL };
	const char *text = node_as_text(n);
	if (text == NULL)
		return value_wrong(r, f, n, NULL);
	size_t len = strcspn(text, ":");
	struct socket_name s = { .port = PORT_ANY };
	for (size_t i = 0; protocols[i] != NULL; i++)
		if (strlen(protocols[i]) == len && strncmp(protocols[i], text, len) == 0)
			s.protocol = protocols[i];
	if (s.protocol == NULL)
		return value_wrong(r, f, n, "the protocol, udp or tcp, comes first");
	const char *why = text[len] == ':' ? take_port(text + len + 1, &s.port) : NULL;
	if (why != NULL)
		return value_wrong(r, f, n, why);
	*(struct socket_name *)ret = s;
	return true;
}

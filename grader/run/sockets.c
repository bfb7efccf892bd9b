/*
 * Which sockets a program has bound, by the kernel's own word: /proc/net/{udp,tcp}{,6} of the box, and the links in
 * /proc/PID/fd (proc(5)).
 */
#include "run/stage_internal.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>

struct inodes {
	struct stage *stage;
	uint64_t *at;
	size_t n, cap;
};

static void collect_inodes(void *context, pid_t pid)
{
	struct inodes *in = context;
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/fd", pid);
	DIR *d = opendir(path);
	if (d == NULL)
		return; /* it just ended */
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		char target[64];
		unsigned long long inode;
		ssize_t n = readlinkat(dirfd(d), e->d_name, target, sizeof target - 1);
		if (n <= 0)
			continue;
		target[n] = '\0';
		if (sscanf(target, "socket:[%llu]", &inode) != 1)
			continue;
		in->at = arena_push(in->stage->arena, in->at, &in->n, &in->cap, sizeof *in->at);
		in->at[in->n - 1] = inode;
	}
	(void)closedir(d);
}

/* "0100007F:115C": the address in the order of its bytes in memory, 32 bits a group; the port as a number. */
static bool parse_address(const char *text, bool v6, struct sockaddr_storage *ret)
{
	*ret = (struct sockaddr_storage){ 0 };
	unsigned port;
	if (v6) {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret;
		uint32_t w[4];
		if (sscanf(text, "%8x%8x%8x%8x:%x", &w[0], &w[1], &w[2], &w[3], &port) != 5)
			return false;
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons((uint16_t)port);
		memcpy(&in6->sin6_addr, w, sizeof w);
		return true;
	}
	struct sockaddr_in *in = (struct sockaddr_in *)ret;
	if (sscanf(text, "%8x:%x", &in->sin_addr.s_addr, &port) != 2)
		return false;
	in->sin_family = AF_INET;
	in->sin_port = htons((uint16_t)port);
	return true;
}

struct table {
	const char *path, *protocol;
	bool v6;
};

static const struct table tables[] = {
	{ "/proc/self/net/udp", "udp", false },
	{ "/proc/self/net/udp6", "udp", true },
	{ "/proc/self/net/tcp", "tcp", false },
	{ "/proc/self/net/tcp6", "tcp", true },
};

enum { TCP_STATE_LISTEN = 0x0A };

static void read_table(struct stage *s, const struct table *t, const struct inodes *in, struct bound_socket **ret, size_t *n,
		       size_t *cap)
{
	FILE *file = fopen(t->path, "re");
	if (file == NULL)
		return; /* a kernel without IPv6 */
	char line[512];
	while (fgets(line, sizeof line, file) != NULL) {
		char local[80];
		unsigned state;
		unsigned long long inode;
		struct sockaddr_storage address;
		if (sscanf(line, " %*d: %79s %*s %x %*s %*s %*s %*d %*d %llu", local, &state, &inode) != 3 ||
		    !parse_address(local, t->v6, &address))
			continue;
		bool ours = false;
		for (size_t i = 0; i < in->n; i++)
			ours = ours || in->at[i] == inode;
		if (!ours || address_port(&address) == 0)
			continue;
		*ret = arena_push(s->arena, *ret, n, cap, sizeof **ret);
		(*ret)[*n - 1] = (struct bound_socket){ .protocol = t->protocol,
							.address = address,
							.inode = inode,
							.listening = t->protocol[0] == 'u' || state == TCP_STATE_LISTEN };
	}
	(void)fclose(file);
}

void stage_sockets(struct stage *s, int actor, struct bound_socket **ret, size_t *ret_n)
{
	struct inodes in = { .stage = s };
	observer_each_process(s->observer, actor, collect_inodes, &in);
	size_t cap = 0;
	*ret = NULL;
	*ret_n = 0;
	if (in.n == 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		read_table(s, &tables[i], &in, ret, ret_n, &cap);
}

int address_port(const struct sockaddr_storage *address)
{
	switch (address->ss_family) {
	case AF_INET:
		return ntohs(((const struct sockaddr_in *)address)->sin_port);
	case AF_INET6:
		return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
	default:
		return 0;
	}
}

const char *address_text(struct arena *a, const struct sockaddr_storage *address)
{
	char text[INET6_ADDRSTRLEN] = "?";
	if (address->ss_family == AF_INET) {
		(void)inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text, sizeof text);
		return arena_printf(a, "%s:%d", text, address_port(address));
	}
	if (address->ss_family == AF_INET6) {
		(void)inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, text, sizeof text);
		return arena_printf(a, "[%s]:%d", text, address_port(address));
	}
	return "?";
}

/* Where to reach a socket that listens on `bound` from inside the box. */
static void reachable(const struct sockaddr_storage *bound, struct sockaddr_storage *ret, socklen_t *ret_len)
{
	*ret = *bound;
	*ret_len = sizeof(struct sockaddr_in);
	struct sockaddr_in *in = (struct sockaddr_in *)ret;
	if (bound->ss_family == AF_INET6) {
		const struct in6_addr *a6 = &((const struct sockaddr_in6 *)bound)->sin6_addr;
		*ret_len = sizeof(struct sockaddr_in6);
		if (!IN6_IS_ADDR_UNSPECIFIED(a6) && !IN6_IS_ADDR_V4MAPPED(a6))
			return;
		/* every address, IPv4 too unless it asked for IPv6 only */
		in_port_t port = htons((uint16_t)address_port(bound));
		struct in_addr a4 = { .s_addr = htonl(INADDR_LOOPBACK) };
		if (IN6_IS_ADDR_V4MAPPED(a6))
			memcpy(&a4, &a6->s6_addr[12], sizeof a4);
		*ret = (struct sockaddr_storage){ 0 };
		in->sin_family = AF_INET;
		in->sin_port = port;
		in->sin_addr = a4;
		*ret_len = sizeof(struct sockaddr_in);
	}
	if (in->sin_addr.s_addr == htonl(INADDR_ANY))
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

bool stage_resolve(struct stage *s, const struct endpoint *e, const char *protocol, struct sockaddr_storage *ret,
		   socklen_t *ret_len)
{
	if (e->actor < 0) {
		*ret = e->address;
		*ret_len = e->len;
		return e->len > 0;
	}
	if (s->programs[e->actor].box_index < 0) {
		*ret = s->peers[e->actor].sender;
		*ret_len = s->peers[e->actor].sender_len;
		return *ret_len > 0;
	}
	struct bound_socket *sockets;
	size_t n;
	stage_sockets(s, e->actor, &sockets, &n);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(sockets[i].protocol, protocol) == 0 && sockets[i].listening) {
			reachable(&sockets[i].address, ret, ret_len);
			return true;
		}
	}
	return false;
}

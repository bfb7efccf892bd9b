/*
 * Which sockets a program has bound: each of its descriptors that is a socket is borrowed for a moment (pidfd_getfd) and asked
 * for its name. The tables of /proc/net would say the same, but reading those of TCP walks a hash of the whole machine.
 */
#include "run/stage_internal.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>

struct search {
	struct stage *stage;
	struct bound_socket *found;
	size_t n, cap;
};

static int option(int fd, int name)
{
	int value = 0;
	socklen_t len = sizeof value;
	return getsockopt(fd, SOL_SOCKET, name, &value, &len) < 0 ? -1 : value;
}

static const char *protocol_of(int fd)
{
	switch (option(fd, SO_PROTOCOL)) {
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_TCP:
		return "tcp";
	default:
		return NULL;
	}
}

static void look_at_socket(struct search *in, int pidfd, int number, uint64_t inode)
{
	CLEANUP_CLOSE int fd = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof address;
	const char *protocol = fd < 0 ? NULL : protocol_of(fd);
	if (protocol == NULL || getsockname(fd, (struct sockaddr *)&address, &len) < 0 ||
	    address_port(&address) == 0)
		return;
	for (size_t i = 0; i < in->n; i++) {
		if (in->found[i].inode == inode)
			return; /* a child has it too */
	}
	in->found = arena_push(in->stage->arena, in->found, &in->n, &in->cap, sizeof *in->found);
	in->found[in->n - 1] = (struct bound_socket){ .protocol = protocol,
						      .address = address,
						      .inode = inode,
						      .listening = protocol[0] == 'u' ||
								   option(fd, SO_ACCEPTCONN) == 1 };
}

static void look_at_process(void *context, pid_t pid)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/fd", pid);
	CLEANUP_CLOSE int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	DIR *d = opendir(path);
	if (d == NULL)
		return; /* it just ended */
	for (struct dirent *e; pidfd >= 0 && (e = readdir(d)) != NULL;) {
		char target[64];
		unsigned long long inode;
		ssize_t n = readlinkat(dirfd(d), e->d_name, target, sizeof target - 1);
		if (n <= 0)
			continue;
		target[n] = '\0';
		if (sscanf(target, "socket:[%llu]", &inode) == 1)
			look_at_socket(context, pidfd, (int)strtol(e->d_name, NULL, 10), inode);
	}
	(void)closedir(d);
}

void stage_sockets(struct stage *s, int actor, struct bound_socket **ret, size_t *ret_n)
{
	struct search in = { .stage = s };
	observer_each_process(s->observer, actor, look_at_process, &in);
	*ret = in.found;
	*ret_n = in.n;
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
		(void)inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, text,
				sizeof text);
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

bool stage_resolve(struct stage *s, const struct endpoint *e, const char *protocol,
		   struct sockaddr_storage *ret, socklen_t *ret_len)
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

#include "sandbox/box/box_internal.h"

#include "base/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static int set_address(int fd, unsigned long request, const char *address, const char *what, struct fault *f)
{
	struct ifreq r = { 0 };
	/* an alias: the first address, 127.0.0.1, stays */
	(void)snprintf(r.ifr_name, sizeof r.ifr_name, "lo:1");
	struct sockaddr_in in = { .sin_family = AF_INET };
	(void)inet_pton(AF_INET, address, &in.sin_addr);
	memcpy(&r.ifr_addr, &in, sizeof in);
	if (ioctl(fd, request, &r) < 0)
		return fault_set(f, FAULT_WORLD, errno, "%s %s on lo", what, address);
	return 0;
}

int world_network(struct fault *f)
{
	CLEANUP_CLOSE int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fault_set(f, FAULT_WORLD, errno, "socket");
	struct ifreq r = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	if (ioctl(fd, SIOCSIFFLAGS, &r) < 0)
		return fault_set(f, FAULT_WORLD, errno, "bring lo up");
	if (set_address(fd, SIOCSIFADDR, "1.2.3.4", "address", f) < 0 ||
	    set_address(fd, SIOCSIFNETMASK, "255.255.255.255", "netmask", f) < 0)
		return -1;
	return io_put("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0", f);
}

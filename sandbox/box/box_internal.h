/*
 * box_internal.h - what the files of the box share: the worker's side (box.c), the world (box_world.c, box_net.c), and pid 1
 * with what it starts (box_init.c).
 */
#pragma once

#include "sandbox/box/box.h"

struct box_ends {
	int ours[3]; /* the worker's ends; stdout of a terminal is the same number as stdin */
	int theirs[3]; /* the program's; closed in the worker once init has them */
	int go[2]; /* one byte lets the program exec */
};

struct box {
	const struct box_options *options;
	char root[64];
	pid_t init;
	int init_pidfd;
	int orders; /* the worker writes a program's number; end of file ends init */
	int orders_init;
	int news; /* the worker reads struct box_news */
	int news_init;
	struct box_ends ends[BOX_PROGRAMS_MOST];
	struct box_news
		kept[BOX_PROGRAMS_MOST]; /* came while box_start waited for other news; oldest first */
	size_t n_kept;
};

/* New namespaces; this process is uid and gid 1000 in them, with all capabilities over them. */
int world_unshare(const struct box_options *o, struct fault *f) MUST_CHECK;

/* The file tree of the box, mounted at `root` in this process's mount namespace. */
int world_build_tree(const char *root, const struct box_options *o, struct fault *f) MUST_CHECK;

/* A folder of the host that nobody misses while the tree is mounted over it. */
int world_choose_root(char ret[64], struct fault *f) MUST_CHECK;

/* lo up, 1.2.3.4 on it, every port bindable. */
int world_network(struct fault *f) MUST_CHECK;

/* The body of pid 1. Never returns. */
_Noreturn void init_main(struct box *b);

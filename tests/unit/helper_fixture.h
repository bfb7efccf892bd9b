/*
 * helper_fixture.h - for tests that start programs: a folder, and tests/unit/helpers/NAME.c compiled into it as students'
 * programs are: without sanitizers.
 */
#pragma once

#include "base/base.h"

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

static char helper_folder[64];
static char helper_path[256];

/* Before the tests run. False: there is no compiler, or no folder; it has been complained about. */
static inline bool helper_compile(const char *name)
{
	char command[1024];
	(void)snprintf(helper_folder, sizeof helper_folder, "/tmp/grader-test.XXXXXX");
	if (mkdtemp(helper_folder) == NULL || chmod(helper_folder, 0755) < 0)
		return false;
	(void)snprintf(helper_path, sizeof helper_path, "%s/%s", helper_folder, name);
	(void)snprintf(
		command, sizeof command,
		"cc -std=gnu17 -D_GNU_SOURCE -Wall -O1 -pthread '%s/tests/unit/helpers/%s.c' -o '%s' -lrt",
		SOURCE_DIR, name, helper_path);
	return system(command) == 0; // NOLINT: the shell is the point
}

static inline int helper_remove_one(const char *path, const struct stat *st, int what, struct FTW *at)
{
	(void)st;
	(void)what;
	(void)at;
	return remove(path);
}

/* After them. */
static inline void helper_clean(void)
{
	(void)nftw(helper_folder, helper_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

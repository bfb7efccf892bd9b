/*
 * replay_main.c - feeds a fuzzer's entry point each file of the folders it is given, once: a fuzzer as an ordinary test.
 *
 * A crash names the file: its name is written before it is tried. A folder without files is a failure, for a test that
 * tries nothing proves nothing.
 */
#include "base/arena.h"
#include "base/io.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MOST = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static bool replay_file(const char *path)
{
	CLEANUP(buf_done) struct buf content = { 0 };
	struct fault f = { 0 };
	(void)printf("%s\n", path);
	(void)fflush(stdout);
	if (io_read_file(AT_FDCWD, path, INPUT_MOST, &content, &f) < 0) {
		(void)fprintf(stderr, "%s\n", f.text);
		return false;
	}
	/* a copy of exactly that size: ASan then sees a read past the end */
	uint8_t *exact = must_alloc(malloc(MAX(content.len, 1)));
	if (content.len > 0)
		memcpy(exact, content.at, content.len);
	(void)LLVMFuzzerTestOneInput(exact, content.len);
	free(exact);
	return true;
}

static bool replay_folder(const char *folder)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort);
	int files = 0;
	bool good = true;
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.') {
			good = replay_file(arena_printf(&a, "%s/%s", folder, entries[i]->d_name)) && good;
			files++;
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	if (files == 0)
		(void)fprintf(stderr, "%s: nothing to replay\n", folder);
	return good && files > 0;
}

int main(int argc, char **argv)
{
	if (LLVMFuzzerInitialize != NULL)
		(void)LLVMFuzzerInitialize(&argc, &argv);
	bool good = argc > 1;
	for (int i = 1; i < argc; i++)
		good = replay_folder(argv[i]) && good;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

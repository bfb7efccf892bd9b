#include "cli/cli.h"

#include "base/io.h"
#include "spec/manual.h"

#include <string.h>

static int run(int argc, char **argv)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf out = { 0 };
	struct fault f;
	if (argc > 2 || (argc == 2 && strcmp(argv[1], "--markdown") != 0 && strcmp(argv[1], "--schema") != 0))
		return usage_of(&command_kinds);
	if (argc == 1)
		manual_text(&a, &vocabulary, &out);
	else if (strcmp(argv[1], "--markdown") == 0)
		manual_markdown(&a, &vocabulary, &out);
	else
		manual_schema(&a, &vocabulary, &out);
	if (io_write_all(STDOUT_FILENO, out.at, out.len, &f) < 0) {
		complain("%s", f.text);
		return EXIT_FAULTED;
	}
	return EXIT_GRADED;
}

const struct command command_kinds = {
	.name = "kinds",
	.usage = "[--markdown|--schema]",
	.help = { .fr = "tout ce qu'un sujet peut dire : acteurs, étapes, sondes, vérifications, avec leurs "
			"champs",
		  .en = "all that a spec may say: actors, steps, probes, checks, with their fields" },
	.run = run,
};

#include "cli/cli.h"

static int run(int argc, char **argv)
{
	int result = EXIT_GRADED;
	if (argc < 2)
		return usage_of(&command_lint);
	for (int i = 1; i < argc; i++) {
		CLEANUP(arena_done) struct arena a = { 0 };
		struct spec spec;
		if (cli_load_spec(&a, argv[i], true, &spec) < 0)
			result = EXIT_BELOW;
		else
			(void)printf(
				tr("%s : %zu programmes, %zu lignes de barème, %zu cas, %lld,%02lld points\n",
				   "%s: %zu programs, %zu rubric lines, %zu cases, %lld.%02lld points\n"),
				argv[i], spec.n_programs, spec.n_rubric, spec.n_cases,
				(long long)(spec.total / 100), (long long)(spec.total % 100));
	}
	return result;
}

const struct command command_lint = {
	.name = "lint",
	.usage = "SPEC.yaml…",
	.help = { .fr = "dit tout ce qui ne va pas dans un sujet, et ce qui pourrait aller mieux",
		  .en = "says all that is wrong with a spec, and what could be better" },
	.run = run,
};

#include "cli/cli.h"

#include <locale.h>
#include <signal.h>

static const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "cli/list.h"
#undef COMMAND
};

static int list_commands(FILE *out)
{
	(void)fprintf(out, "%s\n\n", tr("grader note les TP de programmation système.",
					"grader marks systems-programming labs."));
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		(void)fprintf(out, "  grader %s %s\n        %s\n", commands[i]->name, commands[i]->usage,
			      text_in(commands[i]->help, cli_lang));
	(void)fprintf(out, "\n%s\n", tr("  --lang fr|en  langue des messages ; --version", "  --lang fr|en  language of messages; --version"));
	return out == stdout ? EXIT_GRADED : EXIT_USAGE;
}

static int unknown_command(const char *name)
{
	const char *names[ARRAY_SIZE(commands) + 1] = { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		names[i] = commands[i]->name;
	const char *nearest = text_nearest(name, names);
	struct arena a = { 0 };
	const char *shown = bytes_show(&a, bytes_of(name), 40);
	if (nearest != NULL)
		complain(tr("commande inconnue « %s » ; vouliez-vous dire « %s » ?", "unknown command '%s'; did you mean '%s'?"),
			 shown, nearest);
	else
		complain(tr("commande inconnue « %s » ; « grader --help » les donne toutes",
			    "unknown command '%s'; 'grader --help' lists them"),
			 shown);
	arena_done(&a);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)signal(SIGPIPE, SIG_IGN); /* a reader that leaves is told by write() */
	cli_lang = lang_of_environment();
	if (argc >= 3 && strcmp(argv[1], "--lang") == 0) {
		if (!cli_set_lang(argv[2]))
			return EXIT_USAGE;
		argv += 2;
		argc -= 2;
	}
	if (argc < 2)
		return list_commands(stderr);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
		return list_commands(stdout);
	if (strcmp(argv[1], "--version") == 0) {
		(void)printf("grader %s\n", GRADER_VERSION);
		return EXIT_GRADED;
	}
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(argv[1], commands[i]->name) == 0)
			return commands[i]->run(argc - 1, argv + 1);
	}
	return unknown_command(argv[1]);
}

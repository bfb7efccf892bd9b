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
	(void)fprintf(
		out, "%s\n\n",
		tr("grader note les TP de programmation système.", "grader marks systems-programming labs."));
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		(void)fprintf(out, "  grader %s %s\n        %s\n", commands[i]->name, commands[i]->usage,
			      text_in(commands[i]->help, cli_lang));
	(void)fprintf(out, "\n%s\n",
		      tr("  --lang fr|en  langue des messages ; --version",
			 "  --lang fr|en  language of messages; --version"));
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
		complain(tr("commande inconnue « %s » ; vouliez-vous dire « %s » ?",
			    "unknown command '%s'; did you mean '%s'?"),
			 shown, nearest);
	else
		complain(tr("commande inconnue « %s » ; « grader --help » les donne toutes",
			    "unknown command '%s'; 'grader --help' lists them"),
			 shown);
	arena_done(&a);
	return EXIT_USAGE;
}

/* --lang fr|en may stand anywhere; it is taken out here. False: not a language. */
static bool take_lang(int *argc, char **argv)
{
	int kept = 0;
	for (int i = 0; i < *argc; i++) {
		if (strcmp(argv[i], "--lang") != 0 || i + 1 == *argc) {
			argv[kept++] = argv[i];
			continue;
		}
		if (!cli_set_lang(argv[++i]))
			return false;
	}
	argv[kept] = NULL;
	*argc = kept;
	return true;
}

static bool asks_for_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

static int run_command(const struct command *c, int argc, char **argv)
{
	if (argc < 2 || !asks_for_help(argv[1]))
		return c->run(argc, argv);
	(void)printf("grader %s %s\n        %s\n", c->name, c->usage, text_in(c->help, cli_lang));
	return EXIT_GRADED;
}

int main(int argc, char **argv)
{
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)signal(SIGPIPE, SIG_IGN); /* a reader that leaves is told by write() */
	(void)signal(SIGXFSZ, SIG_IGN); /* so is a file that may not grow */
	cli_lang = lang_of_environment();
	if (!take_lang(&argc, argv))
		return EXIT_USAGE;
	if (argc < 2)
		return list_commands(stderr);
	if (asks_for_help(argv[1]))
		return list_commands(stdout);
	if (strcmp(argv[1], "--version") == 0) {
		(void)printf("grader %s\n", GRADER_VERSION);
		return EXIT_GRADED;
	}
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(argv[1], commands[i]->name) == 0)
			return run_command(commands[i], argc - 1, argv + 1);
	}
	return unknown_command(argv[1]);
}

#include "cli/cli.h"

#include "checks/checks.h"
#include "probes/probes.h"
#include "reference/peers/peers.h"
#include "run/steps/steps.h"
#include "spec/spec_load.h"

#include <ftw.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/stat.h>

const struct vocabulary vocabulary = {
	.actors = actor_kinds,
	.steps = step_kinds,
	.probes = probe_kinds,
	.checks = check_kinds,
};

enum lang cli_lang;

const char *tr(const char *fr, const char *en)
{
	return cli_lang == LANG_FR ? fr : en;
}

void complain(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	(void)fputs("grader: ", stderr);
	(void)vfprintf(stderr, fmt, ap);
	(void)fputs("\n", stderr);
	va_end(ap);
}

int usage_of(const struct command *c)
{
	(void)fprintf(stderr, "%s : grader %s %s\n", tr("Usage", "Usage"), c->name, c->usage);
	return EXIT_USAGE;
}

int cli_load_spec(struct arena *a, const char *path, bool advice, struct spec *ret)
{
	struct problems problems = { .arena = a };
	struct fault f = { 0 };
	int r = spec_load(a, path, &vocabulary, &problems, ret, &f);
	for (size_t i = 0; i < problems.n; i++) {
		const struct problem *p = &problems.at[i];
		if (!p->warning || advice)
			(void)fprintf(stderr, "%s:%d:%d: %s: %s\n", p->pos.file, p->pos.line, p->pos.column,
				      p->warning ? tr("conseil", "advice") : tr("erreur", "error"), p->text);
	}
	if (r < 0)
		complain("%s", f.text);
	return r;
}

bool cli_set_lang(const char *name)
{
	if (strcmp(name, "fr") != 0 && strcmp(name, "en") != 0) {
		complain(tr("--lang : fr ou en, pas « %s »", "--lang: fr or en, not '%s'"), name);
		return false;
	}
	cli_lang = strcmp(name, "fr") == 0 ? LANG_FR : LANG_EN;
	return true;
}

int cli_processors(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof set, &set) < 0 ? 1 : CPU_COUNT(&set);
	return MAX(n, 1);
}

const char *cli_temporary_folder(struct arena *a)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = arena_printf(a, "%s/grader.XXXXXX", tmp == NULL || tmp[0] == '\0' ? "/tmp" : tmp);
	if (mkdtemp(dir) != NULL)
		return dir;
	complain(tr("pas de dossier temporaire : %s", "no temporary folder: %s"), dir);
	return NULL;
}

static int remove_one(const char *path, const struct stat *st, int what, struct FTW *at)
{
	(void)st;
	(void)what;
	(void)at;
	return remove(path);
}

void cli_remove_folder(const char *path)
{
	(void)nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

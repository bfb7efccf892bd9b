#include "cli/cli.h"
#include "cli/session.h"

/* Drops the lines that no case counts for. */
static void keep_lines_with_cases(struct spec *s)
{
	size_t kept = 0;
	s->total = 0;
	for (size_t line = 0; line < s->n_rubric; line++) {
		bool any = false;
		for (size_t i = 0; i < s->n_cases; i++) {
			if ((size_t)s->cases[i].rubric != line)
				continue;
			s->cases[i].rubric = (int)kept; /* lower than any line still to come */
			any = true;
		}
		if (!any)
			continue;
		s->rubric[kept++] = s->rubric[line];
		s->total += s->rubric[kept - 1].points;
	}
	s->n_rubric = kept;
}

/* Only the public cases, and the lines they count for. Returns how many cases are hidden. */
static size_t keep_public(struct spec *s)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->n_cases; i++) {
		if (s->cases[i].visibility == CASE_PUBLIC)
			s->cases[kept++] = s->cases[i];
	}
	size_t hidden = s->n_cases - kept;
	s->n_cases = kept;
	keep_lines_with_cases(s);
	return hidden;
}

struct loss {
	const struct spec *spec;
	bool any;
};

static void note_loss(void *context, const struct submission *s, const struct sheet *sheet)
{
	(void)s;
	struct loss *l = context;
	for (size_t i = 0; i < l->spec->n_rubric; i++)
		l->any = l->any ||
			 (sheet->lines[i].graded && sheet->lines[i].earned < sheet->lines[i].line->points);
}

static int check(struct arena *a, const char *spec_path, const char *folder)
{
	struct spec spec;
	struct submissions all;
	struct fault f = { 0 };
	if (cli_load_spec(a, spec_path, false, &spec) < 0)
		return EXIT_USAGE;
	size_t hidden = keep_public(&spec);
	if (submissions_find(a, folder, &spec, FOLDER_ONE, &all, &f) < 0) {
		complain("%s", f.text);
		return EXIT_USAGE;
	}
	const char *dir = cli_temporary_folder(a);
	if (dir == NULL)
		return EXIT_FAULTED;
	struct loss loss = { .spec = &spec };
	struct session s = { .spec = &spec,
			     .submissions = &all,
			     .output = dir,
			     .command = "check",
			     .jobs = cli_processors(),
			     .sheet = note_loss,
			     .context = &loss,
			     .n_reports = 1 };
	s.reports[0] = (struct session_report){
		.kind = report_kind_named("student"),
		.path = "-",
		.options = { .lang = cli_lang,
			     .colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL,
			     .width = 100,
			     .for_student = true },
	};
	struct session_result r;
	int ran = session_run(&s, &r, &f);
	cli_remove_folder(dir);
	if (ran < 0) {
		complain("%s", f.text);
		return EXIT_FAULTED;
	}
	if (hidden > 0)
		(void)printf(tr("%zu cas cachés seront notés par l'enseignant.\n",
				"%zu hidden cases will be graded by the teacher.\n"),
			     hidden);
	if (r.summary.stopped)
		return EXIT_STOPPED;
	if (r.summary.faults > 0)
		return EXIT_FAULTED;
	return loss.any ? EXIT_BELOW : EXIT_GRADED;
}

static int run(int argc, char **argv)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	if (argc < 2 || argc > 3 || argv[1][0] == '-')
		return usage_of(&command_check);
	return check(&a, argv[1], argc == 3 ? argv[2] : ".");
}

const struct command command_check = {
	.name = "check",
	.usage = "SPEC.yaml [DIR]",
	.help = { .fr = "vérifie son propre travail : les cas publics, avec des conseils",
		  .en = "checks one's own work: the public cases, with hints" },
	.run = run,
};

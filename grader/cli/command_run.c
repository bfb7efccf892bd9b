#include "cli/cli.h"
#include "cli/session.h"

#include "base/io.h"

#include <getopt.h>
#include <sys/ioctl.h>

struct options {
	const char *spec, *submissions, *output;
	struct session session;
	int64_t min; /* hundredths; -1: none */
	bool text_on_stdout;
};

enum option_id { OPTION_OUTPUT = 256, OPTION_REPORT, OPTION_JOBS, OPTION_MIN, OPTION_QUIET, OPTION_AGAIN };

static const struct option long_options[] = {
	{ "output", required_argument, NULL, OPTION_OUTPUT },
	{ "report", required_argument, NULL, OPTION_REPORT },
	{ "jobs", required_argument, NULL, OPTION_JOBS },
	{ "min", required_argument, NULL, OPTION_MIN },
	{ "quiet", no_argument, NULL, OPTION_QUIET },
	{ "again", no_argument, NULL, OPTION_AGAIN },
	{ NULL, 0, NULL, 0 },
};

static bool number_option(const char *name, const char *text, int64_t min, int64_t max, int64_t *ret)
{
	char *end;
	long long n = strtoll(text, &end, 10);
	if (*text == '\0' || *end != '\0' || n < min || n > max) {
		complain(tr("--%s : un nombre de %lld à %lld, pas « %s »",
			    "--%s: a number from %lld to %lld, not '%s'"),
			 name, (long long)min, (long long)max, text);
		return false;
	}
	*ret = n;
	return true;
}

/* "10", "9.5", "12,25": hundredths. */
static bool mark_option(const char *text, int64_t *ret)
{
	char *end;
	long long whole = strtoll(text, &end, 10);
	int64_t centi = 0;
	if (end != text && (*end == '.' || *end == ',') && end[1] >= '0' && end[1] <= '9') {
		centi = 10 * (int64_t)(end[1] - '0');
		end += 2;
		if (*end >= '0' && *end <= '9')
			centi += *end++ - '0';
	}
	if (end == text || *end != '\0' || whole < 0 || whole > 1000) {
		complain(tr("--min : une note comme 10 ou 9,5, pas « %s »",
			    "--min: a mark such as 10 or 9.5, not '%s'"),
			 text);
		return false;
	}
	*ret = whole * 100 + centi;
	return true;
}

static bool report_option(struct session *s, char *text)
{
	char *equals = strchr(text, '=');
	if (equals == NULL || equals[1] == '\0') {
		complain(tr("--report : GENRE=FICHIER (ou GENRE=-), pas « %s »",
			    "--report: KIND=FILE (or KIND=-), not '%s'"),
			 text);
		return false;
	}
	*equals = '\0';
	const struct report_kind *kind = report_kind_named(text);
	if (kind == NULL) {
		const char *names[SESSION_REPORTS_MOST + 1] = { 0 };
		for (size_t i = 0; i < SESSION_REPORTS_MOST && report_kinds[i] != NULL; i++)
			names[i] = report_kinds[i]->name;
		const char *nearest = text_nearest(text, names);
		complain(tr("--report : genre inconnu « %s »%s%s", "--report: unknown kind '%s'%s%s"), text,
			 nearest == NULL ? "" : tr(" ; vouliez-vous dire ", "; did you mean "),
			 nearest == NULL ? "" : nearest);
		return false;
	}
	if (s->n_reports == SESSION_REPORTS_MOST) {
		complain(tr("--report : %d au plus", "--report: at most %d"), SESSION_REPORTS_MOST);
		return false;
	}
	s->reports[s->n_reports++] = (struct session_report){ .kind = kind, .path = equals + 1 };
	return true;
}

static bool take_option(struct options *o, int id)
{
	int64_t n;
	switch ((enum option_id)id) {
	case OPTION_OUTPUT:
		o->output = optarg;
		return true;
	case OPTION_REPORT:
		return report_option(&o->session, optarg);
	case OPTION_JOBS:
		if (!number_option("jobs", optarg, 1, 256, &n))
			return false;
		o->session.jobs = (int)n;
		return true;
	case OPTION_MIN:
		return mark_option(optarg, &o->min);
	case OPTION_QUIET:
		o->session.quiet = true;
		return true;
	case OPTION_AGAIN:
		o->session.again = true;
		return true;
	}
	return false; /* getopt has complained */
}

static bool read_options(struct options *o, int argc, char **argv)
{
	*o = (struct options){ .output = "results", .min = -1 };
	o->session.jobs = cli_processors();
	for (int id; (id = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
		if (!take_option(o, id))
			return false;
	}
	if (argc - optind != 2)
		return false;
	o->spec = argv[optind];
	o->submissions = argv[optind + 1];
	return true;
}

static size_t terminal_width(void)
{
	struct winsize w;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) < 0 || w.ws_col == 0)
		return 100;
	return w.ws_col;
}

/* The table on the terminal, and what stays in the results' folder. */
static void usual_reports(struct arena *a, struct options *o)
{
	struct session *s = &o->session;
	bool terminal = isatty(STDOUT_FILENO) != 0;
	bool colour = terminal && getenv("NO_COLOR") == NULL;
	bool table = !s->quiet;
	for (size_t i = 0; i < s->n_reports; i++) {
		bool screen = strcmp(s->reports[i].path, "-") == 0;
		s->reports[i].options = (struct report_options){ .lang = cli_lang,
								 .colour = screen && colour,
								 .width = screen ? terminal_width() : 0 };
		table = table && !screen;
	}
	struct report_options plain = { .lang = cli_lang };
	struct report_options shown = { .lang = cli_lang, .colour = colour, .width = terminal_width() };
	if (table && s->n_reports < SESSION_REPORTS_MOST)
		s->reports[s->n_reports++] = (struct session_report){ .kind = report_kind_named("text"),
								      .path = "-",
								      .options = shown };
	if (s->n_reports + 2 > SESSION_REPORTS_MOST)
		return;
	s->reports[s->n_reports++] = (struct session_report){ .kind = report_kind_named("text"),
							      .path = arena_printf(a, "%s/report.txt",
										   o->output),
							      .options = plain };
	s->reports[s->n_reports++] = (struct session_report){ .kind = report_kind_named("json"),
							      .path = arena_printf(a, "%s/report.json",
										   o->output),
							      .options = plain };
	s->student_files = true;
}

static const char *command_line(struct arena *a, int argc, char **argv)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	for (int i = 0; i < argc; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : " ", argv[i]);
	return arena_copy(a, b.at, b.len);
}

static int conclude(const struct options *o, const struct session_result *r)
{
	const struct pipeline_summary *s = &r->summary;
	if (!o->session.quiet)
		(void)fprintf(
			stderr,
			tr("%zu rendus : %zu cas exécutés, %zu déjà connus, %zu incidents. Résultats : %s\n",
			   "%zu submissions: %zu cases run, %zu known already, %zu faults. Results: %s\n"),
			s->submissions, s->cases_run, s->cases_cached, s->faults, o->output);
	if (s->stopped) {
		complain(tr("arrêté ; la même commande reprendra où elle en était",
			    "stopped; the same command will go on where it was"));
		return EXIT_STOPPED;
	}
	if (r->ungraded || s->faults > 0) {
		complain(tr("des cas n'ont pas pu être notés ; la même commande les reprendra",
			    "some cases could not be graded; the same command will try them again"));
		return EXIT_FAULTED;
	}
	return o->min >= 0 && r->lowest_mark < o->min ? EXIT_BELOW : EXIT_GRADED;
}

static int grade(struct arena *a, struct options *o)
{
	struct spec spec;
	struct submissions all;
	struct fault f = { 0 };
	if (cli_load_spec(a, o->spec, false, &spec) < 0)
		return EXIT_USAGE;
	if (submissions_find(a, o->submissions, &spec, FOLDER_GUESS, &all, &f) < 0) {
		complain("%s", f.text);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < all.n_remarks; i++)
		complain("%s", text_in(all.remarks[i], cli_lang));
	if (io_make_folders(o->output, 0755, &f) < 0) {
		complain("%s", f.text);
		return EXIT_USAGE;
	}
	usual_reports(a, o);
	o->session.spec = &spec;
	o->session.submissions = &all;
	o->session.output = o->output;
	struct session_result r;
	if (session_run(&o->session, &r, &f) < 0) {
		complain("%s", f.text);
		return f.kind == FAULT_INPUT ? EXIT_USAGE : EXIT_FAULTED;
	}
	return conclude(o, &r);
}

static int run(int argc, char **argv)
{
	struct options o;
	CLEANUP(arena_done) struct arena a = { 0 };
	const char *line = command_line(&a, argc, argv);
	if (!read_options(&o, argc, argv))
		return usage_of(&command_run);
	o.session.command = line;
	return grade(&a, &o);
}

const struct command command_run = {
	.name = "run",
	.usage = "SPEC.yaml SUBMISSIONS [--output DIR] [--report KIND=FILE]… [--jobs N] [--min MARK] "
		 "[--again] [--quiet]",
	.help = { .fr = "note des rendus : un dossier de dossiers, un seul dossier, ou un seul fichier .c",
		  .en = "marks submissions: a folder of folders, a single folder, or a single .c file" },
	.run = run,
};

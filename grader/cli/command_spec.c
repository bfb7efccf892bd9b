/*
 * `grader spec test`: holds a spec to a corpus of submissions whose mistakes are known: each folder's expect.json says which
 * rubric lines it must lose, and which it may. Who is caught by what, and which line no wrong program exercises.
 */
#include "cli/cli.h"
#include "cli/session.h"

#include "base/io.h"
#include "score/mark.h"

#include <fcntl.h>
#include <getopt.h>
#include <jansson.h>

struct trial {
	const struct spec *spec;
	struct arena arena; /* as long as the command */
	size_t *exercised; /* of each line: wrong submissions that lost it as they should */
	size_t right, wrong; /* submissions as expected, and not */
	bool quiet; /* a repetition: only differences are shown */
	const char **outcomes; /* of each submission: one letter a case; from the first repetition */
	size_t n, cap, at; /* of outcomes; at: the submission that comes next */
	size_t different; /* verdicts that were not the same in a repetition */
	size_t rounds; /* that came to their end */
};

/* ---- expect.json ---- */

static void json_free(json_t **j)
{
	json_decref(*j);
}

static json_t *load_expect(const struct submission *s, struct fault *f)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf text = { 0 };
	const char *path = arena_printf(&a, "%s/expect.json", s->path);
	if (io_read_file(AT_FDCWD, path, 65536, &text, f) < 0)
		return NULL;
	json_error_t e;
	json_t *j = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &e);
	if (!json_is_object(j)) {
		json_decref(j);
		(void)fault_set(f, FAULT_INPUT, 0, "%s:%d:%d: %s", path, e.line, e.column,
				j == NULL ? e.text : "expected an object");
		return NULL;
	}
	return j;
}

/* "echo", or with the sheet's name before it, "tp3/echo". */
static bool is_line(const struct spec *s, json_t *item, const char *id)
{
	const char *said = json_string_value(item);
	size_t n = strlen(s->id);
	if (said == NULL)
		return false;
	return strcmp(said, id) == 0 ||
	       (strncmp(said, s->id, n) == 0 && said[n] == '/' && strcmp(said + n + 1, id) == 0);
}

static bool lists(const struct spec *s, json_t *expect, const char *key, const char *id)
{
	size_t i;
	json_t *item;
	json_array_foreach(json_object_get(expect, key), i, item)
	{
		if (is_line(s, item, id))
			return true;
	}
	return false;
}

/* An id that no line has would never be missed. */
static bool ids_are_known(const struct trial *t, json_t *expect, const char *key, const char *name)
{
	size_t i;
	json_t *item;
	bool known = true;
	json_array_foreach(json_object_get(expect, key), i, item)
	{
		bool found = false;
		for (size_t k = 0; k < t->spec->n_rubric; k++)
			found = found || is_line(t->spec, item, t->spec->rubric[k].id);
		if (!found)
			complain(tr("%s/expect.json : « %s » ne cite pas une ligne du barème",
				    "%s/expect.json: '%s' names no rubric line"),
				 name, key);
		known = known && found;
	}
	return known;
}

/* ---- one submission ---- */

static void show_cases(const struct trial *t, const struct sheet *sheet, size_t line)
{
	for (size_t i = 0; i < t->spec->n_cases; i++) {
		const struct case_score *c = &sheet->cases[i];
		if ((size_t)c->c->rubric == line && c->verdict.outcome != OUTCOME_PASS)
			(void)printf("        %s [%s] %s\n", c->c->id, outcome_name(c->verdict.outcome),
				     text_in(c->verdict.message, cli_lang));
	}
}

static bool judge_line(struct trial *t, json_t *expect, const struct sheet *sheet, size_t i, struct buf *lost)
{
	const struct line_score *l = &sheet->lines[i];
	bool loses = l->earned < l->line->points;
	bool must = lists(t->spec, expect, "loses", l->line->id);
	if (loses)
		buf_printf(lost, " %s", l->line->id);
	t->exercised[i] += loses && must;
	if (l->graded && (loses == must || (loses && lists(t->spec, expect, "may_lose", l->line->id))))
		return true;
	return false;
}

static void show_wrong_lines(const struct trial *t, json_t *expect, const struct sheet *sheet)
{
	for (size_t i = 0; i < t->spec->n_rubric; i++) {
		const struct line_score *l = &sheet->lines[i];
		bool loses = l->earned < l->line->points;
		bool must = lists(t->spec, expect, "loses", l->line->id);
		if (!l->graded)
			(void)printf(tr("      %s : non notée\n", "      %s: not graded\n"), l->line->id);
		else if (must && !loses)
			(void)printf(tr("      %s : devait être perdue, ne l'est pas\n",
					"      %s: should have been lost, was not\n"),
				     l->line->id);
		else if (loses && !must && !lists(t->spec, expect, "may_lose", l->line->id))
			(void)printf(tr("      %s : perdue à tort\n", "      %s: lost without need\n"),
				     l->line->id);
		else
			continue;
		show_cases(t, sheet, i);
	}
}

static void compare_outcomes(struct trial *t, const struct sheet *sheet)
{
	char *now = arena_alloc(&t->arena, t->spec->n_cases + 1);
	for (size_t i = 0; i < t->spec->n_cases; i++)
		now[i] = (char)('0' + sheet->cases[i].verdict.outcome);
	if (t->at == t->n) {
		t->outcomes = arena_push(&t->arena, t->outcomes, &t->n, &t->cap, sizeof *t->outcomes);
		t->outcomes[t->at] = now;
	}
	const char *first = t->outcomes[t->at++];
	for (size_t i = 0; i < t->spec->n_cases; i++) {
		if (first[i] == now[i])
			continue;
		t->different++;
		(void)printf(tr("%s, %s : un autre verdict qu'au premier tour. %s\n",
				"%s, %s: not the verdict of the first round. %s\n"),
			     sheet->name, t->spec->cases[i].id,
			     text_in(sheet->cases[i].verdict.message, cli_lang));
	}
}

static void take_sheet(void *context, const struct submission *s, const struct sheet *sheet)
{
	struct trial *t = context;
	compare_outcomes(t, sheet);
	if (t->quiet)
		return;
	struct fault f = { 0 };
	CLEANUP(json_free) json_t *expect = load_expect(s, &f);
	if (expect == NULL) {
		complain("%s", f.text);
		t->wrong++;
		return;
	}
	CLEANUP(buf_done) struct buf lost = { 0 };
	bool right = ids_are_known(t, expect, "loses", sheet->name) &&
		     ids_are_known(t, expect, "may_lose", sheet->name);
	for (size_t i = 0; i < t->spec->n_rubric; i++)
		right = judge_line(t, expect, sheet, i, &lost) && right;
	t->right += right;
	t->wrong += !right;
	buf_add(&lost, "", 1);
	(void)printf("%s %-36s %8s %s\n", right ? "ok " : "BAD", sheet->name,
		     mark_text(sheet->mark, cli_lang).at, lost.at);
	if (!right)
		show_wrong_lines(t, expect, sheet);
	(void)fflush(stdout);
}

/* ---- the whole corpus ---- */

static bool show_exercised(const struct trial *t)
{
	bool all = true;
	for (size_t i = 0; i < t->spec->n_rubric; i++) {
		if (t->exercised[i] > 0)
			(void)printf(
				tr("%-18s %zu fautifs la perdent\n", "%-18s %zu wrong submissions lose it\n"),
				t->spec->rubric[i].id, t->exercised[i]);
		else
			(void)printf(tr("%-18s AUCUN fautif ne l'exerce\n",
					"%-18s NO wrong submission exercises it\n"),
				     t->spec->rubric[i].id);
		all = all && t->exercised[i] > 0;
	}
	return all;
}

struct options {
	const char *spec, *corpus, *output;
	int64_t rounds;
	int jobs;
	bool again;
};

static int test(struct arena *a, const struct options *o)
{
	struct spec spec;
	struct submissions all;
	struct fault f = { 0 };
	if (cli_load_spec(a, o->spec, false, &spec) < 0)
		return EXIT_USAGE;
	if (submissions_find(a, o->corpus, &spec, FOLDER_CLASS, &all, &f) < 0) {
		complain("%s", f.text);
		return EXIT_USAGE;
	}
	const char *dir = o->output != NULL ? o->output : cli_temporary_folder(a);
	if (dir == NULL)
		return EXIT_FAULTED;
	struct trial t = { .spec = &spec };
	t.exercised = arena_array(a, spec.n_rubric, sizeof *t.exercised);
	struct session s = { .spec = &spec,
			     .submissions = &all,
			     .output = dir,
			     .command = "spec test",
			     .jobs = o->jobs,
			     .again = o->again,
			     .sheet = take_sheet,
			     .context = &t };
	struct session_result r = { 0 };
	int ran = 0;
	for (int64_t round = 0; round < o->rounds && ran == 0 && !r.summary.stopped; round++) {
		t.quiet = round > 0;
		t.at = 0;
		s.again = o->again || round > 0;
		ran = session_run(&s, &r, &f);
		t.rounds += ran == 0 && !r.summary.stopped;
	}
	if (o->output == NULL)
		cli_remove_folder(dir);
	bool exercised = show_exercised(&t);
	(void)printf(tr("%zu rendus comme prévu, %zu autrement ; %zu tours, %zu verdicts différents\n",
			"%zu submissions as expected, %zu not; %zu rounds, %zu different verdicts\n"),
		     t.right, t.wrong, t.rounds, t.different);
	bool good = t.wrong == 0 && t.different == 0 && exercised;
	arena_done(&t.arena);
	if (ran < 0) {
		complain("%s", f.text);
		return EXIT_FAULTED;
	}
	if (r.summary.stopped)
		return EXIT_STOPPED;
	return good ? EXIT_GRADED : EXIT_BELOW;
}

static const struct option long_options[] = {
	{ "rounds", required_argument, NULL, 'r' },
	{ "jobs", required_argument, NULL, 'j' },
	{ "output", required_argument, NULL, 'o' },
	{ "again", no_argument, NULL, 'a' },
	{ NULL, 0, NULL, 0 },
};

static bool read_options(struct options *o, int argc, char **argv)
{
	*o = (struct options){ .rounds = 1, .jobs = cli_processors() };
	for (int id; (id = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
		switch (id) {
		case 'r':
			o->rounds = strtoll(optarg, NULL, 10);
			break;
		case 'j':
			o->jobs = (int)strtol(optarg, NULL, 10);
			break;
		case 'o':
			o->output = optarg;
			break;
		case 'a':
			o->again = true;
			break;
		default:
			return false;
		}
	}
	if (argc - optind != 3 || strcmp(argv[optind], "test") != 0 || o->rounds < 1 || o->jobs < 1 ||
	    o->jobs > 256)
		return false;
	o->spec = argv[optind + 1];
	o->corpus = argv[optind + 2];
	return true;
}

static int run(int argc, char **argv)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct options o;
	if (!read_options(&o, argc, argv))
		return usage_of(&command_spec);
	return test(&a, &o);
}

const struct command command_spec = {
	.name = "spec",
	.usage = "test SPEC.yaml CORPUS [--rounds N] [--jobs N] [--output DIR] [--again]",
	.help = { .fr = "confronte un sujet à des rendus dont on connaît les fautes (expect.json)",
		  .en = "holds a spec to submissions whose mistakes are known (expect.json)" },
	.run = run,
};

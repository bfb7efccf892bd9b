/*
 * report_student.c - one submission, for the one who wrote it: the mark, each rubric line, what failed and why, what the
 * compiler said.
 */
#include "reports/write.h"

#include "score/mark.h"

#include <inttypes.h>

enum { INDENT = 2, CASE_INDENT = 6, ID_COLUMNS = 18, POINTS_COLUMNS = 12, LOG_LINES = 40 };

struct student_state {
	bool some; /* a submission has been written */
};

static void write_heading(const struct report *r, const char *fr, const char *en)
{
	(void)fprintf(r->out, "\n%s%s%s\n", colour(r, COLOUR_HEAD), either(r, fr, en),
		      colour(r, COLOUR_NONE));
}

static void write_indented(const struct report *r, const char *text, size_t indent)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	(void)fprintf(r->out, "%*s", (int)indent, "");
	write_wrapped(r, show_lines(&a, bytes_of(text)), indent, indent + INDENT);
}

/* "14,25 / 20" */
static const char *out_of(const struct report *r, struct arena *a, int64_t centi, int64_t points)
{
	return arena_printf(a, "%s / %s", mark_text(centi, r->options.lang).at,
			    mark_text(points, r->options.lang).at);
}

static void write_top(const struct report *r, struct arena *a, const struct sheet *sheet)
{
	const char *title = text_in(r->spec->title, r->options.lang);
	(void)fprintf(r->out, "%s%s%s%s%s\n", colour(r, COLOUR_HEAD), r->spec->id, title == NULL ? "" : " — ",
		      title == NULL ? "" : show_line(a, bytes_of(title)), colour(r, COLOUR_NONE));
	write_say(r, "Rendu : %s\n\n", "Submission: %s\n\n", show_line(a, bytes_of(sheet->name)));
	if (sheet->graded) {
		write_say(r, "Note : %s%s%s\n", "Mark: %s%s%s\n", colour(r, COLOUR_HEAD),
			  out_of(r, a, sheet->mark, sheet->total), colour(r, COLOUR_NONE));
		return;
	}
	(void)fputs(colour(r, COLOUR_WARN), r->out);
	write_say(r, "Note : pas encore établie", "Mark: not settled yet");
	(void)fprintf(r->out, "%s\n", colour(r, COLOUR_NONE));
	const char *why = either(
		r,
		"Un incident du correcteur, qui ne vient pas de ce rendu, a empêché de noter une partie "
		"du barème. Ce n'est pas un zéro : le rendu sera repris.",
		"A fault of the grader, which this submission did not cause, kept a part of the rubric "
		"from being graded. This is no zero: the submission will be taken up again.");
	write_wrapped(r, why, 0, 0);
}

static void write_remarks(const struct report *r, const struct sheet *sheet)
{
	if (sheet->n_remarks > 0)
		write_heading(r, "Remarques", "Remarks");
	for (size_t i = 0; i < sheet->n_remarks; i++)
		write_indented(r, text_in(sheet->remarks[i], r->options.lang), INDENT);
}

/* -- builds -- */

static const char *build_text(const struct report *r, struct arena *a, const char *name,
			      const struct build_score *b)
{
	struct text2 t;
	if (b->built && b->warnings == 0)
		t = say(a, "%s : compilé", "%s: compiled", name);
	else if (b->built && b->warnings == 1)
		t = say(a, "%s : compilé, 1 avertissement", "%s: compiled, 1 warning", name);
	else if (b->built)
		t = say(a, "%s : compilé, %" PRId64 " avertissements", "%s: compiled, %" PRId64 " warnings",
			name, b->warnings);
	else if (b->first_error != NULL)
		t = say(a, "%s : ne compile pas : %s", "%s: does not compile: %s", name, b->first_error);
	else if (b->log.len > 0)
		t = say(a, "%s : ne compile pas", "%s: does not compile", name);
	else
		t = say(a, "%s : pas construit", "%s: not built", name);
	return text_in(t, r->options.lang);
}

/* The first lines of what the compiler said. */
static void write_log(const struct report *r, struct bytes log)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	size_t lines = 0;
	while (log.len > 0) {
		const char *end = memchr(log.at, '\n', log.len);
		size_t len = end == NULL ? log.len : (size_t)(end - log.at);
		if (++lines <= LOG_LINES)
			(void)fprintf(r->out, "    | %s\n", show_lines(&a, (struct bytes){ log.at, len }));
		size_t step = MIN(len + 1, log.len);
		log.at += step;
		log.len -= step;
	}
	if (lines > LOG_LINES)
		write_say(r, "    | … et %zu lignes de plus\n", "    | … and %zu more lines\n",
			  lines - LOG_LINES);
}

static void write_builds(const struct report *r, struct arena *a, const struct sheet *sheet)
{
	if (r->spec->n_programs > 0)
		write_heading(r, "Compilation", "Compilation");
	for (size_t i = 0; i < r->spec->n_programs; i++) {
		const struct build_score *b = &sheet->builds[i];
		(void)fputs(colour(r, b->built ? COLOUR_NONE : COLOUR_BAD), r->out);
		write_indented(r, build_text(r, a, r->spec->programs[i].name, b), INDENT);
		(void)fputs(colour(r, COLOUR_NONE), r->out);
		if (!b->built || b->warnings > 0)
			write_log(r, b->log);
	}
}

/* -- rubric -- */

static const char *line_sign(const struct line_score *line)
{
	if (!line->graded)
		return "?";
	if (line->earned == line->line->points)
		return "✓";
	return line->earned > 0 ? "~" : "✗";
}

static enum colour line_colour(const struct line_score *line)
{
	if (!line->graded)
		return COLOUR_WARN;
	return line->earned == line->line->points ? COLOUR_GOOD : COLOUR_BAD;
}

static void write_line(const struct report *r, struct arena *a, const struct line_score *line)
{
	const char *title = text_in(line->line->title, r->options.lang);
	const char *points = line->graded ? out_of(r, a, line->earned, line->line->points)
					  : either(r, "non noté", "not graded");
	(void)fprintf(r->out, "  %s%s%s ", colour(r, line_colour(line)), line_sign(line),
		      colour(r, COLOUR_NONE));
	write_left(r, line->line->id, ID_COLUMNS);
	write_left(r, points, title == NULL ? 0 : POINTS_COLUMNS);
	size_t column = 2 * INDENT + ID_COLUMNS + POINTS_COLUMNS;
	write_wrapped(r, title == NULL ? "" : show_line(a, bytes_of(title)), column, column);
}

/* Whether the case is told by itself: what passes is not, what is hidden from this reader is counted. */
static bool is_told(const struct report *r, const struct case_score *c, size_t i)
{
	return c->verdict.outcome != OUTCOME_PASS &&
	       !(r->options.for_student && r->spec->cases[i].visibility == CASE_HIDDEN);
}

static const char *message_of(const struct report *r, const struct case_score *c)
{
	/* the text of a fault speaks of our machine */
	if (c->verdict.outcome == OUTCOME_FAULT && r->options.for_student)
		return either(r, "non noté (incident du correcteur)", "not graded (fault of the grader)");
	return text_in(c->verdict.message, r->options.lang);
}

/* Whether cases i and k of a line are told in one sentence. */
static bool same_story(const struct report *r, const struct sheet *sheet, size_t i, size_t k)
{
	return r->spec->cases[i].rubric == r->spec->cases[k].rubric && is_told(r, &sheet->cases[i], i) &&
	       is_told(r, &sheet->cases[k], k) &&
	       sheet->cases[i].verdict.outcome == sheet->cases[k].verdict.outcome &&
	       strcmp(message_of(r, &sheet->cases[i]), message_of(r, &sheet->cases[k])) == 0;
}

static bool told_before(const struct report *r, const struct sheet *sheet, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same_story(r, sheet, i, k))
			return true;
	return false;
}

static const char *case_sign(enum outcome o)
{
	switch (o) {
	case OUTCOME_PASS:
		return "✓";
	case OUTCOME_FAIL:
		return "✗";
	case OUTCOME_NOT_RUN:
		return "–";
	case OUTCOME_FAULT:
		return "?";
	}
	return "";
}

/* "✗ this (its title), that : what happened" */
static void write_case(const struct report *r, const struct sheet *sheet, size_t i)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	buf_printf(&text, "%s ", case_sign(sheet->cases[i].verdict.outcome));
	for (size_t k = i; k < r->spec->n_cases; k++) {
		const struct spec_case *c = &r->spec->cases[k];
		const char *title = text_in(c->title, r->options.lang);
		if (k != i && !same_story(r, sheet, i, k))
			continue;
		buf_printf(&text, "%s%s", k == i ? "" : ", ", c->id);
		if (title != NULL)
			buf_printf(&text, " (%s)", title);
	}
	buf_printf(&text, "%s%s", either(r, " : ", ": "), message_of(r, &sheet->cases[i]));
	buf_add(&text, "", 1);
	write_indented(r, text.at, CASE_INDENT);
}

/* NULL: none that helps. What did not run needs no hint. */
static const char *hint_of(const struct report *r, const struct sheet *sheet, size_t i)
{
	const struct spec_case *c = &r->spec->cases[i];
	if (sheet->cases[i].verdict.outcome != OUTCOME_FAIL)
		return NULL;
	const char *own = is_told(r, &sheet->cases[i], i) ? text_in(c->hint, r->options.lang) : NULL;
	return own != NULL ? own : text_in(r->spec->rubric[c->rubric].hint, r->options.lang);
}

static void write_hint(const struct report *r, const struct sheet *sheet, size_t i)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const char *hint = hint_of(r, sheet, i);
	if (hint == NULL)
		return;
	for (size_t k = 0; k < i; k++) {
		const char *before = r->spec->cases[k].rubric == r->spec->cases[i].rubric
					     ? hint_of(r, sheet, k)
					     : NULL;
		if (before != NULL && strcmp(before, hint) == 0)
			return;
	}
	write_indented(r, text_in(say(&a, "Piste : %s", "Hint: %s", hint), r->options.lang), CASE_INDENT);
}

static void write_line_cases(const struct report *r, const struct sheet *sheet, int line)
{
	size_t hidden = 0;
	for (size_t i = 0; i < r->spec->n_cases; i++) {
		if (r->spec->cases[i].rubric != line || sheet->cases[i].verdict.outcome == OUTCOME_PASS)
			continue;
		if (!is_told(r, &sheet->cases[i], i))
			hidden++;
		else if (!told_before(r, sheet, i))
			write_case(r, sheet, i);
	}
	if (hidden > 0)
		write_say(r, "      ✗ cas cachés qui ne passent pas : %zu\n",
			  "      ✗ hidden cases that do not pass: %zu\n", hidden);
	for (size_t i = 0; i < r->spec->n_cases; i++)
		if (r->spec->cases[i].rubric == line)
			write_hint(r, sheet, i);
}

static void write_faults(const struct report *r, const struct sheet *sheet)
{
	if (r->options.for_student || sheet->n_faults == 0)
		return;
	write_heading(r, "Incidents du correcteur", "Faults of the grader");
	for (size_t i = 0; i < sheet->n_faults; i++)
		write_indented(r, sheet->faults[i].text, INDENT);
}

static void student_begin(struct report *r)
{
	(void)r;
}

static void student_add(struct report *r, const struct sheet *sheet)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct student_state *s = r->state;
	if (s->some)
		(void)fputs("\n----\n\n", r->out);
	s->some = true;
	write_top(r, &a, sheet);
	write_remarks(r, sheet);
	write_builds(r, &a, sheet);
	write_heading(r, "Barème", "Rubric");
	for (size_t i = 0; i < r->spec->n_rubric; i++) {
		write_line(r, &a, &sheet->lines[i]);
		write_line_cases(r, sheet, (int)i);
	}
	write_faults(r, sheet);
}

static void student_end(struct report *r)
{
	(void)r;
}

const struct report_kind report_kind_student = {
	.name = "student",
	.help = "a submission line by line: what failed, why, and a hint",
	.state_size = sizeof(struct student_state),
	.begin = student_begin,
	.add = student_add,
	.end = student_end,
};

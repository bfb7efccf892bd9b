/*
 * report_text.c - the class: one row a submission, then how the class did.
 *
 * One column a rubric line where the width allows it; else the lines that cost points, by name.
 */
#include "reports/write.h"

#include "score/mark.h"

#include <inttypes.h>

enum { NAME_COLUMNS = 24, MARK_COLUMNS = 10, LINE_COLUMNS = 5, GAP = 2, NOTE_INDENT = 4, NARROW = 70 };

struct text_state {
	bool compact;
	int64_t submissions;
	struct buf marks; /* int64_t each: the settled ones, for the median */
	int64_t *line_sum; /* a rubric line each: hundredths earned where it was graded, … */
	int64_t *line_n; /* … and how often it was */
};

static size_t line_columns(const struct rubric_line *line)
{
	return GAP + MAX(text_width(line->id), (size_t)LINE_COLUMNS);
}

static bool too_wide(const struct report *r)
{
	size_t width = NAME_COLUMNS + MARK_COLUMNS;
	for (size_t i = 0; i < r->spec->n_rubric; i++)
		width += line_columns(&r->spec->rubric[i]);
	return r->options.width != 0 && width > r->options.width;
}

/* "/20" in a column */
static void write_out_of(const struct report *r, int64_t points, size_t columns)
{
	char text[sizeof(struct mark_text) + 1];
	(void)snprintf(text, sizeof text, "/%s", mark_text(points, r->options.lang).at);
	write_right(r, text, columns);
}

static void write_head(const struct report *r, bool compact)
{
	write_left(r, either(r, "Rendu", "Submission"), NAME_COLUMNS);
	write_right(r, either(r, "Note", "Mark"), MARK_COLUMNS);
	for (size_t i = 0; !compact && i < r->spec->n_rubric; i++)
		write_right(r, r->spec->rubric[i].id, line_columns(&r->spec->rubric[i]));
	if (compact)
		write_say(r, "  Points perdus", "  Points lost");
	(void)fprintf(r->out, "\n%*s", NAME_COLUMNS, "");
	write_out_of(r, r->spec->total, MARK_COLUMNS);
	for (size_t i = 0; !compact && i < r->spec->n_rubric; i++)
		write_out_of(r, r->spec->rubric[i].points, line_columns(&r->spec->rubric[i]));
	(void)fputc('\n', r->out);
}

static void text_begin(struct report *r)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct text_state *s = r->state;
	s->compact = too_wide(r);
	s->line_sum = must_alloc(calloc(r->spec->n_rubric + 1, sizeof *s->line_sum));
	s->line_n = must_alloc(calloc(r->spec->n_rubric + 1, sizeof *s->line_n));
	const char *title = text_in(r->spec->title, r->options.lang);
	(void)fprintf(r->out, "%s%s", colour(r, COLOUR_HEAD), r->spec->id);
	if (title != NULL)
		(void)fprintf(r->out, " — %s", show_line(&a, bytes_of(title)));
	(void)fprintf(r->out, "%s\n\n", colour(r, COLOUR_NONE));
	write_head(r, s->compact);
}

/* -- a row -- */

/* A name that does not fit its column has a line to itself: it is neither cut nor does it move the columns. */
static void write_name(const struct report *r, struct arena *a, const char *name)
{
	const char *shown = show_line(a, bytes_of(name));
	if (text_width(shown) >= NAME_COLUMNS) {
		(void)fprintf(r->out, "%s\n", shown);
		shown = "";
	}
	write_left(r, shown, NAME_COLUMNS);
}

static void write_mark(const struct report *r, const struct sheet *sheet)
{
	enum colour c = !sheet->graded                ? COLOUR_WARN
			: sheet->mark == sheet->total ? COLOUR_GOOD
						      : COLOUR_NONE;
	(void)fputs(colour(r, c), r->out);
	if (sheet->graded)
		write_right(r, mark_text_column(sheet->mark, r->options.lang).at, MARK_COLUMNS);
	else
		write_right(r, either(r, "non noté", "not graded"), MARK_COLUMNS);
	(void)fputs(colour(r, COLOUR_NONE), r->out);
}

static void write_line_columns(const struct report *r, const struct sheet *sheet)
{
	for (size_t i = 0; i < r->spec->n_rubric; i++) {
		const struct line_score *line = &sheet->lines[i];
		size_t columns = line_columns(&r->spec->rubric[i]);
		write_right(r, line->graded ? mark_text_column(line->earned, r->options.lang).at : "—",
			    columns);
	}
	(void)fputc('\n', r->out);
}

/* On a narrow terminal the lines that follow use its whole width. */
static void write_beside_mark(const struct report *r, const char *text)
{
	size_t column = NAME_COLUMNS + MARK_COLUMNS;
	bool narrow = r->options.width < NARROW;
	write_wrapped(r, text, column, (narrow ? (size_t)NOTE_INDENT : column) + GAP);
}

/* "bytes -1,5, port non noté" */
static void write_lost(const struct report *r, const struct sheet *sheet)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	for (size_t i = 0; i < r->spec->n_rubric; i++) {
		const struct line_score *line = &sheet->lines[i];
		int64_t lost = r->spec->rubric[i].points - line->earned;
		if (line->graded && lost == 0)
			continue;
		buf_printf(&text, "%s%s ", text.len == 0 ? "  " : ", ", r->spec->rubric[i].id);
		if (line->graded)
			buf_printf(&text, "-%s", mark_text(lost, r->options.lang).at);
		else
			buf_puts(&text, either(r, "non noté", "not graded"));
	}
	buf_add(&text, "", 1);
	write_beside_mark(r, text.at);
}

static void write_note(const struct report *r, struct text2 what, const char *text)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct text2 note = say(&a, "%s : ", "%s: ", text_in(what, r->options.lang));
	const char *whole = arena_printf(&a, "%s%s", text_in(note, r->options.lang), text);
	(void)fprintf(r->out, "%*s", NOTE_INDENT, "");
	write_wrapped(r, show_line(&a, bytes_of(whole)), NOTE_INDENT, NOTE_INDENT + GAP);
}

static void write_notes(const struct report *r, struct arena *a, const struct sheet *sheet)
{
	static const struct text2 remark = { "remarque", "remark" };
	static const struct text2 fault = { "incident du correcteur", "grader fault" };
	for (size_t i = 0; i < sheet->n_remarks; i++)
		write_note(r, remark, text_in(sheet->remarks[i], r->options.lang));
	for (size_t i = 0; i < r->spec->n_programs; i++) {
		const struct build_score *b = &sheet->builds[i];
		if (!b->built && b->first_error != NULL)
			write_note(
				r,
				say(a, "%s ne compile pas", "%s does not compile", r->spec->programs[i].name),
				b->first_error);
	}
	for (size_t i = 0; i < sheet->n_faults; i++)
		write_note(r, fault, sheet->faults[i].text);
}

static void count(struct text_state *s, const struct spec *spec, const struct sheet *sheet)
{
	s->submissions++;
	if (sheet->graded)
		buf_add(&s->marks, &sheet->mark, sizeof sheet->mark);
	for (size_t i = 0; i < spec->n_rubric; i++)
		if (sheet->lines[i].graded) {
			s->line_sum[i] += sheet->lines[i].earned;
			s->line_n[i]++;
		}
}

static void text_add(struct report *r, const struct sheet *sheet)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct text_state *s = r->state;
	count(s, r->spec, sheet);
	write_name(r, &a, sheet->name);
	write_mark(r, sheet);
	if (s->compact)
		write_lost(r, sheet);
	else
		write_line_columns(r, sheet);
	write_notes(r, &a, sheet);
}

/* -- the class -- */

/* Rounded half up; marks are never negative. */
static int64_t mean(int64_t sum, int64_t n)
{
	return (2 * sum + n) / (2 * n);
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static int64_t median(int64_t *marks, size_t n)
{
	qsort(marks, n, sizeof *marks, by_value);
	return mean(marks[(n - 1) / 2] + marks[n / 2], 2);
}

static void write_mean_lines(const struct report *r, const struct text_state *s)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	for (size_t i = 0; i < r->spec->n_rubric; i++) {
		const struct rubric_line *line = &r->spec->rubric[i];
		int64_t centi = s->line_n[i] == 0 ? 0 : mean(s->line_sum[i], s->line_n[i]);
		if (!s->compact) {
			write_right(r, s->line_n[i] == 0 ? "—" : mark_text_column(centi, r->options.lang).at,
				    line_columns(line));
			continue;
		}
		buf_printf(&text, "%s%s ", i == 0 ? "  " : ", ", line->id);
		if (s->line_n[i] == 0)
			buf_puts(&text, "—");
		else
			buf_printf(&text, "%s/%s", mark_text(centi, r->options.lang).at,
				   mark_text(line->points, r->options.lang).at);
	}
	buf_add(&text, "", 1);
	write_beside_mark(r, text.at);
}

static void write_class(const struct report *r, struct text_state *s)
{
	size_t n = s->marks.len / sizeof(int64_t);
	int64_t *marks = (int64_t *)(void *)s->marks.at;
	int64_t sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += marks[i];
	(void)fputc('\n', r->out);
	write_left(r, either(r, "Moyenne", "Mean"), NAME_COLUMNS);
	write_right(r, mark_text_column(mean(sum, (int64_t)n), r->options.lang).at, MARK_COLUMNS);
	write_mean_lines(r, s);
	write_left(r, either(r, "Médiane", "Median"), NAME_COLUMNS);
	write_right(r, mark_text_column(median(marks, n), r->options.lang).at, MARK_COLUMNS);
	(void)fputc('\n', r->out);
}

static void write_totals(const struct report *r, int64_t submissions, int64_t graded)
{
	int64_t not_graded = submissions - graded;
	if (submissions == 0)
		write_say(r, "\nAucun rendu.\n", "\nNo submission.\n");
	else
		write_say(r, "\nRendus : %" PRId64 ", notés : %" PRId64 "\n",
			  "\nSubmissions: %" PRId64 ", graded: %" PRId64 "\n", submissions, graded);
	if (not_graded > 0)
		write_say(r,
			  "Non notés : %" PRId64
			  ". Le correcteur n'a pas pu faire son travail ; ce n'est pas un zéro. "
			  "La même commande les reprend.\n",
			  "Not graded: %" PRId64 ". The grader could not do its work; this is no zero. "
			  "The same command takes them up again.\n",
			  not_graded);
}

static void text_end(struct report *r)
{
	struct text_state *s = r->state;
	int64_t graded = (int64_t)(s->marks.len / sizeof(int64_t));
	if (graded > 0)
		write_class(r, s);
	write_totals(r, s->submissions, graded);
	buf_done(&s->marks);
	free(s->line_sum);
	free(s->line_n);
}

const struct report_kind report_kind_text = {
	.name = "text",
	.help = "the class as a table: marks, lines, mean and median",
	.state_size = sizeof(struct text_state),
	.begin = text_begin,
	.add = text_add,
	.end = text_end,
};

/*
 * report_json.c - for programs: docs/report-json.md says what it promises, docs/report.schema.json checks it.
 *
 * One submission is built, written and dropped at a time. All that is not ASCII is written as \uXXXX: the text is exact,
 * and nothing a student chose can reach a terminal or a log as a control sequence. Keys stand in the documented order.
 */
#include "reports/write.h"

#include <jansson.h>

/* %.15g gives back every decimal of up to 15 digits as it was: 14.25, not 14.249999999999999. */
enum { WRITE_FLAGS = JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15) };

struct json_state {
	bool some; /* a submission has been written */
};

static void put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, must_alloc(value)) < 0)
		(void)must_alloc(NULL);
}

static void append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, must_alloc(value)) < 0)
		(void)must_alloc(NULL);
}

/* Bytes that are no UTF-8 are shown as \xHH. */
static json_t *text_of(const char *text)
{
	json_t *value = json_string(text);
	if (value != NULL)
		return value;
	CLEANUP(arena_done) struct arena a = { 0 };
	return json_string(show_lines(&a, bytes_of(text)));
}

static json_t *text_or_null(const char *text)
{
	return text == NULL ? json_null() : text_of(text);
}

static json_t *log_of(struct bytes log)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	return json_string(show_lines(&a, log));
}

/* The only place where points become floating point: they are written at once. */
static json_t *points_of(int64_t centi)
{
	return json_real((double)centi / 100);
}

static json_t *both_of(struct text2 t)
{
	json_t *both = must_alloc(json_object());
	put(both, "fr", text_or_null(t.fr));
	put(both, "en", text_or_null(t.en));
	return both;
}

static json_t *rubric_of(const struct spec *s, const struct sheet *sheet)
{
	json_t *list = must_alloc(json_array());
	for (size_t i = 0; i < s->n_rubric; i++) {
		json_t *line = must_alloc(json_object());
		put(line, "id", text_of(s->rubric[i].id));
		put(line, "points", points_of(s->rubric[i].points));
		put(line, "earned", points_of(sheet->lines[i].earned));
		put(line, "graded", json_boolean(sheet->lines[i].graded));
		append(list, line);
	}
	return list;
}

static json_t *cases_of(const struct report *r, const struct sheet *sheet)
{
	json_t *list = must_alloc(json_array());
	for (size_t i = 0; i < r->spec->n_cases; i++) {
		const struct case_score *c = &sheet->cases[i];
		json_t *line = must_alloc(json_object());
		put(line, "id", text_of(r->spec->cases[i].id));
		put(line, "rubric", text_of(r->spec->rubric[r->spec->cases[i].rubric].id));
		put(line, "outcome", text_of(outcome_name(c->verdict.outcome)));
		put(line, "message", both_of(report_message(r, c)));
		put(line, "seconds", json_real((double)c->wall_us / 1000000));
		append(list, line);
	}
	return list;
}

static json_t *builds_of(const struct spec *s, const struct sheet *sheet)
{
	json_t *list = must_alloc(json_array());
	for (size_t i = 0; i < s->n_programs; i++) {
		json_t *line = must_alloc(json_object());
		put(line, "program", text_of(s->programs[i].name));
		put(line, "built", json_boolean(sheet->builds[i].built));
		put(line, "warnings", json_integer(sheet->builds[i].warnings));
		put(line, "first_error", text_or_null(sheet->builds[i].first_error));
		put(line, "log", log_of(sheet->builds[i].log));
		append(list, line);
	}
	return list;
}

static json_t *faults_of(const struct sheet *sheet)
{
	json_t *list = must_alloc(json_array());
	for (size_t i = 0; i < sheet->n_faults; i++) {
		json_t *line = must_alloc(json_object());
		put(line, "kind", text_of(fault_kind_name(sheet->faults[i].kind)));
		put(line, "text", text_of(sheet->faults[i].text));
		append(list, line);
	}
	return list;
}

static json_t *remarks_of(const struct sheet *sheet)
{
	json_t *list = must_alloc(json_array());
	for (size_t i = 0; i < sheet->n_remarks; i++)
		append(list, both_of(sheet->remarks[i]));
	return list;
}

static void write_json(const struct report *r, const json_t *value)
{
	/* a write that failed is seen by report_end */
	(void)json_dumpf(value, r->out, WRITE_FLAGS);
}

static void json_report_begin(struct report *r)
{
	json_auto_t *version = must_alloc(json_string(GRADER_VERSION));
	json_auto_t *spec = must_alloc(json_object());
	put(spec, "id", text_of(r->spec->id));
	put(spec, "hash", text_of(r->spec->hash));
	(void)fputs("{\"grader\":", r->out);
	(void)json_dumpf(version, r->out, WRITE_FLAGS | JSON_ENCODE_ANY);
	(void)fputs(",\n\"spec\":", r->out);
	write_json(r, spec);
	(void)fputs(",\n\"submissions\":[", r->out);
}

static void json_report_add(struct report *r, const struct sheet *sheet)
{
	struct json_state *s = r->state;
	json_auto_t *submission = must_alloc(json_object());
	json_t *name = sheet->folder == NULL ? NULL
					     : json_string(sheet->folder); /* NULL when it is no UTF-8 */
	put(submission, "name", name != NULL ? name : text_of(sheet->name));
	put(submission, "mark", points_of(sheet->mark));
	put(submission, "total", points_of(sheet->total));
	put(submission, "graded", json_boolean(sheet->graded));
	put(submission, "rubric", rubric_of(r->spec, sheet));
	put(submission, "cases", cases_of(r, sheet));
	put(submission, "builds", builds_of(r->spec, sheet));
	put(submission, "remarks", remarks_of(sheet));
	put(submission, "faults", faults_of(sheet));
	(void)fputs(s->some ? ",\n" : "\n", r->out);
	write_json(r, submission);
	s->some = true;
}

static void json_report_end(struct report *r)
{
	(void)fputs("\n]}\n", r->out);
}

const struct report_kind report_kind_json = {
	.name = "json",
	.help = "for programs: the contract is docs/report-json.md",
	.state_size = sizeof(struct json_state),
	.begin = json_report_begin,
	.add = json_report_add,
	.end = json_report_end,
};

#include "small_vocabulary.h"

#include "spec/spec_load.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>

static struct arena arena;
static struct problems problems;
static struct spec spec;
static struct fault fault;

static const char head[] = "grader: 1\n"
			   "id: tp0\n"
			   "title: {fr: Feuille, en: Sheet}\n"
			   "programs: {p: {}, q: {sources: [q.c, common.c], flags: -lpthread, target: all}}\n"
			   "rubric:\n"
			   "  one: {points: 1.5, title: Un, hint: Pourquoi}\n"
			   "  two: {points: 0.25, title: Deux, hint: Comment, rule: all}\n";

static int parse(const char *text)
{
	problems = (struct problems){ .arena = &arena };
	return spec_parse(&arena, "s.yaml", bytes_of(text), &small_vocabulary, &problems, &spec, &fault);
}

/* The head and these cases, which must be right. */
static void parse_cases(const char *cases)
{
	int result = parse(arena_printf(&arena, "%s%s", head, cases));
	ck_assert_msg(result == 0, "%d:%d: %s", problems.n == 0 ? 0 : problems.at[0].pos.line,
		      problems.n == 0 ? 0 : problems.at[0].pos.column,
		      problems.n == 0 ? fault.text : problems.at[0].text);
}

static const char both_lines[] = "cases:\n"
				 "- {id: a, rubric: one, actors: {s: {run: [p, x]}}, checks: [no-residue]}\n"
				 "- {id: b, rubric: two, actors: {s: {run: q}}, checks: [no-residue]}\n";

START_TEST(reads_programs_rubric_and_limits)
{
	parse_cases(both_lines);
	ck_assert_str_eq(spec.id, "tp0");
	ck_assert_str_eq(spec.path, "s.yaml");
	ck_assert_str_eq(spec.title.en, "Sheet");
	ck_assert_uint_eq(spec.n_programs, 2);
	ck_assert_str_eq(spec.programs[0].sources.at[0], "p.c");
	ck_assert_str_eq(spec.programs[0].target, "p");
	ck_assert_ptr_null(spec.programs[0].sources.at[1]);
	ck_assert_uint_eq(spec.programs[1].sources.n, 2);
	ck_assert_str_eq(spec.programs[1].flags.at[0], "-lpthread");
	ck_assert_str_eq(spec.programs[1].target, "all");
	ck_assert_uint_eq(spec.n_rubric, 2);
	ck_assert_int_eq(spec.rubric[0].points, 150);
	ck_assert_int_eq(spec.rubric[1].rule, RUBRIC_ALL);
	ck_assert_int_eq(spec.total, 175);
	ck_assert_int_eq(spec.limits.time_us, 10000000);
	ck_assert_int_eq(spec.limits.cpu_us, 5000000);
	ck_assert_int_eq(spec.limits.memory_bytes, 256 << 20);
	ck_assert_int_eq(spec.limits.processes, 80);
	ck_assert_int_eq(spec.limits.files, 256);
	ck_assert_int_eq(spec.limits.output_bytes, 1 << 20);
	ck_assert_int_eq(spec.limits.disk_bytes, 16 << 20);
	ck_assert_uint_eq(strlen(spec.hash), 64);
}
END_TEST

START_TEST(reads_a_case)
{
	parse_cases("cases:\n"
		    "- {id: a, rubric: one, actors: {s: {run: [p, x]}}, checks: [no-residue]}\n"
		    "- id: b\n"
		    "  rubric: two\n"
		    "  weight: 3\n"
		    "  visibility: hidden\n"
		    "  variant: asan\n"
		    "  waits: 2s\n"
		    "  limits: {time: 3s}\n"
		    "  actors:\n"
		    "    u: {udp-client: s}\n"
		    "    s: {run: [q, \"4444\"]}\n"
		    "    t: {run: /bin/true}\n"
		    "  checks:\n"
		    "  - {output: s, lines: [x, y]}\n"
		    "  - no-residue\n");
	const struct spec_case *c = &spec.cases[1];
	ck_assert_uint_eq(spec.n_cases, 2);
	ck_assert_str_eq(c->id, "b");
	ck_assert_int_eq(c->rubric, 1);
	ck_assert_int_eq(c->weight, 3);
	ck_assert_int_eq(c->visibility, CASE_HIDDEN);
	ck_assert_int_eq(c->variant, VARIANT_ASAN);
	ck_assert_str_eq(variant_name((enum variant)c->variant), "asan");
	ck_assert_int_eq(c->waits_us, 2000000);
	ck_assert_int_eq(c->limits.time_us, 3000000);
	ck_assert_int_eq(c->limits.cpu_us, 5000000);
	ck_assert_uint_eq(c->n_actors, 3);
	ck_assert_str_eq(c->actors[1].name, "s");
	ck_assert_int_eq(((const struct small_client *)c->actors[0].params)->to.actor, 1);
	ck_assert_uint_eq(c->n_programs, 1);
	ck_assert_uint_eq(c->programs[0], 1);
	ck_assert_uint_eq(c->n_checks, 2);
	ck_assert_int_eq(((const struct small_output *)c->checks[0].params)->actor, 1);
	ck_assert_int_eq(c->pos.line, 10);
}
END_TEST

static const char steps_case[] = "cases:\n"
				 "- {id: b, rubric: two, actors: {s: {run: q}}, checks: [no-residue]}\n"
				 "- id: a\n"
				 "  rubric: one\n"
				 "  actors: {s: {run: p}, u: {udp-client: s}}\n"
				 "  scenario:\n"
				 "  - s: {await: {listening: udp:4444}, within: 2s}\n"
				 "  - repeat: 500\n"
				 "    within: 5s\n"
				 "    steps:\n"
				 "    - u: {send: x}\n"
				 "    - repeat: 2\n"
				 "      steps: [u: close]\n"
				 "  - u: close\n";

START_TEST(steps_are_numbered_in_the_order_of_the_text)
{
	parse_cases(steps_case);
	const struct steps *steps = &spec.cases[1].scenario;
	ck_assert_uint_eq(steps->n, 3);
	ck_assert_int_eq(steps->at[0].number, 0);
	ck_assert_int_eq(steps->at[0].actor, 0);
	ck_assert_int_eq(steps->at[0].within_us, 2000000);
	ck_assert_ptr_eq(((const struct small_await *)steps->at[0].params)->probe.kind,
			 &small_listening_kind);
	ck_assert_int_eq(steps->at[1].number, 1);
	ck_assert_int_eq(steps->at[1].actor, -1);
	ck_assert_int_eq(steps->at[1].within_us, 5000000);
	const struct small_repeat *outer = steps->at[1].params;
	ck_assert_int_eq(outer->times, 500);
	ck_assert_uint_eq(outer->steps.n, 2);
	ck_assert_int_eq(outer->steps.at[0].number, 2);
	ck_assert_int_eq(outer->steps.at[1].number, 3);
	const struct small_repeat *inner = outer->steps.at[1].params;
	ck_assert_int_eq(inner->steps.at[0].number, 4);
	ck_assert_int_eq(inner->steps.at[0].actor, 1);
	ck_assert_int_eq(steps->at[2].number, 5);
	ck_assert_int_eq(steps->at[2].within_us, 0);
}
END_TEST

START_TEST(foreach_makes_the_product_last_variable_fastest)
{
	parse_cases(
		"cases:\n"
		"- {id: b, rubric: two, actors: {s: {run: q}}, checks: [no-residue]}\n"
		"- id: ${mode}-${port.name}\n"
		"  rubric: one\n"
		"  foreach: {mode: [fork, select], port: [{name: low, n: 1024}, {name: high, n: 65535}]}\n"
		"  actors: {\"s-${mode}\": {run: [p, \"${mode}\", \"${port.n}\", \"$${port.n} "
		"${mode}${mode}\"]}}\n"
		"  checks: [{output: \"s-${mode}\", lines: \"${port.n}\"}]\n");
	static const char *const ids[] = { "b", "fork-low", "fork-high", "select-low", "select-high" };
	ck_assert_uint_eq(spec.n_cases, ARRAY_SIZE(ids));
	for (size_t i = 0; i < spec.n_cases; i++)
		ck_assert_str_eq(spec.cases[i].id, ids[i]);
	const struct actor *s = &spec.cases[4].actors[0];
	const struct texts *argv = s->params;
	ck_assert_str_eq(s->name, "s-select");
	ck_assert_str_eq(argv->at[1], "select");
	ck_assert_str_eq(argv->at[2], "65535");
	ck_assert_str_eq(argv->at[3], "${port.n} selectselect");
	for (size_t i = 1; i < spec.n_cases; i++)
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(spec.cases[i].hash, spec.cases[j].hash);
}
END_TEST

/* --- hashes --- */

static const char *hash_with(const char *old, const char *new)
{
	const char *text = arena_printf(&arena, "%s%s", head, steps_case);
	const char *at = strstr(text, old);
	ck_assert_msg(at != NULL, "%s", old);
	text = arena_printf(&arena, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
	ck_assert_msg(parse(text) == 0, "%s", problems.n > 0 ? problems.at[0].text : fault.text);
	return spec.cases[1].hash;
}

static const struct change {
	const char *old, *new;
} no_difference[] = {
	{ "grader: 1\n", "grader: 1\n# remark\n" },
	{ "points: 1.5", "points: 3" },
	{ "title: Un", "title: One" },
	{ "hint: Pourquoi", "hint: Why" },
	{ "  rubric: one\n", "  rubric: one\n  title: T\n  hint: H\n  weight: 2\n  visibility: hidden\n  waits: 1s\n" },
	{ "  rubric: one\n", "  rubric: one\n  variant: plain\n  limits: {time: 10s}\n" },
	{ "-lpthread", "-lm" }, /* another program's */
	{ "u: {send: x}", "u: {\"send\":   'x'}" },
}, difference[] = {
	{ "u: {send: x}", "u: {send: y}" },
	{ "- u: close\n", "- u: close\n  - u: close\n" },
	{ "{p: {}", "{p: {flags: -lm}" },
	{ "{p: {}", "{p: {sources: [p.c, x.c]}" },
	{ "  rubric: one\n", "  rubric: one\n  variant: asan\n" },
	{ "  rubric: one\n", "  rubric: one\n  limits: {time: 11s}\n" },
	{ "grader: 1\n", "grader: 1\nlimits: {files: 100}\n" },
	{ "  rubric: one\n", "  rubric: one\n  checks: [no-residue]\n" },
	{ "u: {udp-client: s}", "u: {udp-client: s, from: '127.0.0.1:0'}" },
	{ "within: 5s", "within: 6s" },
};

START_TEST(a_case_keeps_its_hash_when_its_result_cannot_change)
{
	const char *before = hash_with("", "");
	ck_assert_str_eq(hash_with(no_difference[_i].old, no_difference[_i].new), before);
}
END_TEST

START_TEST(a_case_changes_its_hash_when_its_result_may_change)
{
	const char *before = hash_with("", "");
	ck_assert_str_ne(hash_with(difference[_i].old, difference[_i].new), before);
}
END_TEST

START_TEST(the_specs_hash_is_that_of_the_file)
{
	parse_cases(both_lines);
	const char *before = spec.hash;
	parse_cases(arena_printf(&arena, "%s# remark\n", both_lines));
	ck_assert_str_ne(spec.hash, before);
}
END_TEST

/* --- faults --- */

START_TEST(the_fault_counts_the_errors)
{
	ck_assert_int_eq(parse("grader: 1\nid: x\n"), -1);
	ck_assert_int_eq(fault.kind, FAULT_INPUT);
	ck_assert_str_eq(fault.text, "'s.yaml' has 4 errors");
	ck_assert_int_eq(parse(""), -1);
	ck_assert_str_eq(fault.text, "'s.yaml' has 1 error");
}
END_TEST

START_TEST(an_error_leaves_the_result_untouched)
{
	parse_cases(both_lines);
	const struct spec before = spec;
	ck_assert_int_eq(parse("grader: 1\n"), -1);
	ck_assert_mem_eq(&spec, &before, sizeof spec);
}
END_TEST

START_TEST(a_file_that_is_not_there_is_a_fault)
{
	problems = (struct problems){ .arena = &arena };
	ck_assert_int_eq(
		spec_load(&arena, "/nonexistent/spec.yaml", &small_vocabulary, &problems, &spec, &fault), -1);
	ck_assert_uint_eq(problems.n, 0);
	ck_assert_ptr_nonnull(strstr(fault.text, "/nonexistent/spec.yaml"));
}
END_TEST

START_TEST(reads_a_file)
{
	char path[] = "/tmp/test_spec.XXXXXX";
	CLEANUP_CLOSE int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	const char *text = arena_printf(&arena, "%s%s", head, both_lines);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	problems = (struct problems){ .arena = &arena };
	int result = spec_load(&arena, path, &small_vocabulary, &problems, &spec, &fault);
	(void)unlink(path);
	ck_assert_int_eq(result, 0);
	ck_assert_str_eq(spec.path, path);
}
END_TEST

/* --- specs made to hurt --- */

static void many_cases(struct buf *b)
{
	buf_puts(b, "cases:\n");
	for (int i = 0; i < 1500; i++)
		buf_printf(b, "- {id: c%d, rubric: %s, actors: {s: {run: q}}}\n", i,
			   i % 2 == 0 ? "one" : "two");
}

static void big_products(struct buf *b)
{
	buf_puts(b, "cases:\n- id: c${a}${b}${c}\n  rubric: one\n"
		    "  foreach: {a: &v [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], b: *v, c: *v}\n  scenario:\n");
	for (int i = 0; i < 3000; i++)
		buf_puts(b, "  - x${a}: {send: y}\n");
}

static void long_texts_in_many_cases(struct buf *b)
{
	buf_puts(b, "cases:\n- id: c${a}\n  rubric: one\n  foreach: {a: [");
	for (int i = 0; i < 1900; i++)
		buf_printf(b, "%d, ", i);
	buf_puts(b, "]}\n  actors: {s: {run: [p, \"");
	for (int i = 0; i < 60000; i++)
		buf_puts(b, "x");
	buf_puts(b, "\"]}}\n");
}

static void variables_that_grow(struct buf *b)
{
	buf_puts(b, "cases:\n- id: c\n  rubric: one\n  foreach: {a: [\"");
	for (int i = 0; i < 60000; i++)
		buf_puts(b, "x");
	buf_puts(b, "\"]}\n  title: \"");
	for (int i = 0; i < 10000; i++)
		buf_puts(b, "${a}");
	buf_puts(b, "\"\n");
}

static void many_payloads(struct buf *b)
{
	buf_puts(b, "cases:\n- id: c\n  rubric: one\n  actors: {u: {udp-client: u}}\n  scenario:\n");
	for (int i = 0; i < 1000; i++)
		buf_puts(b, "  - u: {send: {repeat: x, times: 1048576}}\n");
}

static void wrong_everywhere(struct buf *b)
{
	buf_puts(b, "cases:\n- id: c\n  rubric: one\n  actors:\n");
	for (int i = 0; i < 60; i++)
		buf_printf(b, "    abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz%d: {run: p}\n", i);
	buf_puts(b, "  scenario:\n");
	for (int i = 0; i < 4000; i++)
		buf_printf(b, "  - abcdefghijklmnopqrstuvwxyabcdefghijklmnopqrstuvwxyx%d: close\n", i);
}

static void unclosed_variables(struct buf *b)
{
	buf_puts(b, "cases:\n- id: c\n  rubric: one\n  title:\n");
	for (int i = 0; i < 15; i++) {
		buf_printf(b, "    k%d: \"", i);
		for (int k = 0; k < 60000; k++)
			buf_puts(b, "$");
		buf_puts(b, "{\"\n");
	}
}

static const struct attack {
	void (*make)(struct buf *b);
	const char *problem; /* one of them holds this; NULL: none is asked for */
} attacks[] = {
	{ many_cases, NULL },
	{ big_products, "there are more problems than are shown here" },
	{ long_texts_in_many_cases, "too many and too long" },
	{ variables_that_grow, "with its variables the text is longer than 64 KiB" },
	{ many_payloads, "all payloads of this spec together" },
	{ wrong_everywhere, "there are more problems than are shown here" },
	{ unclosed_variables, "unknown key" },
};

START_TEST(an_attack_ends_soon)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	struct timespec start;
	struct timespec end;
	buf_puts(&text, head);
	attacks[_i].make(&text);
	buf_add(&text, "", 1);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	int result = parse(text.at);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	bool found = attacks[_i].problem == NULL;
	for (size_t i = 0; i < problems.n && !found; i++)
		found = strstr(problems.at[i].text, attacks[_i].problem) != NULL;
	ck_assert_msg(found, "%s", problems.n > 0 ? problems.at[0].text : "no problem");
	ck_assert_int_eq(result, attacks[_i].problem == NULL ? 0 : -1);
	ck_assert_int_lt(end.tv_sec - start.tv_sec, 5);
}
END_TEST

static void clean(void)
{
	arena_done(&arena);
}

int main(void)
{
	Suite *suite = suite_create("spec");
	TCase *t = tcase_create("spec");
	tcase_add_checked_fixture(t, NULL, clean);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, reads_programs_rubric_and_limits);
	tcase_add_test(t, reads_a_case);
	tcase_add_test(t, steps_are_numbered_in_the_order_of_the_text);
	tcase_add_test(t, foreach_makes_the_product_last_variable_fastest);
	tcase_add_loop_test(t, a_case_keeps_its_hash_when_its_result_cannot_change, 0,
			    (int)ARRAY_SIZE(no_difference));
	tcase_add_loop_test(t, a_case_changes_its_hash_when_its_result_may_change, 0,
			    (int)ARRAY_SIZE(difference));
	tcase_add_test(t, the_specs_hash_is_that_of_the_file);
	tcase_add_test(t, the_fault_counts_the_errors);
	tcase_add_test(t, an_error_leaves_the_result_untouched);
	tcase_add_test(t, a_file_that_is_not_there_is_a_fault);
	tcase_add_test(t, reads_a_file);
	tcase_add_loop_test(t, an_attack_ends_soon, 0, (int)ARRAY_SIZE(attacks));
	suite_add_tcase(suite, t);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

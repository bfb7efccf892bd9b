#include "score/score.h"

#include <check.h>

/* One line: its points, its rule, its cases as weight and outcome; what it earns, and whether that is settled. */
static const struct {
	const char *what;
	int64_t points;
	int rule;
	struct {
		int64_t weight;
		enum outcome outcome;
	} cases[4]; /* weight -1 ends them */
	int64_t earned;
	bool graded;
} rows[] = {
	{ "all pass", 200, RUBRIC_SHARE, { { 1, OUTCOME_PASS }, { 1, OUTCOME_PASS }, { -1, 0 } }, 200, true },
	{ "a third, rounded down",
	  200,
	  RUBRIC_SHARE,
	  { { 1, OUTCOME_PASS }, { 1, OUTCOME_FAIL }, { 1, OUTCOME_NOT_RUN }, { -1, 0 } },
	  67,
	  true },
	{ "a third of 1",
	  100,
	  RUBRIC_SHARE,
	  { { 1, OUTCOME_PASS }, { 1, OUTCOME_FAIL }, { 1, OUTCOME_FAIL }, { -1, 0 } },
	  33,
	  true },
	{ "half a hundredth goes up",
	  25,
	  RUBRIC_SHARE,
	  { { 1, OUTCOME_PASS }, { 1, OUTCOME_FAIL }, { -1, 0 } },
	  13,
	  true },
	{ "weights", 300, RUBRIC_SHARE, { { 5, OUTCOME_PASS }, { 1, OUTCOME_FAIL }, { -1, 0 } }, 250, true },
	{ "huge weights",
	  2000,
	  RUBRIC_SHARE,
	  { { INT64_C(1) << 60, OUTCOME_PASS }, { INT64_C(1) << 60, OUTCOME_FAIL }, { -1, 0 } },
	  1000,
	  true },
	{ "a case that weighs nothing",
	  100,
	  RUBRIC_SHARE,
	  { { 0, OUTCOME_FAIL }, { 1, OUTCOME_PASS }, { -1, 0 } },
	  100,
	  true },
	{ "nothing passes",
	  200,
	  RUBRIC_SHARE,
	  { { 1, OUTCOME_FAIL }, { 1, OUTCOME_NOT_RUN }, { -1, 0 } },
	  0,
	  true },
	{ "a fault is no zero",
	  200,
	  RUBRIC_SHARE,
	  { { 1, OUTCOME_PASS }, { 1, OUTCOME_FAULT }, { -1, 0 } },
	  0,
	  false },
	{ "all of all", 200, RUBRIC_ALL, { { 1, OUTCOME_PASS }, { 1, OUTCOME_PASS }, { -1, 0 } }, 200, true },
	{ "all but one of all",
	  200,
	  RUBRIC_ALL,
	  { { 9, OUTCOME_PASS }, { 1, OUTCOME_NOT_RUN }, { -1, 0 } },
	  0,
	  true },
	{ "all with a fault",
	  200,
	  RUBRIC_ALL,
	  { { 1, OUTCOME_FAIL }, { 1, OUTCOME_FAULT }, { -1, 0 } },
	  0,
	  false },
	{ "no case", 200, RUBRIC_SHARE, { { -1, 0 } }, 0, false },
	{ "no weight", 200, RUBRIC_SHARE, { { 0, OUTCOME_PASS }, { -1, 0 } }, 0, false },
};

START_TEST(a_line_earns_what_its_cases_say)
{
	struct rubric_line line = { .id = "line", .points = rows[_i].points, .rule = rows[_i].rule };
	struct spec_case cases[4] = { 0 };
	struct case_score scores[4] = { 0 };
	struct spec s = { .rubric = &line, .n_rubric = 1, .cases = cases, .total = rows[_i].points };
	while (s.n_cases < 4 && rows[_i].cases[s.n_cases].weight >= 0) {
		cases[s.n_cases].weight = rows[_i].cases[s.n_cases].weight;
		scores[s.n_cases].verdict.outcome = rows[_i].cases[s.n_cases].outcome;
		s.n_cases++;
	}
	struct line_score earned;
	struct sheet sheet = { .lines = &earned, .cases = scores };
	score_sheet(&s, &sheet);
	ck_assert_msg(earned.earned == rows[_i].earned, "%s: %ld", rows[_i].what, (long)earned.earned);
	ck_assert_msg(earned.graded == rows[_i].graded, "%s", rows[_i].what);
	ck_assert_ptr_eq(earned.line, &line);
	ck_assert_int_eq(sheet.mark, rows[_i].earned);
	ck_assert(sheet.graded == rows[_i].graded);
	ck_assert_int_eq(sheet.total, rows[_i].points);
}
END_TEST

START_TEST(each_line_is_rounded_once_and_they_add_up)
{
	struct rubric_line lines[] = { { .points = 100 }, { .points = 100 }, { .points = 100 } };
	struct spec_case cases[9];
	struct case_score scores[9];
	for (int i = 0; i < 9; i++) {
		cases[i] = (struct spec_case){ .rubric = i / 3, .weight = 1 };
		scores[i] = (struct case_score){ .verdict.outcome = i % 3 == 0 ? OUTCOME_PASS
									       : OUTCOME_FAIL };
	}
	struct spec s = { .rubric = lines, .n_rubric = 3, .cases = cases, .n_cases = 9, .total = 300 };
	struct line_score earned[3];
	struct sheet sheet = { .mark = 5, .lines = earned, .cases = scores };
	score_sheet(&s, &sheet);
	ck_assert_int_eq(sheet.mark, 99);
	ck_assert(sheet.graded);
	scores[8].verdict.outcome = OUTCOME_FAULT;
	score_sheet(&s, &sheet);
	ck_assert_int_eq(sheet.mark, 66);
	ck_assert(!sheet.graded && earned[0].graded && !earned[2].graded);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("score");
	TCase *t = tcase_create("score");
	suite_add_tcase(s, t);
	tcase_add_loop_test(t, a_line_earns_what_its_cases_say, 0, ARRAY_SIZE(rows));
	tcase_add_test(t, each_line_is_rounded_once_and_they_add_up);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}

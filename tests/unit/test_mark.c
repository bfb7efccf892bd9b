#include "score/mark.h"

#include <check.h>

static const struct {
	int64_t centi;
	const char *fr, *en, *column;
} rows[] = {
	{ 1425, "14,25", "14.25", "14,25" },
	{ 1400, "14", "14", "14,00" },
	{ 1450, "14,5", "14.5", "14,50" },
	{ 1405, "14,05", "14.05", "14,05" },
	{ 0, "0", "0", "0,00" },
	{ 5, "0,05", "0.05", "0,05" },
	{ -50, "-0,5", "-0.5", "-0,50" },
	{ INT64_MAX, "92233720368547758,07", "92233720368547758.07", "92233720368547758,07" },
	{ INT64_MIN, "-92233720368547758,08", "-92233720368547758.08", "-92233720368547758,08" },
};

START_TEST(marks_are_written_as_people_do)
{
	ck_assert_str_eq(mark_text(rows[_i].centi, LANG_FR).at, rows[_i].fr);
	ck_assert_str_eq(mark_text(rows[_i].centi, LANG_EN).at, rows[_i].en);
	ck_assert_str_eq(mark_text_column(rows[_i].centi, LANG_FR).at, rows[_i].column);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mark");
	TCase *t = tcase_create("mark");
	suite_add_tcase(s, t);
	tcase_add_loop_test(t, marks_are_written_as_people_do, 0, ARRAY_SIZE(rows));
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}

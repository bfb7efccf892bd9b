#include "score/score.h"

struct tally {
	int64_t passed, all; /* sums of weights */
	bool faulted, failed;
};

static struct tally tally_line(const struct spec *s, const struct sheet *sheet, int line)
{
	struct tally t = { 0 };
	for (size_t i = 0; i < s->n_cases; i++) {
		if (s->cases[i].rubric != line)
			continue;
		t.all += s->cases[i].weight;
		switch (sheet->cases[i].verdict.outcome) {
		case OUTCOME_PASS:
			t.passed += s->cases[i].weight;
			break;
		case OUTCOME_FAIL:
		case OUTCOME_NOT_RUN:
			t.failed = true;
			break;
		case OUTCOME_FAULT:
			t.faulted = true;
			break;
		}
	}
	return t;
}

/* points * passed / all, rounded half up. 128 bits: no weight that a teacher may write overflows them. */
static int64_t share(int64_t points, int64_t passed, int64_t all)
{
	return (int64_t)(((__int128)points * passed * 2 + all) / ((__int128)all * 2));
}

static struct line_score score_line(const struct rubric_line *line, struct tally t)
{
	struct line_score score = { .line = line, .graded = !t.faulted && t.all > 0 };
	if (!score.graded)
		return score;
	switch ((enum rubric_rule)line->rule) {
	case RUBRIC_SHARE:
		score.earned = share(line->points, t.passed, t.all);
		break;
	case RUBRIC_ALL:
		score.earned = t.failed ? 0 : line->points;
		break;
	}
	return score;
}

void score_sheet(const struct spec *s, struct sheet *sheet)
{
	sheet->mark = 0;
	sheet->total = s->total;
	sheet->graded = true;
	for (size_t i = 0; i < s->n_rubric; i++) {
		sheet->lines[i] = score_line(&s->rubric[i], tally_line(s, sheet, (int)i));
		sheet->mark += sheet->lines[i].earned;
		sheet->graded = sheet->graded && sheet->lines[i].graded;
	}
}

/*
 * score.h - from verdicts to marks. Pure arithmetic on whole hundredths.
 *
 * A line's points are the share of its cases that passed, by weight (RUBRIC_SHARE), or all or none (RUBRIC_ALL); each line
 * is rounded once, half up, to hundredths. A line with a case that met a fault of ours earns 0 for now and is not graded:
 * then the sheet is not, and its mark is not settled. Nor is a line graded that no case decides.
 * May use: base/, model/.
 */
#pragma once

#include "model/sheet.h"

/*
 * Fills lines[], mark, total and graded from the verdicts in cases[].
 *
 * sheet->cases: spec->n_cases, in the spec's order; sheet->lines: room for spec->n_rubric
 */
void score_sheet(const struct spec *s, struct sheet *sheet);

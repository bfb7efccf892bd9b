/*
 * mark.h - a mark as people write it: 14,25 in French, 14.25 in English.
 *
 * May use: base/.
 */
#pragma once

#include "base/text.h"

struct mark_text {
	char at[24];
};

/* As short as it is exact: 14, 14,5, 14,25, -0,5. Use as mark_text(centi, lang).at in the same expression. */
struct mark_text mark_text(int64_t centi, enum lang lang);

/* Always two decimals, for columns: 14,00. */
struct mark_text mark_text_column(int64_t centi, enum lang lang);

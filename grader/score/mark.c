#include "score/mark.h"

#include <inttypes.h>
#include <stdio.h>

struct mark_text mark_text_column(int64_t centi, enum lang lang)
{
	struct mark_text t;
	/* the sign apart: -50 hundredths are -0,50. Unsigned, for INT64_MIN */
	uint64_t size = centi < 0 ? -(uint64_t)centi : (uint64_t)centi;
	(void)snprintf(t.at, sizeof t.at, "%s%" PRIu64 "%c%02u", centi < 0 ? "-" : "", size / 100,
		       lang == LANG_FR ? ',' : '.', (unsigned)(size % 100));
	return t;
}

struct mark_text mark_text(int64_t centi, enum lang lang)
{
	struct mark_text t = mark_text_column(centi, lang);
	size_t len = strlen(t.at);
	if (centi % 100 == 0)
		t.at[len - 3] = '\0';
	else if (centi % 10 == 0)
		t.at[len - 1] = '\0';
	return t;
}

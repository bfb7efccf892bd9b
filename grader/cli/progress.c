#include "cli/progress.h"

#include "base/clock.h"
#include "cli/cli.h"

/* How often a line may change, in microseconds. */
static const int64_t terminal_pace_us = 100000;
static const int64_t plain_pace_us = 5000000;

void progress_begin(struct progress_view *v, bool quiet)
{
	*v = (struct progress_view){ .terminal = isatty(STDERR_FILENO),
				     .quiet = quiet,
				     .began_us = clock_now_us() };
	v->last_us = v->began_us;
}

/* "3 min 20 s", from what has been done so far. */
static const char *time_left(const struct progress_view *v, const struct progress *p, char text[48])
{
	if (p->cases_run < 10 || p->cases_done == 0)
		return "";
	int64_t spent = clock_now_us() - v->began_us;
	int64_t left = spent * (int64_t)(p->cases_total - MIN(p->cases_done, p->cases_total)) /
		       (int64_t)p->cases_done / 1000000;
	if (left >= 60)
		(void)snprintf(text, 48, tr(", reste %lld min %lld s", ", %lld min %lld s left"),
			       (long long)(left / 60), (long long)(left % 60));
	else
		(void)snprintf(text, 48, tr(", reste %lld s", ", %lld s left"), (long long)left);
	return text;
}

void progress_show(struct progress_view *v, const struct progress *p)
{
	int64_t now = clock_now_us();
	bool all_done = p->done == p->total;
	int64_t pace = v->terminal ? terminal_pace_us : plain_pace_us;
	if (v->quiet || (now - v->last_us < pace && !(all_done && v->shown)))
		return;
	v->last_us = now;
	v->shown = true;
	char left[48];
	char faults[48] = "";
	if (p->faults > 0)
		(void)snprintf(faults, sizeof faults, tr(", %zu incidents", ", %zu faults"), p->faults);
	if (v->terminal)
		(void)fprintf(stderr, "\r\033[K%zu/%zu %s%s%s  %.40s", p->done, p->total,
			      tr("rendus", "submissions"), time_left(v, p, left), faults, p->running);
	else
		(void)fprintf(stderr, "%zu/%zu %s, %zu %s%s%s\n", p->done, p->total,
			      tr("rendus", "submissions"), p->cases_done, tr("cas", "cases"),
			      time_left(v, p, left), faults);
}

void progress_end(struct progress_view *v)
{
	if (v->terminal && v->shown)
		(void)fputs("\r\033[K", stderr);
}

#include "plan/remarks.h"

void remarks_add(struct remarks *r, struct text2 remark)
{
	r->at = arena_push(r->arena, r->at, &r->n, &r->cap, sizeof *r->at);
	r->at[r->n - 1] = remark;
}

void remarks_left_out(struct remarks *r, enum left_out why, const char *name)
{
	if (r->left[why].n < REMARK_NAMES)
		r->left[why].names[r->left[why].n] = arena_strdup(r->arena, name);
	r->left[why].n++;
}

static const char *names_of(struct remarks *r, enum left_out why)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	size_t n = r->left[why].n;
	for (size_t i = 0; i < MIN(n, (size_t)REMARK_NAMES); i++) {
		const char *shown = bytes_show(r->arena, bytes_of(r->left[why].names[i]), 100);
		buf_printf(&b, "%s\"%s\"", i == 0 ? "" : ", ", shown);
	}
	if (n > REMARK_NAMES)
		buf_printf(&b, "… (%zu)", n);
	return arena_copy(r->arena, b.at, b.len);
}

void remarks_close(struct remarks *r)
{
	static const struct text2 headings[] = {
#define X(id, french, english) [id] = { .fr = (french), .en = (english) },
		LEFT_OUT_KINDS(X)
#undef X
	};
	for (size_t i = 0; i < LEFT_OUT_COUNT; i++) {
		if (r->left[i].n == 0)
			continue;
		const char *names = names_of(r, (enum left_out)i);
		remarks_add(r,
			    (struct text2){ .fr = arena_printf(r->arena, "%s : %s", headings[i].fr, names),
					    .en = arena_printf(r->arena, "%s: %s", headings[i].en, names) });
	}
}

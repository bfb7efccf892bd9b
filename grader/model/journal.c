#include "model/journal.h"

static const struct event_shape shapes[] = {
#define X(id, name, numbers, text, data) [id] = { name, numbers, text, data },
	EVENT_KINDS(X)
#undef X
};

const struct event_shape *event_shape(enum event_kind k)
{
	return &shapes[k];
}

void journal_add(struct observation *o, const struct event *e)
{
	/* a fact that was learned late stands where it was learned: time in a journal never runs backwards */
	int64_t earliest = o->n == 0 ? 0 : o->events[o->n - 1].at_ns;
	o->events = arena_push(o->arena, o->events, &o->n, &o->cap, sizeof *o->events);
	struct event *copy = &o->events[o->n - 1];
	*copy = *e;
	copy->at_ns = MAX(e->at_ns, earliest);
	copy->text = e->text == NULL || e->text[0] == '\0' ? "" : arena_strdup(o->arena, e->text);
	copy->data.at = e->data.len == 0 ? NULL : arena_copy(o->arena, e->data.at, e->data.len);
}

const struct event *journal_find(const struct observation *o, enum event_kind k, int actor, size_t from)
{
	for (size_t i = from; i < o->n; i++)
		if (o->events[i].kind == k && (actor == -1 || o->events[i].actor == actor))
			return &o->events[i];
	return NULL;
}

static bool is_output(const struct event *e, int actor, int fd)
{
	return e->kind == EV_OUTPUT && e->actor == actor && e->n[0] == fd;
}

struct bytes journal_output(const struct observation *o, struct arena *a, int actor, int fd)
{
	size_t len = 0;
	for (size_t i = 0; i < o->n; i++)
		if (is_output(&o->events[i], actor, fd))
			len += o->events[i].data.len;
	char *joined = arena_alloc(a, len + 1);
	size_t used = 0;
	for (size_t i = 0; i < o->n; i++) {
		struct bytes part = o->events[i].data;
		if (!is_output(&o->events[i], actor, fd) || part.len == 0)
			continue;
		memcpy(joined + used, part.at, part.len);
		used += part.len;
	}
	return (struct bytes){ joined, len };
}

#include "conf/value.h"

#include <string.h>

struct unit {
	const char *name;
	int64_t factor;
	bool shown; /* when we write a number ourselves */
};

/* smallest first */
static const struct unit time_units[] = {
	{ "us", 1, true }, { "ms", 1000, true }, { "s", 1000000, true }, { "min", 60000000, true }, { 0 },
};

static const struct unit size_units[] = {
	{ "", 1, true },          { "B", 1, false },        { "KiB", 1 << 10, true },
	{ "MiB", 1 << 20, true }, { "GiB", 1 << 30, true }, { 0 },
};

/* Units people write and what we say then. */
static const struct near_unit {
	const struct unit *instead_of;
	const char *name, *why;
} near_units[] = {
	{ size_units, "K", "write KiB, 1024 bytes" },
	{ size_units, "k", "write KiB, 1024 bytes" },
	{ size_units, "KB", "write KiB, 1024 bytes" },
	{ size_units, "kB", "write KiB, 1024 bytes" },
	{ size_units, "M", "write MiB, 1024 KiB" },
	{ size_units, "MB", "write MiB, 1024 KiB" },
	{ size_units, "G", "write GiB, 1024 MiB" },
	{ size_units, "GB", "write GiB, 1024 MiB" },
	{ time_units, "sec", "write s for seconds" },
	{ time_units, "m", "write min for minutes, ms for milliseconds" },
	{ time_units, "h", "write minutes: 60min" },
	{ time_units, "µs", "write us for microseconds" },
	{ time_units, "ns", "the smallest unit is us" },
};

const char *number_take(const char **at, struct number *ret)
{
	const char *s = *at;
	struct number n = { .negative = *s == '-' };
	s += n.negative;
	if (*s < '0' || *s > '9')
		return "";
	if (s[0] == '0' && s[1] >= '0' && s[1] <= '9')
		return "a number does not begin with 0";
	for (; *s >= '0' && *s <= '9'; s++)
		if (__builtin_mul_overflow(n.size, (uint64_t)10, &n.size) ||
		    __builtin_add_overflow(n.size, (uint64_t)(*s - '0'), &n.size))
			return "the number is too big";
	*at = s;
	*ret = n;
	return NULL;
}

static const char *to_int64(struct number n, int64_t factor, int64_t *ret)
{
	__int128 value = (__int128)n.size * factor;
	value = n.negative ? -value : value;
	if (value > INT64_MAX || value < INT64_MIN)
		return "the number is too big";
	*ret = (int64_t)value;
	return NULL;
}

static const char *show_in_units(struct arena *a, const struct unit *units, int64_t value)
{
	const struct unit *best = &units[0];
	for (const struct unit *u = units; u->name != NULL; u++)
		if (u->shown && value != 0 && value % u->factor == 0)
			best = u;
	/* nobody says 0us */
	return value == 0 ? "0" : arena_printf(a, "%jd%s", (intmax_t)(value / best->factor), best->name);
}

static const char *show_points(struct arena *a, int64_t centi)
{
	uint64_t size = centi < 0 ? 0 - (uint64_t)centi : (uint64_t)centi;
	const char *sign = centi < 0 ? "-" : "";
	if (size % 100 == 0)
		return arena_printf(a, "%s%ju", sign, (uintmax_t)(size / 100));
	return arena_printf(a, "%s%ju.%02u", sign, (uintmax_t)(size / 100), (unsigned)(size % 100));
}

const char *value_show(struct arena *a, enum field_type type, int64_t value)
{
	if (type == FIELD_DURATION)
		return show_in_units(a, time_units, value);
	if (type == FIELD_SIZE)
		return show_in_units(a, size_units, value);
	if (type == FIELD_POINTS)
		return show_points(a, value);
	return arena_printf(a, "%jd", (intmax_t)value);
}

/* Whether the number is within the field's limits; `least` holds for fields that name none. */
static bool in_range(struct reader *r, const struct field *f, const struct node *n, int64_t value,
		     int64_t least)
{
	bool has_limits = f->min != 0 || f->max != 0;
	int64_t min = has_limits ? f->min : least;
	int64_t max = has_limits && f->max >= f->min ? f->max
						     : INT64_MAX; /* {.min = 1} alone: no upper limit */
	if (value >= min && value <= max)
		return true;
	const char *low = value_show(r->arena, f->type, min);
	const char *high = value_show(r->arena, f->type, max);
	const char *found = bytes_show(r->arena, n->text, 60);
	if (min == max)
		PROBLEM(r->problems, &n->pos, "'%s' must be %s; found %s", f->key, low, found);
	else if (max == INT64_MAX)
		PROBLEM(r->problems, &n->pos, "'%s' must be at least %s; found %s", f->key, low, found);
	else
		PROBLEM(r->problems, &n->pos, "'%s' must be from %s to %s; found %s", f->key, low, high,
			found);
	return false;
}

bool value_int(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	const char *at = node_as_text(n);
	if (at == NULL)
		return value_wrong(r, f, n, NULL);
	struct number number = { 0 };
	int64_t value = 0;
	const char *why = number_take(&at, &number);
	if (why == NULL && *at != '\0')
		why = "decimal digits only";
	if (why == NULL)
		why = to_int64(number, 1, &value);
	if (why != NULL)
		return value_wrong(r, f, n, why[0] == '\0' ? NULL : why);
	if (!in_range(r, f, n, value, INT64_MIN))
		return false;
	*(int64_t *)ret = value;
	return true;
}

static const char *why_not_unit(const char *unit, const struct unit *units)
{
	if (unit[0] == '\0')
		return "the unit is missing";
	if (unit[0] == '.' || unit[0] == ',')
		return "whole numbers only: take the next smaller unit";
	if (unit[0] == ' ')
		return "no blank between number and unit";
	for (size_t i = 0; i < ARRAY_SIZE(near_units); i++)
		if (near_units[i].instead_of == units && strcmp(near_units[i].name, unit) == 0)
			return near_units[i].why;
	return "";
}

static const char *take_with_unit(const char *at, const struct unit *units, int64_t *ret)
{
	struct number number = { 0 };
	const char *why = number_take(&at, &number);
	if (why != NULL)
		return why;
	if (number.size == 0 && *at == '\0') { /* nothing is nothing in any unit */
		*ret = 0;
		return NULL;
	}
	for (const struct unit *u = units; u->name != NULL; u++)
		if (strcmp(u->name, at) == 0)
			return to_int64(number, u->factor, ret);
	return why_not_unit(at, units);
}

static bool read_with_unit(struct reader *r, const struct field *f, const struct node *n,
			   const struct unit *units, void *ret)
{
	const char *at = node_as_text(n);
	int64_t value = 0;
	const char *why = at == NULL ? "" : take_with_unit(at, units, &value);
	if (why != NULL)
		return value_wrong(r, f, n, why[0] == '\0' ? NULL : why);
	if (!in_range(r, f, n, value, 0))
		return false;
	*(int64_t *)ret = value;
	return true;
}

bool value_duration(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	return read_with_unit(r, f, n, time_units, ret);
}

bool value_size(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	return read_with_unit(r, f, n, size_units, ret);
}

/* The digits after the point, in hundredths: ".5" is 50. */
static const char *take_hundredths(const char *at, uint64_t *ret)
{
	*ret = 0;
	if (*at == '\0')
		return NULL;
	if (*at == ',')
		return "write a point, not a comma";
	if (*at != '.')
		return "";
	size_t digits = strspn(at + 1, "0123456789");
	if (digits == 0 || at[1 + digits] != '\0')
		return "";
	if (digits > 2)
		return "at most two digits after the point";
	*ret = (uint64_t)(at[1] - '0') * 10 + (digits == 2 ? (uint64_t)(at[2] - '0') : 0);
	return NULL;
}

bool value_points(struct reader *r, const struct field *f, const struct node *n, void *ret)
{
	const char *at = node_as_text(n);
	struct number whole = { 0 };
	uint64_t part = 0;
	int64_t value = 0;
	const char *why = at == NULL ? "" : number_take(&at, &whole);
	if (why == NULL)
		why = take_hundredths(at, &part);
	if (why == NULL && (__builtin_mul_overflow(whole.size, (uint64_t)100, &whole.size) ||
			    __builtin_add_overflow(whole.size, part, &whole.size)))
		why = "the number is too big";
	if (why == NULL)
		why = to_int64(whole, 1, &value);
	if (why != NULL)
		return value_wrong(r, f, n, why[0] == '\0' ? NULL : why);
	if (!in_range(r, f, n, value, 0))
		return false;
	*(int64_t *)ret = value;
	return true;
}

#include "small_vocabulary.h"

#include "conf/value.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>

static struct arena arena;
static struct problems problems;
static struct reader reader;
static const char *const actor_names[] = { "alice", "bob", NULL };

static void prepare(void)
{
	problems = (struct problems){ .arena = &arena };
	reader = (struct reader){ .arena = &arena,
				  .problems = &problems,
				  .vocabulary = &small_vocabulary,
				  .actor_names = actor_names };
}

static void clean(void)
{
	arena_done(&arena);
}

static const struct node *node_of(const char *yaml)
{
	struct node *n = NULL;
	conf_read(&arena, "f", bytes_of(yaml), &problems, &n);
	ck_assert_msg(n != NULL, "%s", yaml);
	return n;
}

static void ck_no_problem(void)
{
	ck_assert_msg(problems.n == 0, "%s", problems.n == 0 ? "" : problems.at[0].text);
}

static void ck_only_problem(const char *text)
{
	ck_assert_uint_eq(problems.n, 1);
	ck_assert_str_eq(problems.at[0].text, text);
}

/* --- numbers --- */

static const struct number_row {
	enum field_type type;
	const char *yaml;
	int64_t value;
	const char *shown; /* NULL: as written */
} numbers[] = {
	{ FIELD_INT, "0", 0, NULL },
	{ FIELD_INT, "-7", -7, NULL },
	{ FIELD_INT, "'42'", 42, "42" },
	{ FIELD_INT, "9223372036854775807", INT64_MAX, NULL },
	{ FIELD_INT, "-9223372036854775808", INT64_MIN, NULL },
	{ FIELD_DURATION, "10us", 10, NULL },
	{ FIELD_DURATION, "300ms", 300000, NULL },
	{ FIELD_DURATION, "1500ms", 1500000, NULL },
	{ FIELD_DURATION, "5s", 5000000, NULL },
	{ FIELD_DURATION, "2min", 120000000, NULL },
	{ FIELD_DURATION, "120s", 120000000, "2min" },
	{ FIELD_DURATION, "0", 0, NULL },
	{ FIELD_DURATION, "0s", 0, "0" },
	{ FIELD_SIZE, "100", 100, NULL },
	{ FIELD_SIZE, "100B", 100, "100" },
	{ FIELD_SIZE, "64KiB", 65536, NULL },
	{ FIELD_SIZE, "128MiB", 134217728, NULL },
	{ FIELD_SIZE, "1GiB", 1073741824, NULL },
	{ FIELD_SIZE, "1024KiB", 1048576, "1MiB" },
	{ FIELD_POINTS, "2", 200, NULL },
	{ FIELD_POINTS, "0.5", 50, "0.50" },
	{ FIELD_POINTS, "1.25", 125, NULL },
	{ FIELD_POINTS, "0.07", 7, NULL },
	{ FIELD_POINTS, "92233720368547758.07", INT64_MAX, NULL },
};

START_TEST(reads_a_number_exactly)
{
	const struct number_row *row = &numbers[_i];
	const struct field f = { .key = "k", .type = row->type };
	int64_t value = 99;
	const struct node *n = node_of(row->yaml);
	ck_assert(value_read(&reader, &f, n, &value));
	ck_no_problem();
	ck_assert_int_eq(value, row->value);
	ck_assert_str_eq(value_show(&arena, row->type, value), row->shown == NULL ? row->yaml : row->shown);
}
END_TEST

static const struct bad_number {
	enum field_type type;
	const char *yaml, *why;
} bad_numbers[] = {
	{ FIELD_INT, "9223372036854775808", "(the number is too big)" },
	{ FIELD_INT, "-9223372036854775809", "(the number is too big)" },
	{ FIELD_INT, "18446744073709551616", "(the number is too big)" },
	{ FIELD_INT, "99999999999999999999999999", "(the number is too big)" },
	{ FIELD_INT, "1_000", "(decimal digits only)" },
	{ FIELD_INT, "1.0", "(decimal digits only)" },
	{ FIELD_INT, "0o7", "(decimal digits only)" },
	{ FIELD_INT, "+1", "\"+1\"" },
	{ FIELD_INT, "' 1'", "\" 1\"" },
	{ FIELD_INT, "\"1\\0\"", "\"1\\0\"" },
	{ FIELD_INT, "'-'", "\"-\"" },
	{ FIELD_INT, "''", "\"\"" },
	{ FIELD_INT, "---\n", "found nothing" },
	{ FIELD_INT, "yes", "\"yes\"" },
	{ FIELD_DURATION, "5", "(the unit is missing)" },
	{ FIELD_DURATION, "0.5s", "(whole numbers only: take the next smaller unit)" },
	{ FIELD_DURATION, "-5s", "must be from 0 to" },
	{ FIELD_DURATION, "5m", "(write min for minutes, ms for milliseconds)" },
	{ FIELD_DURATION, "5 s", "(no blank between number and unit)" },
	{ FIELD_DURATION, "5S", "\"5S\"" },
	{ FIELD_DURATION, "999999999999999min", "(the number is too big)" },
	{ FIELD_SIZE, "1k", "(write KiB, 1024 bytes)" },
	{ FIELD_SIZE, "9999999999GiB", "(the number is too big)" },
	{ FIELD_POINTS, "1.", "\"1.\"" },
	{ FIELD_POINTS, ".5", "\".5\"" },
	{ FIELD_POINTS, "1.234", "(at most two digits after the point)" },
	{ FIELD_POINTS, "1,5", "(write a point, not a comma)" },
	{ FIELD_POINTS, "92233720368547758.08", "(the number is too big)" },
	{ FIELD_POINTS, "1e3", "\"1e3\"" },
};

START_TEST(refuses_a_bad_number)
{
	const struct bad_number *row = &bad_numbers[_i];
	/* an upper limit of its own, or negative durations would be "at least 0" */
	const struct field f = { .key = "k",
				 .type = row->type,
				 .max = row->yaml[0] == '-' && row->type == FIELD_DURATION };
	int64_t value = 99;
	ck_assert(!value_read(&reader, &f, node_of(row->yaml), &value));
	ck_assert_uint_eq(problems.n, 1);
	ck_assert_msg(strstr(problems.at[0].text, row->why) != NULL, "%s", problems.at[0].text);
	ck_assert_int_eq(value, 99);
}
END_TEST

START_TEST(a_lower_limit_alone_has_no_upper_one)
{
	const struct field f = { .key = "k", .type = FIELD_INT, .min = 2 };
	int64_t value = 0;
	ck_assert(value_read(&reader, &f, node_of("1000000"), &value));
	ck_assert(!value_read(&reader, &f, node_of("1"), &value));
	ck_only_problem("'k' must be at least 2; found 1");
}
END_TEST

/* --- payloads --- */

static const struct payload_row {
	const char *yaml;
	struct bytes bytes;
} payloads[] = {
	{ "hello", BYTES_LITERAL("hello") },
	{ "4444", BYTES_LITERAL("4444") },
	{ "007", BYTES_LITERAL("007") },
	{ "yes", BYTES_LITERAL("yes") },
	{ "null", BYTES_LITERAL("null") },
	{ "''", BYTES_LITERAL("") },
	{ "\"a\\0\\n\"", BYTES_LITERAL("a\0\n") },
	{ "{text: é}", BYTES_LITERAL("\xC3\xA9") },
	{ "{hex: 00ff1B}", BYTES_LITERAL("\0\xFF\x1B") },
	{ "{hex: ' 00 ff '}", BYTES_LITERAL("\0\xFF") },
	{ "{hex: ''}", BYTES_LITERAL("") },
	{ "{repeat: ab, times: 3}", BYTES_LITERAL("ababab") },
	{ "{repeat: ab, times: 0}", BYTES_LITERAL("") },
	{ "{repeat: '', times: 1000000000000}", BYTES_LITERAL("") },
	{ "{repeat: {repeat: [a, {hex: '00'}], times: 2}, times: 2}", BYTES_LITERAL("a\0a\0a\0a\0") },
	{ "[a, {hex: ff}, [b, c], []]", BYTES_LITERAL("a\xFF"
						      "bc") },
	{ "[x, {repeat: y, times: 0}, z]", BYTES_LITERAL("xz") },
	{ "{pack: []}", BYTES_LITERAL("") },
	{ "{pack: [u8: 255, i8: -128]}", BYTES_LITERAL("\xFF\x80") },
	{ "{pack: [u16be: 7, u16le: 7]}", BYTES_LITERAL("\0\7\7\0") },
	{ "{pack: [i16be: -2, i16le: -2]}", BYTES_LITERAL("\xFF\xFE\xFE\xFF") },
	{ "{pack: [u32be: 4294967295, i32le: -1, text: abc, u32le: 1]}",
	  BYTES_LITERAL("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
			"abc\1\0\0\0") },
	{ "{pack: [u64be: 18446744073709551615]}", BYTES_LITERAL("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF") },
	{ "{pack: [i64le: -9223372036854775808]}", BYTES_LITERAL("\0\0\0\0\0\0\0\x80") },
	{ "{pack: [u8: 1, {repeat: x, times: 2}, plain, [u8: 2]]}", { NULL, 0 } },
};

START_TEST(builds_a_payload)
{
	const struct payload_row *row = &payloads[_i];
	const struct field f = { .key = "k", .type = FIELD_BYTES };
	struct bytes b = { 0 };
	bool good = value_read(&reader, &f, node_of(row->yaml), &b);
	if (row->bytes.at == NULL) { /* numbers of a width do not stand in a list inside pack */
		ck_assert(!good);
		return;
	}
	ck_no_problem();
	ck_assert(good);
	ck_assert_msg(bytes_equal(b, row->bytes), "%s: %s", row->yaml, bytes_show(&arena, b, 100));
}
END_TEST

START_TEST(all_bytes_are_256)
{
	const struct field f = { .key = "k", .type = FIELD_BYTES };
	struct bytes b = { 0 };
	ck_assert(value_read(&reader, &f, node_of("{all-bytes: true}"), &b));
	ck_assert_uint_eq(b.len, 256);
	for (size_t i = 0; i < b.len; i++)
		ck_assert_uint_eq((unsigned char)b.at[i], i);
}
END_TEST

START_TEST(a_payload_ends_at_one_mebibyte)
{
	const struct field f = { .key = "k", .type = FIELD_BYTES };
	struct bytes b = { 0 };
	ck_assert(value_read(&reader, &f, node_of("{repeat: x, times: 1048576}"), &b));
	ck_assert_uint_eq(b.len, 1048576);
	ck_assert(!value_read(&reader, &f, node_of("[{repeat: x, times: 1048576}, y]"), &b));
	ck_only_problem("'k': the payload is longer than 1 MiB");
	ck_assert(!value_read(&reader, &f, node_of("{repeat: ab, times: 18446744073709551615}"), &b));
}
END_TEST

START_TEST(all_payloads_together_end_at_64_mebibytes)
{
	const struct field f = { .key = "k", .type = FIELD_BYTES };
	struct bytes b = { 0 };
	const struct node *n = node_of("{repeat: x, times: 1048576}");
	for (int i = 0; i < 64; i++)
		ck_assert(value_read(&reader, &f, n, &b));
	ck_assert(!value_read(&reader, &f, n, &b));
	ck_only_problem("'k': all payloads of this spec together are longer than 64 MiB");
}
END_TEST

START_TEST(reads_patterns)
{
	const struct field f = { .key = "k", .type = FIELD_PATTERN };
	struct pattern p;
	ck_assert(value_read(&reader, &f, node_of("[a, b]"), &p));
	ck_assert_int_eq(p.kind, PATTERN_EXACT);
	ck_assert(bytes_equal(p.bytes, BYTES_LITERAL("ab")));
	ck_assert(value_read(&reader, &f, node_of("{starts: {hex: '61'}}"), &p));
	ck_assert_int_eq(p.kind, PATTERN_STARTS);
	ck_assert(bytes_equal(p.bytes, BYTES_LITERAL("a")));
	ck_assert(value_read(&reader, &f, node_of("{any: true}"), &p));
	ck_assert_int_eq(p.kind, PATTERN_ANY);
	ck_assert(value_read(&reader, &f, node_of("{length: 3}"), &p));
	ck_assert_int_eq(p.kind, PATTERN_LENGTH);
	ck_assert_int_eq(p.length, 3);
	ck_no_problem();
}
END_TEST

/* --- addresses --- */

static const struct endpoint_row {
	const char *yaml;
	int actor, family;
	uint16_t port;
} endpoints[] = {
	{ "bob", 1, 0, 0 },
	{ "1.2.3.4:4444", -1, AF_INET, 4444 },
	{ "'127.0.0.1:0'", -1, AF_INET, 0 },
	{ "'[::1]:65535'", -1, AF_INET6, 65535 },
	{ "'[::ffff:1.2.3.4]:1'", -1, AF_INET6, 1 },
};

START_TEST(reads_an_endpoint)
{
	const struct endpoint_row *row = &endpoints[_i];
	const struct field f = { .key = "k", .type = FIELD_ENDPOINT };
	struct endpoint e;
	ck_assert(value_read(&reader, &f, node_of(row->yaml), &e));
	ck_no_problem();
	ck_assert_int_eq(e.actor, row->actor);
	ck_assert_int_eq(e.address.ss_family, row->family);
	ck_assert_int_eq(e.len, row->family == 0         ? 0
				: row->family == AF_INET ? sizeof(struct sockaddr_in)
							 : sizeof(struct sockaddr_in6));
	if (row->family == AF_INET)
		ck_assert_uint_eq(ntohs(((struct sockaddr_in *)&e.address)->sin_port), row->port);
	if (row->family == AF_INET6)
		ck_assert_uint_eq(ntohs(((struct sockaddr_in6 *)&e.address)->sin6_port), row->port);
}
END_TEST

START_TEST(reads_sockets)
{
	const struct field f = { .key = "k", .type = FIELD_SOCKET };
	struct socket_name s;
	ck_assert(value_read(&reader, &f, node_of("udp"), &s));
	ck_assert_str_eq(s.protocol, "udp");
	ck_assert_int_eq(s.port, PORT_ANY);
	ck_assert(value_read(&reader, &f, node_of("tcp:80"), &s));
	ck_assert_str_eq(s.protocol, "tcp");
	ck_assert_int_eq(s.port, 80);
	ck_no_problem();
}
END_TEST

/* --- texts --- */

START_TEST(texts_are_taken_as_written)
{
	const struct field f = { .key = "k", .type = FIELD_TEXTS };
	struct texts t;
	ck_assert(value_read(&reader, &f, node_of("[serveur, 4444, '', 0x10, yes, ~, 1.50]"), &t));
	static const char *const expected[] = { "serveur", "4444", "", "0x10", "yes", "~", "1.50" };
	ck_assert_uint_eq(t.n, ARRAY_SIZE(expected));
	for (size_t i = 0; i < t.n; i++)
		ck_assert_str_eq(t.at[i], expected[i]);
	ck_assert_ptr_null(t.at[t.n]);
	ck_assert(value_read(&reader, &f, node_of("alone"), &t));
	ck_assert_uint_eq(t.n, 1);
	ck_assert_str_eq(t.at[0], "alone");
}
END_TEST

START_TEST(one_language_stands_for_both)
{
	const struct field f = { .key = "k", .type = FIELD_TEXT2 };
	struct text2 t;
	ck_assert(value_read(&reader, &f, node_of("{fr: oui, en: yes}"), &t));
	ck_assert_str_eq(t.fr, "oui");
	ck_assert_str_eq(t.en, "yes");
	ck_assert(value_read(&reader, &f, node_of("{fr: oui}"), &t));
	ck_assert_str_eq(t.en, "oui");
	ck_assert(value_read(&reader, &f, node_of("both"), &t));
	ck_assert_str_eq(t.fr, "both");
	ck_assert_str_eq(t.en, "both");
}
END_TEST

/* --- tables --- */

struct everything {
	const char *text;
	struct text2 text2;
	struct texts texts;
	struct bytes bytes;
	struct pattern pattern;
	int64_t number, duration;
	bool yes;
	int choice, actor;
	struct endpoint endpoint;
	struct socket_name socket;
	struct kinded probe;
	struct steps steps;
	const struct node *node;
};

#define ROW(name, t)                                                                                         \
	{                                                                                                    \
		.key = #name, .type = (t), .offset = offsetof(struct everything, name)                       \
	}

static const struct field everything[] = {
	ROW(text, FIELD_TEXT),         ROW(text2, FIELD_TEXT2),       ROW(texts, FIELD_TEXTS),
	ROW(bytes, FIELD_BYTES),       ROW(pattern, FIELD_PATTERN),   ROW(number, FIELD_INT),
	ROW(duration, FIELD_DURATION), ROW(yes, FIELD_BOOL),          ROW(choice, FIELD_CHOICE),
	ROW(actor, FIELD_ACTOR),       ROW(endpoint, FIELD_ENDPOINT), ROW(socket, FIELD_SOCKET),
	ROW(probe, FIELD_PROBE),       ROW(steps, FIELD_STEPS),       ROW(node, FIELD_NODE),
};

START_TEST(absent_fields_are_known_as_absent)
{
	struct everything e;
	memset(&e, 0xA5, sizeof e);
	fields_read(&reader, node_of("{}"), everything, ARRAY_SIZE(everything), NULL, &e);
	ck_no_problem();
	ck_assert_ptr_null(e.text);
	ck_assert_ptr_null(e.text2.fr);
	ck_assert_uint_eq(e.texts.n, 0);
	ck_assert_ptr_null(e.texts.at[0]);
	ck_assert_uint_eq(e.bytes.len, 0);
	ck_assert_int_eq(e.pattern.kind, PATTERN_ANY);
	ck_assert_int_eq(e.number, 0);
	ck_assert(!e.yes);
	ck_assert_int_eq(e.actor, -1);
	ck_assert_int_eq(e.endpoint.actor, -1);
	ck_assert_int_eq(e.endpoint.len, 0);
	ck_assert_ptr_null(e.socket.protocol);
	ck_assert_int_eq(e.socket.port, PORT_ANY);
	ck_assert_ptr_null(e.probe.kind);
	ck_assert_uint_eq(e.steps.n, 0);
	ck_assert_ptr_null(e.node);
}
END_TEST

START_TEST(one_mistake_does_not_hide_another)
{
	struct everything e;
	fields_read(&reader,
		    node_of("{text: [], number: x, duration: 5, yes: on, actor: carol, good: 1, texts: {}}"),
		    everything, ARRAY_SIZE(everything), NULL, &e);
	ck_assert_uint_eq(problems.n, 7);
	ck_assert_int_eq(e.actor, -1);
}
END_TEST

START_TEST(defaults_are_read_like_values)
{
	static const struct field fields[] = {
		{ .key = "texts",
		  .type = FIELD_TEXTS,
		  .offset = offsetof(struct everything, texts),
		  .dflt = "[a, b]" },
		{ .key = "pattern",
		  .type = FIELD_PATTERN,
		  .offset = offsetof(struct everything, pattern),
		  .dflt = "{length: 4}" },
		{ .key = "duration",
		  .type = FIELD_DURATION,
		  .offset = offsetof(struct everything, duration),
		  .dflt = "5s" },
		{ .key = "yes",
		  .type = FIELD_BOOL,
		  .offset = offsetof(struct everything, yes),
		  .dflt = "true" },
		{ .key = "text",
		  .type = FIELD_TEXT,
		  .offset = offsetof(struct everything, text),
		  .dflt = "" },
	};
	struct everything e;
	fields_read(&reader, node_of("{duration: 1s}"), fields, ARRAY_SIZE(fields), NULL, &e);
	ck_no_problem();
	ck_assert_uint_eq(e.texts.n, 2);
	ck_assert_str_eq(e.texts.at[1], "b");
	ck_assert_int_eq(e.pattern.length, 4);
	ck_assert_int_eq(e.duration, 1000000);
	ck_assert(e.yes);
	ck_assert_str_eq(e.text, "");
}
END_TEST

START_TEST(keys_that_somebody_else_reads_are_left_alone)
{
	static const char *const skip[] = { "within", NULL };
	struct everything e;
	fields_read(&reader, node_of("{within: [[x]], number: 1}"), everything, ARRAY_SIZE(everything), skip,
		    &e);
	ck_no_problem();
	fields_read(&reader, node_of("{withn: 1}"), everything, ARRAY_SIZE(everything), skip, &e);
	ck_only_problem("unknown key \"withn\" (did you mean 'within'?)");
}
END_TEST

START_TEST(required_fields_are_asked_for)
{
	static const struct field f = {
		.key = "number", .type = FIELD_INT, .required = true, .help = "how many"
	};
	int64_t value = 5;
	fields_read(&reader, node_of("{}"), &f, 1, NULL, &value);
	ck_only_problem("'number' is missing: how many");
	ck_assert_int_eq(value, 0);
}
END_TEST

START_TEST(few_unknown_keys_stand_for_many)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	struct everything e;
	for (int i = 0; i < 9000; i++)
		buf_printf(&text, "unknown%d: 1\n", i);
	buf_add(&text, "", 1);
	fields_read(&reader, node_of(text.at), everything, ARRAY_SIZE(everything), NULL, &e);
	ck_assert_uint_eq(problems.n, 10);
}
END_TEST

/* --- kinds --- */

START_TEST(a_kinds_name_holds_its_main_field)
{
	struct kinded k = kinded_read(&reader, node_of("{send: {hex: '00'}, to: bob}"), small_steps, "step",
				      NULL);
	ck_no_problem();
	ck_assert_ptr_eq(k.kind, &small_send_kind);
	const struct small_send *p = k.params;
	ck_assert_uint_eq(p->data.len, 1);
	ck_assert_int_eq(p->to.actor, 1);
	ck_assert_int_eq(k.pos.line, 1);
}
END_TEST

static const char *const no_value[] = { "close",         "{close: {}}", "{close: }",
					"{close: null}", "{close: ~}",  "{close: []}" };

START_TEST(a_kind_that_needs_nothing_may_stand_alone)
{
	struct kinded k = kinded_read(&reader, node_of(no_value[_i]), small_steps, "step", NULL);
	ck_no_problem();
	ck_assert_ptr_eq(k.kind, &small_close_kind);
	ck_assert_ptr_nonnull(k.params);
}
END_TEST

static const char *const two_fields[] = { "{between: {low: 1, high: 2}}", "{between: , low: 1, high: 2}",
					  "{between: {low: 1}, high: 2}" };

START_TEST(a_kind_without_main_field_takes_its_fields_inside_or_beside)
{
	struct kinded k = kinded_read(&reader, node_of(two_fields[_i]), small_checks, "check", NULL);
	ck_no_problem();
	const struct small_between *b = k.params;
	ck_assert_int_eq(b->low, 1);
	ck_assert_int_eq(b->high, 2);
}
END_TEST

START_TEST(a_main_field_may_have_a_default)
{
	struct kinded k = kinded_read(&reader, node_of("exit"), small_probes, "probe", NULL);
	ck_no_problem();
	ck_assert_int_eq(((const struct small_one *)k.params)->value, -1);
}
END_TEST

START_TEST(finish_sees_only_what_was_read_well)
{
	struct kinded k = kinded_read(&reader, node_of("{between: {low: x, high: 1}}"), small_checks, "check",
				      NULL);
	ck_assert_ptr_null(k.kind);
	ck_assert_uint_eq(problems.n, 1);
	k = kinded_read(&reader, node_of("{between: {low: 2, high: 1}}"), small_checks, "check", NULL);
	ck_assert_ptr_null(k.kind);
	ck_assert_str_eq(problems.at[1].text, "'low' is above 'high'");
}
END_TEST

START_TEST(a_field_may_have_the_name_of_another_kind)
{
	static const struct field fields[] = {
		{ .key = "close", .type = FIELD_BOOL, .offset = 0, .help = "whether it closes afterwards" },
	};
	static const struct kind write_kind = {
		.name = "write", .fields = fields, .n_fields = 1, .size = sizeof(bool)
	};
	static const struct kind *const kinds[] = { &small_close_kind, &write_kind, NULL };
	struct kinded k = kinded_read(&reader, node_of("{close: true, write: {}}"), kinds, "step", NULL);
	ck_no_problem();
	ck_assert_ptr_eq(k.kind, &write_kind);
	ck_assert(*(const bool *)k.params);
}
END_TEST

START_TEST(every_type_has_a_name)
{
	for (int t = FIELD_TEXT; t <= FIELD_NODE; t++)
		ck_assert_ptr_nonnull(field_type_name((enum field_type)t));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("field");
	TCase *t = tcase_create("field");
	tcase_add_checked_fixture(t, prepare, clean);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, reads_a_number_exactly, 0, (int)ARRAY_SIZE(numbers));
	tcase_add_loop_test(t, refuses_a_bad_number, 0, (int)ARRAY_SIZE(bad_numbers));
	tcase_add_test(t, a_lower_limit_alone_has_no_upper_one);
	tcase_add_loop_test(t, builds_a_payload, 0, (int)ARRAY_SIZE(payloads));
	tcase_add_test(t, all_bytes_are_256);
	tcase_add_test(t, a_payload_ends_at_one_mebibyte);
	tcase_add_test(t, all_payloads_together_end_at_64_mebibytes);
	tcase_add_test(t, reads_patterns);
	tcase_add_loop_test(t, reads_an_endpoint, 0, (int)ARRAY_SIZE(endpoints));
	tcase_add_test(t, reads_sockets);
	tcase_add_test(t, texts_are_taken_as_written);
	tcase_add_test(t, one_language_stands_for_both);
	tcase_add_test(t, absent_fields_are_known_as_absent);
	tcase_add_test(t, one_mistake_does_not_hide_another);
	tcase_add_test(t, defaults_are_read_like_values);
	tcase_add_test(t, keys_that_somebody_else_reads_are_left_alone);
	tcase_add_test(t, required_fields_are_asked_for);
	tcase_add_test(t, few_unknown_keys_stand_for_many);
	tcase_add_test(t, a_kinds_name_holds_its_main_field);
	tcase_add_loop_test(t, a_kind_that_needs_nothing_may_stand_alone, 0, (int)ARRAY_SIZE(no_value));
	tcase_add_loop_test(t, a_kind_without_main_field_takes_its_fields_inside_or_beside, 0,
			    (int)ARRAY_SIZE(two_fields));
	tcase_add_test(t, a_main_field_may_have_a_default);
	tcase_add_test(t, finish_sees_only_what_was_read_well);
	tcase_add_test(t, a_field_may_have_the_name_of_another_kind);
	tcase_add_test(t, every_type_has_a_name);
	suite_add_tcase(suite, t);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

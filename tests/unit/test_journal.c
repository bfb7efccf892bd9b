#include "model/journal.h"

#include <check.h>

static struct observation new_observation(struct arena *a)
{
	return (struct observation){ .arena = a, .wall_us = 1234 };
}

static void add(struct observation *o, struct event e)
{
	journal_add(o, &e);
}

/* Writes, reads, and asks for the same again. */
static void round_trip(const struct observation *o)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf text = { 0 };
	CLEANUP(buf_done) struct buf again = { 0 };
	struct observation back;
	struct fault f;
	journal_write(o, &text);
	ck_assert_msg(journal_read(&a, buf_bytes(&text), &back, &f) == 0, "%s", f.text);
	ck_assert_int_eq(back.wall_us, o->wall_us);
	ck_assert_uint_eq(back.n, o->n);
	for (size_t i = 0; i < o->n; i++) {
		const struct event *was = &o->events[i];
		const struct event *is = &back.events[i];
		ck_assert_int_eq(is->at_ns, was->at_ns);
		ck_assert_int_eq(is->kind, was->kind);
		ck_assert_int_eq(is->actor, was->actor);
		ck_assert_int_eq(is->pid, was->pid);
		ck_assert_mem_eq(is->n, was->n, sizeof is->n);
		ck_assert_str_eq(is->text, was->text);
		ck_assert(bytes_equal(is->data, was->data));
	}
	journal_write(&back, &again);
	ck_assert(bytes_equal(buf_bytes(&again), buf_bytes(&text)));
}

START_TEST(every_kind_makes_the_round_trip)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct observation o = new_observation(&a);
	for (int k = EV_START; k <= EV_END; k++) {
		struct event e = { .at_ns = 10 * k, .kind = k, .actor = k % 3 - 1, .pid = k };
		const struct event_shape *shape = event_shape(k);
		for (size_t i = 0; i < EVENT_NUMBERS && shape->numbers[0] != '\0'; i++)
			e.n[i] = i == 0 || strchr(shape->numbers, ' ') != NULL ? 1 : 0;
		if (k == EV_EXIT || k == EV_FORK || k == EV_BOUND || k == EV_BUSY || k == EV_IDLE ||
		    k == EV_USAGE)
			e.n[2] = e.n[3] = 0;
		if (k == EV_CALL || k == EV_STEP)
			e.n[3] = 0;
		e.text = shape->text[0] != '\0' ? "é \"quoted\" \\ \n" : "";
		e.data = shape->data[0] != '\0' ? BYTES_LITERAL("some\tbytes\n") : (struct bytes){ 0 };
		journal_add(&o, &e);
	}
	round_trip(&o);
}
END_TEST

START_TEST(hostile_bytes_make_the_round_trip)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct observation o = new_observation(&a);
	char all[256];
	for (size_t i = 0; i < sizeof all; i++)
		all[i] = (char)i;
	for (size_t len = 0; len <= sizeof all; len++)
		add(&o, (struct event){ .kind = EV_OUTPUT, .n = { 1 }, .data = { all, len } });
	add(&o, (struct event){ .kind = EV_OUTPUT, .data = BYTES_LITERAL("\xff\xfe") });
	add(&o, (struct event){ .kind = EV_OUTPUT, .data = BYTES_LITERAL("\xed\xa0\x80") });
	add(&o, (struct event){ .kind = EV_OUTPUT, .data = BYTES_LITERAL("\xc3\xa9t\xc3\xa9") });
	add(&o, (struct event){ .kind = EV_OUTPUT, .data = BYTES_LITERAL("\0") });
	add(&o, (struct event){ .at_ns = INT64_MAX, .kind = EV_END, .actor = -1 });
	round_trip(&o);
}
END_TEST

START_TEST(a_mebibyte_makes_the_round_trip)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct observation o = new_observation(&a);
	size_t len = 1 << 20;
	char *text = arena_alloc(&a, len);
	char *noise = arena_alloc(&a, len);
	memset(text, 'y', len);
	for (size_t i = 0; i < len; i++)
		noise[i] = (char)(i * 2654435761U >> 13);
	add(&o, (struct event){ .kind = EV_OUTPUT, .n = { 1 }, .data = { text, len } });
	add(&o, (struct event){ .kind = EV_OUTPUT, .n = { 2 }, .data = { noise, len } });
	add(&o, (struct event){ .kind = EV_END, .actor = -1 });
	round_trip(&o);
}
END_TEST

START_TEST(lines_are_as_documented)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf text = { 0 };
	struct observation o = new_observation(&a);
	add(&o, (struct event){
			.at_ns = 10, .kind = EV_OUTPUT, .pid = 2, .n = { 1 }, .data = BYTES_LITERAL("é\n") });
	add(&o, (struct event){ .at_ns = 9,
				.kind = EV_RECEIVED,
				.actor = 1,
				.text = "udp:4444",
				.data = BYTES_LITERAL("\0\xff") });
	add(&o, (struct event){ .at_ns = 15, .kind = EV_END, .actor = -1 });
	journal_write(&o, &text);
	buf_add(&text, "", 1);
	ck_assert_str_eq(
		text.at,
		"{\"journal\":1,\"wall_us\":1234}\n"
		"{\"at_ns\":10,\"event\":\"output\",\"actor\":0,\"pid\":2,\"fd\":1,\"data\":\"é\\n\"}\n"
		"{\"at_ns\":10,\"event\":\"received\",\"actor\":1,\"pid\":0,\"from\":\"udp:4444\",\"data_"
		"base64\":\"AP8=\"}\n"
		"{\"at_ns\":15,\"event\":\"end\",\"actor\":-1,\"pid\":0}\n");
}
END_TEST

START_TEST(text_that_is_no_utf8_is_shown)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf text = { 0 };
	struct observation o = new_observation(&a);
	struct observation back;
	struct fault f;
	add(&o, (struct event){ .kind = EV_SANITIZER, .text = "bad \xff" });
	add(&o, (struct event){ .kind = EV_END });
	journal_write(&o, &text);
	ck_assert_int_eq(journal_read(&a, buf_bytes(&text), &back, &f), 0);
	ck_assert_str_eq(back.events[0].text, "bad \\xff");
}
END_TEST

#define HEADER "{\"journal\":1,\"wall_us\":1}\n"
#define END "{\"at_ns\":5,\"event\":\"end\",\"actor\":-1,\"pid\":0}\n"

static const struct {
	const char *text, *message;
} refused[] = {
	{ "", "journal cut short at line 1" },
	{ HEADER, "journal cut short at line 2" },
	{ HEADER "{\"at_ns\":5,\"event\":\"end\",\"actor\":-1,\"pid\":0}", "journal cut short at line 2" },
	{ END, "journal, line 1: no number 'journal'" },
	{ "{\"journal\":2,\"wall_us\":1}\n" END, "journal, line 1: number out of range: 'journal'" },
	{ "{\"journal\":1,\"wall_us\":-1}\n" END, "journal, line 1: number out of range: 'wall_us'" },
	{ "{\"journal\":1,\"wall_us\":1,\"x\":1}\n" END, "journal, line 1: unknown fields in 'journal'" },
	{ HEADER END END, "journal: more lines after its end" },
	{ HEADER END "x", "journal: more lines after its end" },
	{ HEADER "[]\n" END, "journal, line 2: no object: '{}'" },
	{ HEADER "{\"at_ns\":5,\"at_ns\":5}\n" END,
	  "journal, line 2: no JSON: 'duplicate object key near '\\\"at_ns\\\"''" },
	{ HEADER "{\"at_ns\":5.0,\"event\":\"end\",\"actor\":-1,\"pid\":0}\n",
	  "journal, line 2: no number 'at_ns'" },
	{ HEADER "{\"at_ns\":-5,\"event\":\"end\",\"actor\":-1,\"pid\":0}\n",
	  "journal, line 2: number out of range: 'at_ns'" },
	{ HEADER "{\"at_ns\":5,\"event\":\"End\",\"actor\":-1,\"pid\":0}\n",
	  "journal, line 2: unknown event 'End'" },
	{ HEADER "{\"at_ns\":5,\"event\":\"\\u001b[2J\",\"actor\":-1,\"pid\":0}\n",
	  "journal, line 2: unknown event '\\x1b[2J'" },
	{ HEADER "{\"at_ns\":5,\"event\":7,\"actor\":-1,\"pid\":0}\n", "journal, line 2: unknown event ''" },
	{ HEADER "{\"at_ns\":5,\"event\":\"end\",\"actor\":-2,\"pid\":0}\n",
	  "journal, line 2: number out of range: 'actor'" },
	{ HEADER "{\"at_ns\":5,\"event\":\"end\",\"actor\":-1,\"pid\":4294967296}\n",
	  "journal, line 2: number out of range: 'pid'" },
	{ HEADER "{\"at_ns\":5,\"event\":\"end\",\"actor\":-1,\"pid\":0,\"data\":\"\"}\n",
	  "journal, line 2: unknown fields in 'end'" },
	{ HEADER "{\"at_ns\":9,\"event\":\"exec\",\"actor\":0,\"pid\":0}\n" END,
	  "journal, line 3: time runs backwards at 'end'" },
	{ HEADER "{\"at_ns\":1,\"event\":\"exit\",\"actor\":0,\"pid\":0,\"how\":3,\"value\":0}\n" END,
	  "journal, line 2: number out of range: 'how'" },
	{ HEADER "{\"at_ns\":1,\"event\":\"exit\",\"actor\":0,\"pid\":0,\"how\":0}\n" END,
	  "journal, line 2: no number 'value'" },
	{ HEADER "{\"at_ns\":1,\"event\":\"start\",\"actor\":0,\"pid\":0}\n" END,
	  "journal, line 2: no text 'program'" },
	{ HEADER "{\"at_ns\":1,\"event\":\"output\",\"actor\":0,\"pid\":0,\"fd\":1}\n" END,
	  "journal, line 2: no text 'data'" },
	{ HEADER
	  "{\"at_ns\":1,\"event\":\"output\",\"actor\":0,\"pid\":0,\"fd\":1,\"data_base64\":\"AP8\"}\n" END,
	  "journal, line 2: no base64: 'data_base64'" },
	{ HEADER
	  "{\"at_ns\":1,\"event\":\"output\",\"actor\":0,\"pid\":0,\"fd\":1,\"data_base64\":\"AP9=\"}\n" END,
	  "journal, line 2: no base64: 'data_base64'" },
	{ HEADER
	  "{\"at_ns\":1,\"event\":\"output\",\"actor\":0,\"pid\":0,\"fd\":1,\"data_base64\":\"====\"}\n" END,
	  "journal, line 2: no base64: 'data_base64'" },
	{ HEADER "{\"at_ns\":1,\"event\":\"output\",\"actor\":0,\"pid\":0,\"fd\":1,\"data_base64\":\"AP8=AP8="
		 "\"}\n" END,
	  "journal, line 2: no base64: 'data_base64'" },
	{ HEADER "{\"at_ns\":1,\"event\":\"output\",\"actor\":0,\"pid\":0,\"fd\":1,\"data\":\"\",\"data_"
		 "base64\":\"\"}\n" END,
	  "journal, line 2: unknown fields in 'output'" },
};

START_TEST(refuses_what_is_no_journal)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct observation o = { .wall_us = 77 };
	struct fault f;
	ck_assert_int_eq(journal_read(&a, bytes_of(refused[_i].text), &o, &f), -1);
	ck_assert_str_eq(f.text, refused[_i].message);
	ck_assert_int_eq(f.kind, FAULT_WORKER);
	ck_assert_int_eq(o.wall_us, 77);
}
END_TEST

START_TEST(refuses_every_cut_and_survives_every_flip)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf text = { 0 };
	struct observation o = new_observation(&a);
	struct observation back;
	struct fault f;
	add(&o, (struct event){ .kind = EV_OUTPUT,
				.n = { 1 },
				.data = BYTES_LITERAL("\0\xff"
						      "1") });
	add(&o, (struct event){ .kind = EV_STEP, .n = { 1, STEP_NEVER, 3 }, .text = "é" });
	add(&o, (struct event){ .kind = EV_END, .actor = -1 });
	journal_write(&o, &text);
	for (size_t len = 0; len < text.len; len++)
		ck_assert_int_eq(journal_read(&a, (struct bytes){ text.at, len }, &back, &f), -1);
	for (size_t i = 0; i < text.len * 8; i++) {
		text.at[i / 8] ^= (char)(1 << i % 8);
		if (journal_read(&a, buf_bytes(&text), &back, &f) == 0)
			ck_assert_int_eq(back.events[back.n - 1].kind, EV_END);
		text.at[i / 8] ^= (char)(1 << i % 8);
	}
}
END_TEST

START_TEST(refuses_more_than_64_mebibytes)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct observation back;
	struct fault f;
	/* refused before a byte of it is looked at */
	struct bytes huge = { "", (64U << 20) + 1 };
	ck_assert_int_eq(journal_read(&a, huge, &back, &f), -1);
	ck_assert_str_eq(f.text, "journal of 67108865 bytes: more than 64 MiB");
}
END_TEST

START_TEST(finds_and_joins)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct observation o = new_observation(&a);
	add(&o, (struct event){ .kind = EV_OUTPUT, .actor = 0, .n = { 1 }, .data = BYTES_LITERAL("a\0") });
	add(&o, (struct event){ .kind = EV_OUTPUT, .actor = 0, .n = { 2 }, .data = BYTES_LITERAL("error") });
	add(&o, (struct event){ .kind = EV_OUTPUT, .actor = 1, .n = { 1 }, .data = BYTES_LITERAL("other") });
	add(&o, (struct event){ .kind = EV_OUTPUT, .actor = 0, .n = { 1 }, .data = BYTES_LITERAL("b") });
	ck_assert(bytes_equal(journal_output(&o, &a, 0, 1), BYTES_LITERAL("a\0b")));
	ck_assert_uint_eq(journal_output(&o, &a, 2, 1).len, 0);
	ck_assert_ptr_eq(journal_find(&o, EV_OUTPUT, 1, 0), &o.events[2]);
	ck_assert_ptr_eq(journal_find(&o, EV_OUTPUT, -1, 3), &o.events[3]);
	ck_assert_ptr_null(journal_find(&o, EV_OUTPUT, 1, 3));
	ck_assert_ptr_null(journal_find(&o, EV_END, -1, 0));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("journal");
	TCase *t = tcase_create("journal");
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	tcase_add_test(t, every_kind_makes_the_round_trip);
	tcase_add_test(t, hostile_bytes_make_the_round_trip);
	tcase_add_test(t, a_mebibyte_makes_the_round_trip);
	tcase_add_test(t, lines_are_as_documented);
	tcase_add_test(t, text_that_is_no_utf8_is_shown);
	tcase_add_loop_test(t, refuses_what_is_no_journal, 0, ARRAY_SIZE(refused));
	tcase_add_test(t, refuses_every_cut_and_survives_every_flip);
	tcase_add_test(t, refuses_more_than_64_mebibytes);
	tcase_add_test(t, finds_and_joins);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}

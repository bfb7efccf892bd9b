/*
 * report_fixture.h - a spec and sheets to write reports of, and the report as one text.
 */
#pragma once

#include "reports/report.h"

#include <check.h>

static struct program fixture_programs[] = { { .name = "serveur_udp" }, { .name = "client_udp" } };

static struct rubric_line fixture_rubric[] = {
	{ .id = "echo",
	  .points = 200,
	  .title = { "Un datagramme revient à son expéditeur", "A datagram comes back to its sender" } },
	{ .id = "bytes",
	  .points = 200,
	  .title = { "Octet pour octet", "Byte for byte" },
	  .hint = { "Combien d'octets recvfrom a-t-il rendus ?", "How many bytes did recvfrom return?" } },
	{ .id = "client-request", .points = 1600 },
};

static struct spec_case fixture_cases[] = {
	{ .id = "echo", .rubric = 0, .weight = 1 },
	{ .id = "bytes-nul", .rubric = 1, .weight = 1, .title = { "Un octet nul", "A NUL byte" } },
	{ .id = "bytes-ff", .rubric = 1, .weight = 1 },
	{ .id = "bytes-long",
	  .rubric = 1,
	  .weight = 1,
	  .visibility = CASE_HIDDEN,
	  .hint = { "Piste cachée", "Hidden hint" } },
	{ .id = "request", .rubric = 2, .weight = 1, .hint = { "sendto, une fois.", "sendto, once." } },
};

static const struct spec fixture_spec = {
	.path = "specs/tp3.yaml",
	.id = "tp3",
	.title = { "UDP : serveur et client", "UDP: server and client" },
	.programs = fixture_programs,
	.n_programs = 2,
	.rubric = fixture_rubric,
	.n_rubric = 3,
	.cases = fixture_cases,
	.n_cases = 5,
	.total = 2000,
	.hash = "abc123",
};

struct fixture_sheet {
	struct sheet sheet;
	struct line_score lines[3];
	struct case_score cases[5];
	struct build_score builds[2];
	struct fault fault;
	struct text2 remark;
};

/* All passes. */
static inline void fixture_good(struct fixture_sheet *x, const char *name)
{
	*x = (struct fixture_sheet){ 0 };
	x->sheet = (struct sheet){ .name = name,
				   .mark = 2000,
				   .total = 2000,
				   .graded = true,
				   .lines = x->lines,
				   .cases = x->cases,
				   .builds = x->builds,
				   .faults = &x->fault,
				   .remarks = &x->remark };
	for (size_t i = 0; i < 3; i++)
		x->lines[i] = (struct line_score){ &fixture_rubric[i], fixture_rubric[i].points, true };
	for (size_t i = 0; i < 5; i++)
		x->cases[i] = (struct case_score){ &fixture_cases[i], { OUTCOME_PASS, { "", "" } }, 1500 };
	for (size_t i = 0; i < 2; i++)
		x->builds[i] = (struct build_score){ .program = &fixture_programs[i], .built = true };
}

/* 14.25: two cases of bytes fail alike and so does a hidden one; the client does not compile. */
static inline void fixture_partial(struct fixture_sheet *x, const char *name)
{
	static const struct verdict fail = {
		OUTCOME_FAIL, { "attendu \"a\\0b\", reçu \"a\"", "expected \"a\\0b\", got \"a\"" }
	};
	fixture_good(x, name);
	x->sheet.mark = 1425;
	x->lines[1].earned = 25;
	x->lines[2].earned = 1200;
	x->cases[1].verdict = fail;
	x->cases[2].verdict = fail;
	x->cases[3].verdict = fail;
	x->cases[4].verdict = (struct verdict){
		OUTCOME_NOT_RUN, { "client_udp ne compile pas", "client_udp does not compile" }
	};
	x->cases[4].wall_us = 0;
	x->builds[0].warnings = 2;
	x->builds[0].log = BYTES_LITERAL("a.c:1: warning: \x1b[31mred\x1b[0m \xff\n\tx\nlast");
	x->builds[1].built = false;
	x->builds[1].first_error = "client_udp.c:3: error: expected ';'";
	x->builds[1].log = BYTES_LITERAL("client_udp.c:3: error: expected ';'\n");
}

/* One line met a fault of ours. */
static inline void fixture_ungraded(struct fixture_sheet *x, const char *name)
{
	fixture_good(x, name);
	x->sheet.mark = 400;
	x->sheet.graded = false;
	x->lines[2] = (struct line_score){ &fixture_rubric[2], 0, false };
	x->cases[4].verdict = (struct verdict){
		OUTCOME_FAULT, { "worker killed by signal 9", "worker killed by signal 9" }
	};
	x->fault = (struct fault){ .kind = FAULT_WORKER, .text = "request: worker killed by signal 9" };
	x->sheet.n_faults = 1;
	x->remark = (struct text2){ "3 liens symboliques ignorés", "3 symbolic links ignored" };
	x->sheet.n_remarks = 1;
}

/* The report of these sheets as one text; free it. */
static inline char *fixture_write(const char *kind, struct report_options options, const struct spec *s,
				  const struct sheet *const *sheets)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct report r;
	struct fault f;
	report_begin(&r, report_kind_named(kind), out, s, &options);
	for (; *sheets != NULL; sheets++)
		report_add(&r, *sheets);
	ck_assert_int_eq(report_end(&r, &f), 0);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

#define SHEETS(...) ((const struct sheet *const[]){ __VA_ARGS__, NULL })
#define NO_SHEETS ((const struct sheet *const[]){ NULL })

/* Compares whole texts and shows both when they differ. */
static inline void fixture_same(char *text, const char *expected)
{
	ck_assert_msg(strcmp(text, expected) == 0, "got:\n%s\nexpected:\n%s\n", text, expected);
	free(text);
}

static const char hostile_name[] = "-=cmd|'/C calc'!A0\n\x1b[2J\xff\xe2\x80\xae\"</script>é";

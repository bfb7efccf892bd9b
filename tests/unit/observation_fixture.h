/*
 * observation_fixture.h - a case from a few lines of YAML, and an observation made by hand: 's' is a program, 'a' and 'p' are
 * peers.
 */
#pragma once

#include "cli/cli.h"
#include "judge/judge.h"
#include "model/journal.h"
#include "spec/spec_load.h"

#include <check.h>

enum { S, A, P, NOBODY = -1 };

static struct arena arena;
static struct spec spec;
static struct observation observation;

static inline void observation_start(void)
{
	observation = (struct observation){ .arena = &arena };
}

static inline void observation_clean(void)
{
	arena_done(&arena);
}

/* `body`: flow-style keys of the case, "scenario: […], checks: […]". */
static inline void case_of_text(const char *body)
{
	struct problems problems = { .arena = &arena };
	struct fault f;
	const char *text = arena_printf(
		&arena,
		"grader: 1\nid: t\ntitle: T\nprograms: {student: {}}\n"
		"rubric: {r: {points: 1, title: T, hint: H}}\n"
		"cases: [{id: c, rubric: r, actors: {s: {run: [student]}, a: {udp-client: s}, "
		"p: {udp-server: \"127.0.0.1:1\"}}, %s}]\n",
		body);
	int result = spec_parse(&arena, "case", bytes_of(text), &vocabulary, &problems, &spec, &f);
	ck_assert_msg(result == 0, "%s\n%s", problems.n > 0 ? problems.at[0].text : f.text, body);
}

static inline void add(struct event e)
{
	e.at_ns = (int64_t)(observation.n + 1) * 1000000;
	journal_add(&observation, &e);
}

#define EVENT(k, who, ...)                                                                                   \
	{                                                                                                    \
		.kind = (k), .actor = (who), __VA_ARGS__                                                     \
	}
#define END EVENT(EV_END, NOBODY)
#define DATA(s) .data = BYTES_LITERAL(s)

/* The program was started with pid 3, and ended so. */
#define STARTED EVENT(EV_START, S, .pid = 3)
#define ENDED(how, value) EVENT(EV_EXIT, S, .pid = 3, .n = { (how), (value) })
#define OUTPUT(fd, text) EVENT(EV_OUTPUT, S, .n = { (fd) }, DATA(text))
#define CALL(name, result, port, family)                                                                     \
	EVENT(EV_CALL, S, .text = (name), .n = { (result), (port), (family) })

static inline void ck_same_text(const char *what, const char *found, const char *expected)
{
	ck_assert_msg(strcmp(found, expected) == 0, "%s:\nexpected %s\nfound    %s", what, expected, found);
}

/*
 * small_vocabulary.h - a few kinds of actors, steps, probes and checks, with which the reading of specs is tried.
 */
#pragma once

#include "conf/field.h"

#include <signal.h>

#define FIELDS(table) .fields = (table), .n_fields = ARRAY_SIZE(table)

/* --- actors --- */

struct small_run {
	struct texts argv;
	struct bytes input;
	struct texts env;
};

struct small_client {
	struct endpoint to, from;
};

static const struct field small_run_fields[] = {
	{ .key = "argv",
	  .type = FIELD_TEXTS,
	  .offset = offsetof(struct small_run, argv),
	  .required = true,
	  .main = true,
	  .min = 1,
	  .max = 100,
	  .help = "program and arguments" },
	{ .key = "stdin",
	  .type = FIELD_BYTES,
	  .offset = offsetof(struct small_run, input),
	  .help = "what it reads" },
	{ .key = "env",
	  .type = FIELD_TEXTS,
	  .offset = offsetof(struct small_run, env),
	  .help = "NAME=value" },
};

static const struct field small_client_fields[] = {
	{ .key = "to",
	  .type = FIELD_ENDPOINT,
	  .offset = offsetof(struct small_client, to),
	  .required = true,
	  .main = true,
	  .help = "the server" },
	{ .key = "from",
	  .type = FIELD_ENDPOINT,
	  .offset = offsetof(struct small_client, from),
	  .dflt = "127.0.0.1:0",
	  .help = "own address" },
};

static const struct kind small_run_kind = {
	.name = "run", .help = "a program", FIELDS(small_run_fields), .size = sizeof(struct small_run)
};
static const struct kind small_udp_kind = { .name = "udp-client",
					    .help = "sends datagrams",
					    FIELDS(small_client_fields),
					    .size = sizeof(struct small_client) };
static const struct kind small_tcp_kind = { .name = "tcp-client",
					    .help = "speaks TCP",
					    FIELDS(small_client_fields),
					    .size = sizeof(struct small_client) };
static const struct kind *const small_actors[] = { &small_run_kind, &small_udp_kind, &small_tcp_kind, NULL };

/* --- steps --- */

struct small_send {
	struct bytes data;
	struct endpoint to;
	struct texts split;
};

struct small_expect {
	struct pattern pattern;
	int from;
};

struct small_one {
	int64_t value;
};

struct small_signal {
	int number;
};

struct small_await {
	struct kinded probe;
};

struct small_repeat {
	int64_t times;
	struct steps steps;
};

static const struct choice small_signals[] = {
	{ "TERM", SIGTERM, "" }, { "KILL", SIGKILL, "" }, { "USR1", SIGUSR1, "" }, { 0 }
};

static const struct field small_send_fields[] = {
	{ .key = "data",
	  .type = FIELD_BYTES,
	  .offset = offsetof(struct small_send, data),
	  .required = true,
	  .main = true,
	  .help = "what to send" },
	{ .key = "to", .type = FIELD_ENDPOINT, .offset = offsetof(struct small_send, to), .help = "to whom" },
	{ .key = "split",
	  .type = FIELD_TEXTS,
	  .offset = offsetof(struct small_send, split),
	  .help = "in pieces of these lengths" },
};

static const struct field small_expect_fields[] = {
	{ .key = "pattern",
	  .type = FIELD_PATTERN,
	  .offset = offsetof(struct small_expect, pattern),
	  .required = true,
	  .main = true,
	  .help = "what must come" },
	{ .key = "from",
	  .type = FIELD_ACTOR,
	  .offset = offsetof(struct small_expect, from),
	  .help = "from whom" },
};

static const struct field small_delay_fields[] = {
	{ .key = "time",
	  .type = FIELD_DURATION,
	  .offset = offsetof(struct small_one, value),
	  .required = true,
	  .main = true,
	  .min = 1,
	  .max = 10000000,
	  .help = "how long" },
};

static const struct field small_signal_fields[] = {
	{ .key = "signal",
	  .type = FIELD_CHOICE,
	  .offset = offsetof(struct small_signal, number),
	  .required = true,
	  .main = true,
	  .choices = small_signals,
	  .help = "which signal" },
};

static const struct field small_await_fields[] = {
	{ .key = "probe",
	  .type = FIELD_PROBE,
	  .offset = offsetof(struct small_await, probe),
	  .required = true,
	  .main = true,
	  .help = "what to wait for" },
};

static const struct field small_repeat_fields[] = {
	{ .key = "times",
	  .type = FIELD_INT,
	  .offset = offsetof(struct small_repeat, times),
	  .required = true,
	  .main = true,
	  .min = 1,
	  .max = 100000,
	  .help = "how often" },
	{ .key = "steps",
	  .type = FIELD_STEPS,
	  .offset = offsetof(struct small_repeat, steps),
	  .required = true,
	  .help = "what to do" },
};

static const char *const small_peers[] = { "udp-client", "tcp-client", NULL };
static const char *const small_tcp_only[] = { "tcp-client", NULL };
static const char *const small_programs[] = { "run", NULL };

static const struct kind small_send_kind = { .name = "send",
					     .help = "sends bytes",
					     FIELDS(small_send_fields),
					     .size = sizeof(struct small_send),
					     .on = small_peers };
static const struct kind small_expect_kind = { .name = "expect",
					       .help = "waits for bytes",
					       FIELDS(small_expect_fields),
					       .size = sizeof(struct small_expect),
					       .on = small_peers };
static const struct kind small_connect_kind = { .name = "connect", .help = "connects", .on = small_tcp_only };
static const struct kind small_close_kind = { .name = "close", .help = "closes", .on = small_peers };
static const struct kind small_delay_kind = {
	.name = "delay", .help = "does nothing", FIELDS(small_delay_fields), .size = sizeof(struct small_one)
};
static const struct kind small_signal_kind = { .name = "signal",
					       .help = "sends a signal",
					       FIELDS(small_signal_fields),
					       .size = sizeof(struct small_signal),
					       .on = small_programs };
static const struct kind small_await_kind = { .name = "await",
					      .help = "waits for a fact",
					      FIELDS(small_await_fields),
					      .size = sizeof(struct small_await) };
static const struct kind small_repeat_kind = { .name = "repeat",
					       .help = "does steps again",
					       FIELDS(small_repeat_fields),
					       .size = sizeof(struct small_repeat),
					       .no_actor = true };
static const struct kind *const small_steps[] = { &small_send_kind,  &small_expect_kind, &small_connect_kind,
						  &small_close_kind, &small_delay_kind,  &small_signal_kind,
						  &small_await_kind, &small_repeat_kind, NULL };

/* --- probes --- */

struct small_listening {
	struct socket_name socket;
};

static const struct field small_exit_fields[] = {
	{ .key = "status",
	  .type = FIELD_INT,
	  .offset = offsetof(struct small_one, value),
	  .main = true,
	  .min = -1,
	  .max = 255,
	  .dflt = "-1",
	  .help = "exit status" },
};

static const struct field small_listening_fields[] = {
	{ .key = "socket",
	  .type = FIELD_SOCKET,
	  .offset = offsetof(struct small_listening, socket),
	  .required = true,
	  .main = true,
	  .help = "what it is bound to" },
};

static const struct kind small_exit_kind = { .name = "exit",
					     .help = "it ended",
					     FIELDS(small_exit_fields),
					     .size = sizeof(struct small_one),
					     .on = small_programs };
static const struct kind small_listening_kind = { .name = "listening",
						  .help = "it can be reached",
						  FIELDS(small_listening_fields),
						  .size = sizeof(struct small_listening),
						  .on = small_programs };
static const struct kind *const small_probes[] = { &small_exit_kind, &small_listening_kind, NULL };

/* --- checks --- */

struct small_output {
	int actor, stream;
	struct texts lines;
	bool in_order;
};

struct small_zombies {
	int actor;
};

struct small_residue {
	struct texts except;
};

struct small_between {
	int64_t low, high;
};

static const struct choice small_streams[] = { { "stdout", 1, "" }, { "stderr", 2, "" }, { 0 } };

static const struct field small_output_fields[] = {
	{ .key = "actor",
	  .type = FIELD_ACTOR,
	  .offset = offsetof(struct small_output, actor),
	  .required = true,
	  .main = true,
	  .help = "whose output" },
	{ .key = "lines",
	  .type = FIELD_TEXTS,
	  .offset = offsetof(struct small_output, lines),
	  .required = true,
	  .help = "the lines" },
	{ .key = "stream",
	  .type = FIELD_CHOICE,
	  .offset = offsetof(struct small_output, stream),
	  .dflt = "stdout",
	  .choices = small_streams,
	  .help = "which of its outputs" },
	{ .key = "in-order",
	  .type = FIELD_BOOL,
	  .offset = offsetof(struct small_output, in_order),
	  .dflt = "true",
	  .help = "whether the order counts" },
};

static const struct field small_zombies_fields[] = {
	{ .key = "actor",
	  .type = FIELD_ACTOR,
	  .offset = offsetof(struct small_zombies, actor),
	  .required = true,
	  .main = true,
	  .help = "whose children" },
};

static const struct field small_residue_fields[] = {
	{ .key = "except",
	  .type = FIELD_TEXTS,
	  .offset = offsetof(struct small_residue, except),
	  .help = "what may stay" },
};

static const struct field small_between_fields[] = {
	{ .key = "low",
	  .type = FIELD_SIZE,
	  .offset = offsetof(struct small_between, low),
	  .required = true,
	  .help = "least" },
	{ .key = "high",
	  .type = FIELD_SIZE,
	  .offset = offsetof(struct small_between, high),
	  .required = true,
	  .help = "most" },
};

static inline void small_between_finish(void *params, struct arena *a, const struct pos *pos,
					struct problems *p)
{
	const struct small_between *b = params;
	(void)a;
	if (b->low > b->high)
		PROBLEM(p, pos, "'low' is above 'high'");
}

static const struct kind small_output_kind = { .name = "output",
					       .help = "what it printed",
					       FIELDS(small_output_fields),
					       .size = sizeof(struct small_output),
					       .on = small_programs };
static const struct kind small_zombies_kind = { .name = "no-zombies",
						.help = "all children are waited for",
						FIELDS(small_zombies_fields),
						.size = sizeof(struct small_zombies) };
static const struct kind small_residue_kind = { .name = "no-residue",
						.help = "nothing is left",
						FIELDS(small_residue_fields),
						.size = sizeof(struct small_residue) };
static const struct kind small_between_kind = { .name = "between",
						.help = "a size within limits",
						FIELDS(small_between_fields),
						.size = sizeof(struct small_between),
						.finish = small_between_finish };
static const struct kind *const small_checks[] = { &small_output_kind, &small_zombies_kind,
						   &small_residue_kind, &small_between_kind, NULL };

static const struct vocabulary small_vocabulary = {
	.actors = small_actors, .steps = small_steps, .probes = small_probes, .checks = small_checks
};

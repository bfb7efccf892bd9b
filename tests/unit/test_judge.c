/* From an observation to a verdict: who speaks first, and that nothing else than the observation counts. */
#include "observation_fixture.h"

#include <signal.h>

static const char report[] =
	"==3==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60 at pc 0x4 bp 0x7 sp 0x7\n"
	"WRITE of size 1 at 0x60 thread T0\n"
	"    #0 0x401 in __interceptor_recvfrom ../../src/x.inc:3\n"
	"    #1 0x402 in serve /work/serveur_udp.c:57\n"
	"    #2 0x403 in main /work/serveur_udp.c:80\n";

/* One of each that may speak: which are there is a row's business. */
enum { MEMORY = 1, LIMIT = 2, STEP = 4, CHECK = 8 };

static void observe(unsigned what)
{
	add((struct event)STARTED);
	if ((what & STEP) != 0)
		add((struct event)EVENT(EV_STEP, A, .n = { 0, STEP_MISMATCH, 10 }, DATA("no")));
	else
		add((struct event)EVENT(EV_STEP, A, .n = { 0, STEP_DONE, 10 }));
	add((struct event)ENDED(END_EXITED, (what & CHECK) != 0));
	if ((what & LIMIT) != 0)
		add((struct event)EVENT(EV_LIMIT, S, .text = "output", .n = { 1048576 }));
	if ((what & MEMORY) != 0)
		add((struct event)EVENT(EV_SANITIZER, NOBODY, .text = "asan",
					.data = { report, sizeof report - 1 }));
	add((struct event)EVENT(EV_END, NOBODY));
}

static const char memory_fr[] = "Erreur de mémoire : heap-buffer-overflow (serveur_udp.c:57).";
static const char memory_en[] = "Memory error: heap-buffer-overflow (serveur_udp.c:57).";
static const char limit_fr[] = "« s » a écrit plus de 1048576 octets : boucle sans fin ?";
static const char limit_en[] = "'s' wrote more than 1048576 bytes: an endless loop?";
static const char step_fr[] =
	"À « a » : attendu : « ok » (2 octets) ; reçu : « no » (2 octets). Première différence à l'octet 0.";
static const char step_en[] =
	"At 'a': expected: \"ok\" (2 bytes); came: \"no\" (2 bytes). First difference at byte 0.";
static const char check_fr[] = "« s » devait se terminer avec le code 0 ; il s'est terminé avec le code 1.";
static const char check_en[] = "'s' should have ended with code 0; it ended with code 1.";

START_TEST(the_first_that_explains_the_rest_speaks)
{
	static const struct {
		unsigned what;
		const char *fr, *en;
	} order[] = { { MEMORY, memory_fr, memory_en },
		      { LIMIT, limit_fr, limit_en },
		      { STEP, step_fr, step_en },
		      { CHECK, check_fr, check_en } };
	struct verdict v;
	case_of_text("scenario: [a: {expect: ok}], checks: [{exit: s}]");
	observe((unsigned)_i);
	judge_case(&arena, &spec.cases[0], &observation, &v);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		if (((unsigned)_i & order[i].what) == 0)
			continue;
		ck_assert_int_eq(v.outcome, OUTCOME_FAIL);
		ck_same_text("verdict", v.message.fr, order[i].fr);
		ck_same_text("verdict", v.message.en, order[i].en);
		return;
	}
	ck_assert_int_eq(v.outcome, OUTCOME_PASS);
	ck_same_text("verdict", v.message.fr, "Correct.");
	ck_same_text("verdict", v.message.en, "Right.");
}
END_TEST

/* What is said does not depend on where the answer was read from, nor on when. */
START_TEST(the_same_observation_has_the_same_verdict_after_a_journey)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	struct verdict v;
	struct verdict again;
	struct fault f;
	case_of_text("scenario: [a: {expect: ok}], checks: [{exit: s}]");
	observe((unsigned)_i);
	judge_case(&arena, &spec.cases[0], &observation, &v);
	journal_write(&observation, &text);
	ck_assert_msg(journal_read(&arena, buf_bytes(&text), &observation, &f) == 0, "%s", f.text);
	judge_case(&arena, &spec.cases[0], &observation, &again);
	ck_assert_int_eq(v.outcome, again.outcome);
	ck_same_text("verdict", again.message.fr, v.message.fr);
	ck_same_text("verdict", again.message.en, v.message.en);
}
END_TEST

static struct verdict judge(const char *body)
{
	struct verdict v;
	case_of_text(body);
	judge_case(&arena, &spec.cases[0], &observation, &v);
	return v;
}

START_TEST(the_first_check_that_does_not_hold_speaks)
{
	add((struct event)STARTED);
	add((struct event)ENDED(END_EXITED, 1));
	ck_same_text("verdict", judge("checks: [no-residue, {complains: s}, {exit: s}]").message.en,
		     "'s' should have said why on its standard error; there is nothing.");
	ck_same_text("verdict", judge("checks: [no-residue, {exit: s}, {complains: s}]").message.en,
		     check_en);
}
END_TEST

START_TEST(the_first_step_that_failed_speaks)
{
	add((struct event)EVENT(EV_STEP, A, .n = { 0, STEP_DONE }));
	add((struct event)EVENT(EV_STEP, A, .n = { 1, STEP_MISMATCH }, DATA("one")));
	add((struct event)EVENT(EV_STEP, A, .n = { 2, STEP_MISMATCH }, DATA("two")));
	ck_same_text(
		"verdict",
		judge("scenario: [a: {send: x}, a: {expect: \"1\"}, a: {expect: \"2\"}]").message.en,
		"At 'a': expected: \"1\" (1 bytes); came: \"one\" (3 bytes). First difference at byte 0.");
}
END_TEST

START_TEST(a_step_inside_repeat_is_found_by_its_number)
{
	add((struct event)EVENT(EV_STEP, A, .n = { 3, STEP_MISMATCH }, DATA("no")));
	ck_same_text(
		"verdict",
		judge("scenario: [{repeat: 2, steps: [a: {send: x}, {repeat: 2, steps: [a: {expect: ok}]}]}]")
			.message.fr,
		step_fr);
}
END_TEST

/* ---- limits ---- */

static const struct {
	int actor;
	const char *name, *fr, *en;
} limits[] = {
	{ S, "output", "« s » a écrit plus de 100 octets : boucle sans fin ?",
	  "'s' wrote more than 100 bytes: an endless loop?" },
	{ P, "received", "« p » a reçu plus de 100 octets : inondation.",
	  "'p' received more than 100 bytes: a flood." },
};

START_TEST(a_limit_is_named)
{
	add((struct event)EVENT(EV_LIMIT, limits[_i].actor, .text = limits[_i].name, .n = { 100 }));
	struct verdict v = judge("checks: [no-residue]");
	ck_same_text("verdict", v.message.fr, limits[_i].fr);
	ck_same_text("verdict", v.message.en, limits[_i].en);
}
END_TEST

/* ---- reports of memory errors, which a program may forge ---- */

static const struct {
	struct bytes report;
	const char *en;
} reports[] = {
	{ BYTES_LITERAL(
		  "ERROR: AddressSanitizer: SEGV on unknown address 0x0\n    #0 0x4 in main /work/a.c:3:5\n"),
	  "Memory error: SEGV (a.c:3:5)." },
	{ BYTES_LITERAL("ERROR: AddressSanitizer: stack-overflow on address 0x7\n"),
	  "Memory error: stack-overflow (?)." },
	{ BYTES_LITERAL("nothing of the kind"), "Memory error: ? (?)." },
	{ BYTES_LITERAL("AddressSanitizer: "), "Memory error: ? (?)." },
	{ BYTES_LITERAL("AddressSanitizer: x"), "Memory error: x (?)." },
	{ BYTES_LITERAL("AddressSanitizer: \x1b[31m on\n in f /work/\x1b]0;x\x07.c:1\n"),
	  "Memory error: \\x1b[31m (\\x1b]0;x\\x07.c:1)." },
	{ BYTES_LITERAL("AddressSanitizer: a\0b c /work/d\n"), "Memory error: a\\0b (d)." },
};

START_TEST(a_memory_error_is_named_with_its_place)
{
	add((struct event)EVENT(EV_SANITIZER, NOBODY, .text = "asan", .data = reports[_i].report));
	ck_same_text("verdict", judge("checks: [no-residue]").message.en, reports[_i].en);
}
END_TEST

/* ---- what failed steps say ---- */

static const struct {
	const char *what, *scenario;
	struct event events[5]; /* ends with END */
	const char *fr, *en;
} steps[] = {
	{ "a program asleep",
	  "a: {expect: ok}",
	  { STARTED, EVENT(EV_ASLEEP, S, .text = "recvfrom"), EVENT(EV_STEP, A, .n = { 0, STEP_NEVER }),
	    END },
	  "« a » n'a pas reçu de message. « s » dort dans recvfrom() et rien ne peut plus le réveiller.",
	  "'a' received no message. 's' sleeps in recvfrom() and nothing can wake it any more." },
	{ "a program that waits for a time",
	  "a: {expect: ok}",
	  { STARTED, EVENT(EV_ASLEEP, S, .text = "poll", .n = { 1 }),
	    EVENT(EV_STEP, A, .n = { 0, STEP_TIMEOUT, 2500000 }), END },
	  "« a » n'a pas reçu de message. Délai dépassé (2500 ms). « s » attend dans poll().",
	  "'a' received no message. Out of time (2500 ms). 's' waits in poll()." },
	{ "a program that ended",
	  "a: {expect: ok}",
	  { STARTED, OUTPUT(2, "bind: \"x\"\n"), ENDED(END_EXITED, 1),
	    EVENT(EV_STEP, A, .n = { 0, STEP_NEVER }), END },
	  "« a » n'a pas reçu de message. « s » s'est terminé avec le code 1 (stderr : « bind: \\\"x\\\" »).",
	  "'a' received no message. 's' ended with code 1 (stderr: \"bind: \\\"x\\\"\")." },
	{ "a program that ended afterwards",
	  "a: {expect: ok}",
	  { STARTED, EVENT(EV_STEP, A, .n = { 0, STEP_TIMEOUT, 1000 }), ENDED(END_EXITED, 1), END },
	  "« a » n'a pas reçu de message. Délai dépassé (1 ms). « s » tourne.",
	  "'a' received no message. Out of time (1 ms). 's' is running." },
	{ "a program that used up its time",
	  "s: {await: {exit: 0}}",
	  { STARTED, ENDED(END_SIGNALED, SIGXCPU), EVENT(EV_STEP, S, .n = { 0, STEP_MISMATCH }), END },
	  "« s » devait se terminer avec le code 0 ; il a été tué par le signal 24 (SIGXCPU) : a-t-il "
	  "dépassé sa limite de temps "
	  "de calcul ?.",
	  "'s' should have ended with code 0; it was killed by signal 24 (SIGXCPU): did it use up its "
	  "processor time?." },
	{ "another port",
	  "s: {await: {bound: \"udp:5000\"}}",
	  { STARTED, EVENT(EV_BOUND, S, .text = "udp 127.0.0.1:4444", .n = { 4444, 2 }),
	    EVENT(EV_STEP, S, .n = { 0, STEP_NEVER }), END },
	  "« s » n'écoute pas sur le port udp 5000. Il écoute sur udp 127.0.0.1:4444. « s » tourne.",
	  "'s' does not listen on port udp 5000. It listens on udp 127.0.0.1:4444. 's' is running." },
};

START_TEST(a_failed_step_says_where_the_programs_were)
{
	for (const struct event *e = steps[_i].events; e->kind != EV_END; e++)
		add(*e);
	struct verdict v = judge(arena_printf(&arena, "scenario: [%s]", steps[_i].scenario));
	ck_same_text(steps[_i].what, v.message.fr, steps[_i].fr);
	ck_same_text(steps[_i].what, v.message.en, steps[_i].en);
}
END_TEST

static TCase *case_of(Suite *suite, const char *name)
{
	TCase *t = tcase_create(name);
	suite_add_tcase(suite, t);
	tcase_add_checked_fixture(t, observation_start, observation_clean);
	return t;
}

int main(void)
{
	Suite *suite = suite_create("judge");
	TCase *t = case_of(suite, "order");
	tcase_add_loop_test(t, the_first_that_explains_the_rest_speaks, 0, 16);
	tcase_add_loop_test(t, the_same_observation_has_the_same_verdict_after_a_journey, 0, 16);
	tcase_add_test(t, the_first_check_that_does_not_hold_speaks);
	tcase_add_test(t, the_first_step_that_failed_speaks);
	tcase_add_test(t, a_step_inside_repeat_is_found_by_its_number);
	t = case_of(suite, "sentences");
	tcase_add_loop_test(t, a_limit_is_named, 0, (int)ARRAY_SIZE(limits));
	tcase_add_loop_test(t, a_memory_error_is_named_with_its_place, 0, (int)ARRAY_SIZE(reports));
	tcase_add_loop_test(t, a_failed_step_says_where_the_programs_were, 0, (int)ARRAY_SIZE(steps));
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

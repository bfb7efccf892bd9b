/*
 * Small cases, run as the grader runs them: parsed, played in a worker's box, journalled, judged. The student's programs are
 * tests/unit/helpers/student.c.
 */
#include "box_fixture.h"

#include "base/clock.h"
#include "cli/cli.h"
#include "judge/judge.h"
#include "model/journal.h"
#include "run/worker.h"
#include "spec/spec_load.h"

static struct arena arena;
static struct spec spec;
static struct observation observation;
static struct verdict verdict;
static struct pool *pool;

static void start(void)
{
	pool = pool_new(1, 100 * 1000000);
}

static void end(void)
{
	pool_free(pool);
	arena_done(&arena);
}

static const char head[] =
	"grader: 1\n"
	"id: t\n"
	"title: T\n"
	"programs: {student: {}}\n"
	"limits: {time: 20s, cpu: 10s, memory: 64MiB, processes: 40, files: 64, output: 64KiB, disk: 1MiB}\n"
	"rubric: {r: {points: 1, title: T, hint: H}}\n"
	"cases:\n"
	"- id: c\n"
	"  rubric: r\n";

/* The body stands in the case, without its indentation. */
static void parse(const char *body)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	struct problems problems = { .arena = &arena };
	struct fault f;
	buf_puts(&text, head);
	for (const char *line = body; *line != '\0';) {
		const char *newline = strchrnul(line, '\n');
		buf_printf(&text, "  %.*s\n", (int)(newline - line), line);
		line = *newline == '\0' ? newline : newline + 1;
	}
	int result = spec_parse(&arena, "case", buf_bytes(&text), &vocabulary, &problems, &spec, &f);
	ck_assert_msg(result == 0, "%s\n%s", problems.n > 0 ? problems.at[0].text : f.text, body);
}

static int run_case(void *job, int slot, struct buf *ret, struct fault *f)
{
	return worker_case(job, slot, ret, f);
}

/* False: a fault, in *f. */
static bool try_play(const char *program, struct fault *f)
{
	const char *paths[] = { program };
	struct case_order order = { .spec = &spec,
				    .c = &spec.cases[0],
				    .program_paths = paths,
				    .watch = judge_watch(&spec.cases[0]) };
	struct pool_result result;
	bool any;
	ck_assert_int_eq(pool_start(pool, 0, run_case, &order, f), 0);
	ck_assert_int_eq(pool_wait(pool, -1, -1, &result, &any, f), 0);
	if (!result.ok) {
		*f = result.fault;
		return false;
	}
	ck_assert_msg(journal_read(&arena, result.answer, &observation, f) == 0, "%s", f->text);
	judge_case(&arena, &spec.cases[0], &observation, &verdict);
	return true;
}

static void play(const char *body)
{
	struct fault f;
	parse(body);
	ck_assert_msg(try_play(helper_path, &f), "%s", f.text);
}

/* ---- the journal as text ---- */

static const char *name_of(int actor)
{
	return actor < 0 ? "-" : spec.cases[0].actors[actor].name;
}

static const char *outcome_word(int64_t outcome)
{
	static const char *const words[] = { "done", "mismatch", "never", "timeout", "impossible" };
	return words[outcome];
}

static bool is_first_process(const struct event *e)
{
	const struct event *s = journal_find(&observation, EV_START, e->actor, 0);
	return s != NULL && s->pid == e->pid;
}

/* What is known beforehand of an event: times and pids are not. */
static void add_event(struct buf *out, const struct event *e)
{
	static const char *const ends[] = { "exited", "signaled", "killed by us" };
	long long n[3] = { e->n[0], e->n[1], e->n[2] };
	const char *data = bytes_show(&arena, e->data, 40);
	buf_printf(out, "%s %s", name_of(e->actor), event_shape(e->kind)->name);
	switch (e->kind) {
	case EV_START:
	case EV_EXEC:
	case EV_USAGE:
	case EV_END:
		break;
	case EV_FORK:
		buf_printf(out, " %s", n[1] ? "thread" : "process");
		break;
	case EV_EXIT:
		buf_printf(out, " %s %s %lld", is_first_process(e) ? "first" : "child", ends[n[0]], n[1]);
		break;
	case EV_SIGNAL:
	case EV_ZOMBIES:
		buf_printf(out, " %lld", n[0]);
		break;
	case EV_CALL:
		buf_printf(out, " %s %lld port %lld", e->text, n[0], n[1]);
		break;
	case EV_BOUND:
		buf_printf(out, " %s port %lld", e->text, n[0]);
		break;
	case EV_OUTPUT:
		buf_printf(out, " %lld \"%s\"", n[0], data);
		break;
	case EV_SENT:
		buf_printf(out, " %lld \"%s\"", n[0], data);
		break;
	case EV_RECEIVED:
		buf_printf(out, " \"%s\"", data);
		break;
	case EV_STEP:
		buf_printf(out, " %lld %s%s%s", n[0], outcome_word(n[1]), e->data.len > 0 ? " " : "", data);
		break;
	case EV_ASLEEP:
		buf_printf(out, " %s%s", e->text, n[0] ? " for a time" : "");
		break;
	case EV_BUSY:
	case EV_IDLE:
		break;
	case EV_LIMIT:
	case EV_RESIDUE:
		buf_printf(out, " %s %lld", e->text, n[0]);
		break;
	case EV_SANITIZER:
		buf_printf(out, " %s", e->text);
		break;
	}
	buf_puts(out, "\n");
}

static bool wanted(const char *kinds, const struct event *e)
{
	const char *name = event_shape(e->kind)->name;
	size_t len = strlen(name);
	for (const char *at = kinds; (at = strstr(at, name)) != NULL; at += len)
		if ((at == kinds || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

/* Events of these kinds ("step sent"), a line each. */
static const char *events_text(const char *kinds)
{
	CLEANUP(buf_done) struct buf out = { 0 };
	for (size_t i = 0; i < observation.n; i++)
		if (wanted(kinds, &observation.events[i]))
			add_event(&out, &observation.events[i]);
	return arena_copy(&arena, out.at, out.len);
}

/* Every number before "ms" becomes #. */
static const char *without_times(const char *text)
{
	CLEANUP(buf_done) struct buf out = { 0 };
	while (*text != '\0') {
		size_t digits = strspn(text, "0123456789");
		if (digits > 0 && strncmp(text + digits, " ms", 3) == 0) {
			buf_puts(&out, "#");
			text += digits;
			continue;
		}
		size_t n = MAX(digits, (size_t)1);
		buf_add(&out, text, n);
		text += n;
	}
	return arena_copy(&arena, out.at, out.len);
}

/* ---- rows ---- */

struct row {
	const char *what, *body;
	const char *kinds, *events; /* kinds NULL: not compared */
	const char *fr, *en; /* NULL: it passes */
};

#define SERVER(mode) "actors: {s: {run: [student, " mode "]}, a: {udp-client: s}}\n"
#define PROGRAM(words) "actors: {s: {run: [student, " words "]}}\n"

static const struct row rows[] = {
	/* ---- await bound ---- */
	{ "a server binds", SERVER("echo") "scenario: [s: {await: {bound: udp}}]", "start step",
	  "s start\ns step 0 done\n", NULL, NULL },
	{ "a name is journalled", SERVER("echo") "scenario: [s: {await: {bound: udp}}]", "bound call",
	  "s call bind 0 port 4444\ns bound udp 0.0.0.0:4444 port 4444\n", NULL, NULL },
	{ "a server binds to the right port",
	  PROGRAM("echo, 5000") "scenario: [s: {await: {bound: \"udp:5000\"}}]", "step", "s step 0 done\n",
	  NULL, NULL },
	{ "a server binds to the wrong port",
	  PROGRAM("echo, 5000") "scenario: [s: {await: {bound: \"udp:4444\"}}]", "step asleep",
	  "s asleep recvfrom\ns step 0 never\n",
	  "« s » n'écoute pas sur le port udp 4444. Il écoute sur udp 0.0.0.0:5000. « s » dort dans "
	  "recvfrom() et rien ne peut "
	  "plus le réveiller.",
	  "'s' does not listen on port udp 4444. It listens on udp 0.0.0.0:5000. 's' sleeps in recvfrom() "
	  "and nothing can wake "
	  "it any more." },
	{ "a server forgets htons", PROGRAM("swapped") "scenario: [s: {await: {bound: \"udp:4444\"}}]",
	  "step", "s step 0 never\n",
	  "« s » n'écoute pas sur le port udp 4444. Il écoute sur udp 0.0.0.0:23569 : 23569 est 4444 à "
	  "l'envers, htons() manque. "
	  "« s » dort dans recvfrom() et rien ne peut plus le réveiller.",
	  "'s' does not listen on port udp 4444. It listens on udp 0.0.0.0:23569: 23569 is 4444 with its "
	  "bytes swapped, htons() "
	  "is missing. 's' sleeps in recvfrom() and nothing can wake it any more." },
	{ "a server never binds and sleeps", PROGRAM("waits") "scenario: [s: {await: {bound: udp}}]",
	  "step asleep", "s asleep pause\ns step 0 never\n",
	  "« s » n'a lié aucune socket udp à un port. « s » dort dans pause() et rien ne peut plus le "
	  "réveiller.",
	  "'s' has bound no udp socket to a port. 's' sleeps in pause() and nothing can wake it any more." },
	{ "a server ends instead", PROGRAM("ends, 3, \"bind: non\"") "scenario: [s: {await: {bound: udp}}]",
	  "step", "s step 0 never\n",
	  "« s » n'a lié aucune socket udp à un port. « s » s'est terminé avec le code 3 (stderr : « bind: "
	  "non »).",
	  "'s' has bound no udp socket to a port. 's' ended with code 3 (stderr: \"bind: non\")." },
	{ "a server crashes instead", PROGRAM("crashes") "scenario: [s: {await: {bound: udp}}]", "step exit",
	  "s exit first signaled 11\ns step 0 never\n",
	  "« s » n'a lié aucune socket udp à un port. « s » a été tué par le signal 11 (SIGSEGV).",
	  "'s' has bound no udp socket to a port. 's' was killed by signal 11 (SIGSEGV)." },
	{ "a server computes instead", PROGRAM("spins") "scenario: [s: {await: {bound: udp}, within: 200ms}]",
	  "step", "s step 0 timeout\n",
	  "« s » n'a lié aucune socket udp à un port. Délai dépassé (# ms). « s » tourne.",
	  "'s' has bound no udp socket to a port. Out of time (# ms). 's' is running." },
	{ "the time of the case is the last resort",
	  PROGRAM("naps") "limits: {time: 300ms}\nscenario: [s: {await: {bound: udp}}]", "step",
	  "s step 0 timeout\n", "« s » n'a lié aucune socket udp à un port. Délai dépassé (# ms). « s » …",
	  "'s' has bound no udp socket to a port. Out of time (# ms). 's' …" },

	/* ---- send and expect ---- */
	{ "an echo",
	  SERVER("echo") "scenario:\n- s: {await: {bound: udp}}\n- a: {send: \"bonjour\"}\n- a: {expect: "
			 "\"bonjour\"}\n",
	  "step sent received",
	  "s step 0 done\na sent 7 \"bonjour\"\na step 1 done\na received \"bonjour\"\na step 2 done\n", NULL,
	  NULL },
	{ "an empty datagram and one with NULs",
	  SERVER("echo") "scenario:\n- s: {await: {bound: udp}}\n- a: {send: \"\"}\n- a: {expect: \"\"}\n"
			 "- a: {send: {hex: \"00 ff 00\"}}\n- a: {expect: {hex: \"00 ff 00\"}}\n",
	  "sent received",
	  "a sent 0 \"\"\na received \"\"\na sent 3 \"\\0\\xff\\0\"\na received \"\\0\\xff\\0\"\n", NULL,
	  NULL },
	{ "patterns that hold",
	  SERVER("echo") "scenario:\n- s: {await: {bound: udp}}\n- repeat: 3\n  steps: [a: {send: \"abc\"}]\n"
			 "- a: {expect: {starts: \"ab\"}}\n- a: {expect: {length: 3}}\n- a: {expect: {any: "
			 "true}}\n",
	  "step", "s step 0 done\na step 3 done\na step 4 done\na step 5 done\n", NULL, NULL },
	{ "a NUL too many",
	  SERVER("echo-nul") "scenario:\n- s: {await: {bound: udp}}\n- a: {send: \"x\"}\n- a: {expect: "
			     "\"x\"}\n",
	  "step", "s step 0 done\na step 1 done\na step 2 mismatch x\\0\n",
	  "À « a » : attendu : « x » (1 octets) ; reçu : « x\\0 » (2 octets). Un octet nul de trop à la fin "
	  ": strlen(texte) + 1 a "
	  "été envoyé.",
	  "At 'a': expected: \"x\" (1 bytes); came: \"x\\0\" (2 bytes). One NUL too many at the end: "
	  "strlen(text) + 1 was sent." },
	{ "a beginning that does not hold",
	  SERVER("echo") "scenario:\n- s: {await: {bound: udp}}\n- a: {send: \"x\"}\n- a: {expect: {starts: "
			 "\"xy\"}}\n",
	  "step", "s step 0 done\na step 1 done\na step 2 mismatch x\n",
	  "À « a » : attendu : un message qui commence par « xy » ; reçu : « x » (1 octets).",
	  "At 'a': expected: a message that starts with \"xy\"; came: \"x\" (1 bytes)." },
	{ "a length that does not hold",
	  SERVER("echo") "scenario:\n- s: {await: {bound: udp}}\n- a: {send: \"x\"}\n- a: {expect: {length: "
			 "2}}\n",
	  NULL, NULL, "À « a » : attendu : un message de 2 octets ; reçu : « x » (1 octets).",
	  "At 'a': expected: a message of 2 bytes; came: \"x\" (1 bytes)." },
	{ "no answer comes",
	  SERVER("silent") "scenario:\n- s: {await: {bound: udp}}\n- a: {send: \"x\"}\n- a: {expect: "
			   "\"x\"}\n",
	  "step asleep", "s step 0 done\na step 1 done\ns asleep recvfrom\na step 2 never\n",
	  "« a » n'a pas reçu de message. « s » dort dans recvfrom() et rien ne peut plus le réveiller.",
	  "'a' received no message. 's' sleeps in recvfrom() and nothing can wake it any more." },
	{ "a client speaks to a program without a socket",
	  SERVER("waits") "scenario: [s: {await: asleep}, a: {send: \"x\"}]", "step sent",
	  "s step 0 done\na step 1 impossible\n",
	  "« a » n'a pas pu envoyer : personne à qui parler. « s » dort dans pause() et rien ne peut plus le "
	  "réveiller.",
	  "'a' could not send: nobody to speak to. 's' sleeps in pause() and nothing can wake it any more." },
	{ "a client speaks at another address",
	  "actors: {s: {run: [student, echo]}, a: {udp-client: s, via: 1.2.3.4, from: \"127.0.0.1:9\"}}\n"
	  "scenario:\n- s: {await: {bound: udp}}\n- a: {send: \"x\"}\n- a: {expect: \"x\"}\n",
	  "step", "s step 0 done\na step 1 done\na step 2 done\n", NULL, NULL },
	{ "a server has nobody to answer",
	  "actors: {s: {run: [student, waits]}, p: {udp-server: \"127.0.0.1:9\"}}\n"
	  "scenario: [s: {await: asleep}, p: {send: \"x\"}]",
	  "step", "s step 0 done\np step 1 impossible\n",
	  "« p » n'a pas pu envoyer : personne à qui parler. « s » dort dans pause() et rien ne peut plus le "
	  "réveiller.",
	  "'p' could not send: nobody to speak to. 's' sleeps in pause() and nothing can wake it any more." },
	{ "a datagram larger than any",
	  SERVER("echo") "scenario:\n- s: {await: {bound: udp}}\n- s: {await: asleep}\n"
			 "- a: {send: {repeat: \"x\", times: 65508}}\n",
	  "step", "s step 0 done\ns step 1 done\na step 2 impossible\n",
	  "« a » n'a pas pu envoyer : personne à qui parler. « s » dort dans recvfrom() et rien ne peut plus "
	  "le réveiller.",
	  "'a' could not send: nobody to speak to. 's' sleeps in recvfrom() and nothing can wake it any "
	  "more." },
	{ "a client asks and a server answers",
	  "actors: {p: {udp-server: \"127.0.0.1:5000\"}, c: {run: [student, asks, \"5000\", question, "
	  "\"5\"]}}\n"
	  "scenario:\n- p: {expect: question}\n- p: {send: answer}\n- c: {await: {exit: 0}}\n"
	  "checks:\n- {output: c, lines: [\"Recu : answer\"]}\n",
	  "step sent received exit",
	  "p received \"question\"\np step 0 done\np sent 6 \"answer\"\np step 1 done\nc exit first exited "
	  "0\n"
	  "c step 2 done\n",
	  NULL, NULL },
	{ "a stranger answers first",
	  "actors: {p: {udp-server: \"127.0.0.1:5000\"}, i: {udp-server: \"1.2.3.4:0\"}, "
	  "c: {run: [student, asks, \"5000\", question, \"5\"]}}\n"
	  "scenario:\n- p: {expect: question}\n- i: {send: stranger, to: c}\n- c: {await: {exit: 0}}\n"
	  "checks:\n- {output: c, lines: [\"Recu : stranger\"]}\n",
	  "step", "p step 0 done\ni step 1 done\nc step 2 done\n", NULL, NULL },

	/* ---- expect-nothing ---- */
	{ "nothing more comes",
	  SERVER("echo") "scenario:\n- s: {await: {bound: udp}}\n- a: {send: \"x\"}\n- a: {expect: \"x\"}\n"
			 "- a: expect-nothing\n",
	  "step", "s step 0 done\na step 1 done\na step 2 done\na step 3 done\n", NULL, NULL },
	{ "something more comes",
	  SERVER("echo-twice") "scenario:\n- s: {await: {bound: udp}}\n- a: {send: \"x\"}\n- a: {expect: "
			       "\"x\"}\n"
			       "- a: expect-nothing\n",
	  "step", "s step 0 done\na step 1 done\na step 2 done\na step 3 mismatch x\n",
	  "« a » ne devait plus rien recevoir ; reçu : « x » (1 octets).",
	  "'a' should have received nothing more; came: \"x\" (1 bytes)." },
	{ "nothing comes from one that never rests",
	  "limits: {time: 1s}\nactors: {s: {run: [student, naps]}, p: {udp-server: \"127.0.0.1:9\"}}\n"
	  "scenario: [p: {expect-nothing: , for: 50ms}]",
	  "step", "p step 0 done\n", NULL, NULL },

	/* ---- await exit ---- */
	{ "a program ends", PROGRAM("ends, 0") "scenario: [s: {await: {exit: 0}}]", "exit step",
	  "s exit first exited 0\ns step 0 done\n", NULL, NULL },
	{ "a program ends somehow", PROGRAM("ends, 9") "scenario: [s: {await: exit}]", "exit step",
	  "s exit first exited 9\ns step 0 done\n", NULL, NULL },
	{ "a program ends with the wrong code", PROGRAM("ends, 9, oops") "scenario: [s: {await: {exit: 0}}]",
	  "exit step", "s exit first exited 9\ns step 0 mismatch\n",
	  "« s » devait se terminer avec le code 0 ; il s'est terminé avec le code 9. (stderr : « oops »)",
	  "'s' should have ended with code 0; it ended with code 9. (stderr: \"oops\")" },
	{ "a program does not end", PROGRAM("waits") "scenario: [s: {await: exit}]", "exit step",
	  "s step 0 never\ns exit first killed by us 9\n",
	  "« s » devait se terminer. « s » dort dans pause() et rien ne peut plus le réveiller.",
	  "'s' should have ended. 's' sleeps in pause() and nothing can wake it any more." },

	/* ---- signal ---- */
	{ "a signal that ends",
	  PROGRAM("hears") "scenario:\n- s: {await: {bound: udp}}\n- s: {signal: TERM}\n- s: {await: {exit: "
			   "5}}\n",
	  "step signal exit",
	  "s step 0 done\ns step 1 done\ns signal 15\ns exit first exited 5\ns step 2 done\n", NULL, NULL },
	{ "a signal that is handled",
	  PROGRAM("hears") "scenario:\n- s: {await: {bound: udp}}\n- s: {await: asleep}\n- s: {signal: "
			   "USR1}\n- s: {await: asleep}\n"
			   "- s: {signal: KILL}\n- s: {await: exit}\nchecks:\n- {output: s, lines: [signal "
			   "10]}\n",
	  "output exit", "s output 1 \"signal 10\\n\"\ns exit first signaled 9\n", NULL, NULL },
	{ "a signal that comes too late",
	  PROGRAM("ends, 0") "scenario:\n- s: {await: exit}\n- s: {signal: TERM}\n", "step",
	  "s step 0 done\ns step 1 impossible\n",
	  "« s » n'était plus là pour recevoir un signal. « s » s'est terminé avec le code 0.",
	  "'s' was not there any more to get a signal. 's' ended with code 0." },
	{ "a program that is stopped and continued",
	  PROGRAM("hears") "scenario:\n- s: {await: {bound: udp}}\n- s: {await: asleep}\n- s: {signal: "
			   "STOP}\n- s: {signal: TERM}\n"
			   "- s: {signal: CONT}\n- s: {await: {exit: 5}}\n",
	  "exit", "s exit first exited 5\n", NULL, NULL },

	/* ---- asleep, idle ---- */
	{ "a program that sleeps", PROGRAM("silent") "scenario: [s: {await: asleep}]", "step",
	  "s step 0 done\n", NULL, NULL },
	{ "a program that has ended does not sleep", PROGRAM("ends, 0") "scenario: [s: {await: asleep}]",
	  "step", "s step 0 never\n", "« s » devait attendre, endormi. « s » s'est terminé avec le code 0.",
	  "'s' should have been waiting, asleep. 's' ended with code 0." },
	{ "a program that computes does not sleep",
	  PROGRAM("spins") "scenario: [s: {await: asleep, within: 100ms}]", "step", "s step 0 timeout\n",
	  "« s » devait attendre, endormi. Délai dépassé (# ms). « s » tourne.",
	  "'s' should have been waiting, asleep. Out of time (# ms). 's' is running." },
	{ "a program that sleeps is idle", PROGRAM("silent") "scenario: [s: {await: idle}]", "step idle busy",
	  "s idle\ns step 0 done\n", NULL, NULL },
	{ "a program that wakes now and then is idle",
	  PROGRAM("naps") "scenario: [s: {await: {idle: , cpu: 1s, watch: 100ms}}]", "step idle busy",
	  "s idle\ns step 0 done\n", NULL, NULL },
	{ "a program that computes is busy", PROGRAM("spins") "scenario: [s: {await: {idle: , cpu: 50ms}}]",
	  "step idle busy", "s busy\ns step 0 mismatch\n",
	  "« s » n'a rien à faire et consomme pourtant du processeur : # ms de calcul en # ms. Attente "
	  "active au lieu d'un appel "
	  "bloquant ?",
	  "'s' has nothing to do and uses the processor all the same: # ms of it in # ms. Busy waiting "
	  "instead of a blocking "
	  "call?" },
	{ "a program that has ended is not idle",
	  PROGRAM("ends, 0") "scenario: [s: {await: exit}, s: {await: idle}]", "step",
	  "s step 0 done\ns step 1 never\n",
	  "« s » devait attendre sans consommer de processeur. « s » s'est terminé avec le code 0.",
	  "'s' should have been waiting without using the processor. 's' ended with code 0." },

	/* ---- close, repeat, delay, start ---- */
	{ "a peer that is closed says nothing more",
	  SERVER("echo") "scenario:\n- s: {await: {bound: udp}}\n- s: {await: asleep}\n- a: close\n- a: "
			 "close\n"
			 "- a: {send: \"x\"}\n",
	  "step", "s step 0 done\ns step 1 done\na step 2 done\na step 3 done\na step 4 impossible\n",
	  "« a » n'a pas pu envoyer : personne à qui parler. « s » dort dans recvfrom() et rien ne peut plus "
	  "le réveiller.",
	  "'a' could not send: nobody to speak to. 's' sleeps in recvfrom() and nothing can wake it any "
	  "more." },
	{ "steps are repeated",
	  SERVER("echo") "scenario:\n- s: {await: {bound: udp}}\n- repeat: 2\n  steps:\n  - a: {send: "
			 "\"x\"}\n  - repeat: 2\n"
			 "    steps: [a: {send: \"y\"}]\n- repeat: 6\n  steps: [a: {expect: {any: true}}]\n",
	  "sent step",
	  "s step 0 done\na sent 1 \"x\"\na sent 1 \"y\"\na sent 1 \"y\"\na sent 1 \"x\"\na sent 1 \"y\"\n"
	  "a sent 1 \"y\"\n",
	  NULL, NULL },
	{ "a repeated step that fails is noted",
	  SERVER("echo") "scenario:\n- s: {await: {bound: udp}}\n- repeat: 5\n  steps:\n  - a: {send: "
			 "\"x\"}\n"
			 "  - a: {expect: \"y\"}\n",
	  "sent step", "s step 0 done\na sent 1 \"x\"\na step 3 mismatch x\n",
	  "À « a » : attendu : « y » (1 octets) ; reçu : « x » (1 octets). Première différence à l'octet 0.",
	  "At 'a': expected: \"y\" (1 bytes); came: \"x\" (1 bytes). First difference at byte 0." },
	{ "a pause passes", PROGRAM("waits") "scenario: [{delay: 20ms}]", "step", "- step 0 done\n", NULL,
	  NULL },
	{ "a program starts when it is told to",
	  "actors: {s: {run: [student, echo]}, t: {run: [student, ends, 0]}}\n"
	  "scenario:\n- t: {await: exit}\n- s: start\n- s: {await: {bound: udp}}\n",
	  "start step", "t start\nt step 0 done\ns start\ns step 1 done\ns step 2 done\n", NULL, NULL },
	{ "two programs, and a peer for each",
	  "actors:\n  s: {run: [student, echo, \"5000\"]}\n  t: {run: [student, echo-nul, \"5001\"]}\n"
	  "  a: {udp-client: s}\n  b: {udp-client: t}\n"
	  "scenario:\n- s: {await: {bound: udp}}\n- t: {await: {bound: udp}}\n- a: {send: \"x\"}\n- b: "
	  "{send: \"y\"}\n"
	  "- b: {expect: {hex: \"79 00\"}}\n- a: {expect: \"x\"}\n",
	  "start", "s start\nt start\n", NULL, NULL },

	/* ---- every ---- */
	{ "a peer says it again and again until all is said",
	  "actors: {s: {run: [student, counts, 5]}, a: {udp-client: s}}\n"
	  "scenario:\n- s: {await: {bound: udp}}\n- a: {send: \"x\", every: 10ms}\n- s: {await: {exit: 0}}\n",
	  "step exit", "s step 0 done\na step 1 done\ns exit first exited 0\ns step 2 done\n", NULL, NULL },

	/* ---- limits ---- */
	{ "too much output", PROGRAM("floods, 1") "scenario: [s: {await: exit}]", "limit step",
	  "s limit output 65536\ns step 0 never\n", "« s » a écrit plus de 65536 octets : boucle sans fin ?",
	  "'s' wrote more than 65536 bytes: an endless loop?" },
	{ "too much on stderr", PROGRAM("floods, 2") "scenario: [s: {await: exit}]", "limit",
	  "s limit output 65536\n", "« s » a écrit plus de 65536 octets : boucle sans fin ?",
	  "'s' wrote more than 65536 bytes: an endless loop?" },
	{ "too much in a file",
	  "actors: {s: {run: [student, floods, 1], stdout: file}}\nscenario: [s: {await: exit}]",
	  "limit exit", "s exit first signaled 25\ns limit output 65536\n",
	  "« s » a écrit plus de 65536 octets : boucle sans fin ?",
	  "'s' wrote more than 65536 bytes: an endless loop?" },
	{ "too much for a peer",
	  "actors: {p: {udp-server: \"127.0.0.1:5000\"}, s: {run: [student, floods-peer, 5000]}}\nscenario: "
	  "[s: {await: exit}]",
	  "limit", "p limit received 65536\n", "« p » a reçu plus de 65536 octets : inondation.",
	  "'p' received more than 65536 bytes: a flood." },
	{ "too much processor time", PROGRAM("spins") "limits: {cpu: 1s}\nscenario: [s: {await: {exit: 0}}]",
	  "exit", "s exit first signaled 24\n",
	  "« s » devait se terminer avec le code 0 ; il a été tué par le signal 24 (SIGXCPU) : a-t-il "
	  "dépassé sa limite de temps "
	  "de calcul ?.",
	  "'s' should have ended with code 0; it was killed by signal 24 (SIGXCPU): did it use up its "
	  "processor time?." },
	{ "no more descriptors than said",
	  PROGRAM("descriptors") "limits: {files: 20}\nscenario: [s: {await: exit}]\nchecks: [{output: s, "
				 "lines: [\"17\"]}]",
	  NULL, NULL, NULL, NULL },

	/* ---- what is left ---- */
	{ "zombies",
	  "actors: {s: {run: [student, zombies, 3]}}\nscenario: [s: {await: {bound: udp}}, s: {await: "
	  "asleep}]\n"
	  "checks: [no-zombies: s]",
	  "zombies", "s zombies 3\n", "« s » a 3 fils zombies : chaque fork() réussi doit avoir son wait().",
	  "'s' has 3 zombie children: each fork() needs its wait()." },
	{ "a process left behind",
	  PROGRAM("leaves-process") "scenario: [s: {await: exit}]\nchecks: [no-residue: {}]", "residue",
	  "s residue process 1\n", "« s » s'est terminé en laissant 1 processus derrière lui.",
	  "'s' ended and left 1 processes behind." },
	{ "things left behind",
	  PROGRAM("leaves-things") "scenario: [s: {await: exit}]\nchecks: [no-residue: {}]", "residue",
	  "- residue /dev/shm/segment 1\n- residue /tmp/file 1\n- residue sysv msg 2\n",
	  "Laissé derrière : /dev/shm/segment (1).", "Left behind: /dev/shm/segment (1)." },
	{ "nothing left behind",
	  PROGRAM("ends, 0") "scenario: [s: {await: exit}]\nchecks: [no-residue: {}, no-zombies: s]",
	  "residue zombies", "", NULL, NULL },
	{ "a memory error", PROGRAM("memory-error") "scenario: [s: {await: {exit: 0}}]", "sanitizer",
	  "- sanitizer asan\n", "Erreur de mémoire : stack-buffer-overflow (a.c:57).",
	  "Memory error: stack-buffer-overflow (a.c:57)." },
	{ "a family", PROGRAM("family") "scenario: [s: {await: {exit: 0}}]", "fork exit",
	  "s fork process\ns exit child exited 4\ns fork thread\ns exit first exited 0\n", NULL, NULL },

	/* ---- how a program is started ---- */
	{ "on a terminal",
	  PROGRAM("tells, x") "scenario: [s: {await: exit}]\nchecks: [{output: s, lines: [terminal 0 x -]}, "
			      "complains: s]",
	  NULL, NULL, NULL, NULL },
	{ "without an input, with a variable",
	  "actors: {s: {run: [student, tells, x], stdin: \"null\", env: [GREETING=hello]}}\nscenario: [s: "
	  "{await: exit}]\n"
	  "checks: [{output: s, lines: [none 0 x hello]}]",
	  NULL, NULL, NULL, NULL },
	{ "with nothing open",
	  "actors: {s: {run: [student, tells, x], stdin: closed, stdout: pipe, stderr: closed}}\n"
	  "scenario: [s: {await: exit}]\nchecks: [{output: s, lines: [none -1 x -]}]",
	  NULL, NULL, NULL, NULL },
	{ "into files",
	  "actors: {s: {run: [student, tells, x], stdout: file, stderr: file}}\nscenario: [s: {await: "
	  "exit}]\n"
	  "checks: [{output: s, lines: [terminal 0 x -]}, complains: s]",
	  "output", "s output 1 \"terminal 0 x -\\n\"\ns output 2 \"to stderr\\n\"\n", NULL, NULL },
	{ "a program of the box",
	  "actors: {s: {run: [/bin/echo, one, two]}}\nscenario: [s: {await: {exit: 0}}]", "output exit", NULL,
	  NULL, NULL },

	/* ---- hurried ---- */
	{ "three seconds of silence, hurried",
	  "hurry: 20\nactors: {p: {udp-server: \"127.0.0.1:5000\"}, c: {run: [student, asks, \"5000\", "
	  "question, \"3\"]}}\n"
	  "scenario:\n- p: {expect: question}\n- c: {await: {exit: 1}, within: 5s}\nchecks: [complains: c]\n",
	  "step exit", "p step 0 done\nc exit first exited 1\nc step 1 done\n", NULL, NULL },
	{ "six seconds of silence are too long, hurried or not",
	  "hurry: 20\nactors: {p: {udp-server: \"127.0.0.1:5000\"}, c: {run: [student, asks, \"5000\", "
	  "question, \"6\"]}}\n"
	  "scenario:\n- p: {expect: question}\n- c: {await: {exit: 1}, within: 4s}\n",
	  "step", "p step 0 done\nc step 1 timeout\n",
	  "« c » devait se terminer. Délai dépassé (# ms). « c » …",
	  "'c' should have ended. Out of time (# ms). 'c' …" },
};

/* An expected text that ends in … is the beginning of what is said. */
static bool says(const char *said, const char *expected)
{
	size_t len = strlen(expected);
	size_t rest = strlen("…");
	if (len >= rest && strcmp(expected + len - rest, "…") == 0)
		return strncmp(said, expected, len - rest) == 0;
	return strcmp(said, expected) == 0;
}

static void ck_verdict(const struct row *r)
{
	const char *fr = r->fr == NULL ? "Correct." : r->fr;
	const char *en = r->en == NULL ? "Right." : r->en;
	ck_assert_msg(says(without_times(verdict.message.fr), fr), "%s:\nexpected %s\nfound    %s", r->what,
		      fr, verdict.message.fr);
	ck_assert_msg(says(without_times(verdict.message.en), en), "%s:\nexpected %s\nfound    %s", r->what,
		      en, verdict.message.en);
	ck_assert_int_eq(verdict.outcome, r->fr == NULL ? OUTCOME_PASS : OUTCOME_FAIL);
}

START_TEST(a_case_is_played_and_judged)
{
	const struct row *r = &rows[_i];
	int64_t began = clock_now_us();
	play(r->body);
	if (r->kinds != NULL && r->events != NULL) {
		const char *found = events_text(r->kinds);
		ck_assert_msg(strcmp(found, r->events) == 0, "%s:\nexpected\n%sfound\n%.1500sverdict: %s",
			      r->what, r->events, found, verdict.message.en);
	}
	ck_verdict(r);
	/* no case here ends because its time, 20 s, is out: what cannot come fails at once */
	ck_assert_int_lt(clock_now_us() - began, 15000000);
}
END_TEST

START_TEST(a_journal_is_whole_and_in_the_order_of_time)
{
	play(SERVER(
		"echo") "scenario:\n- s: {await: {bound: udp}}\n- a: {send: \"x\"}\n- a: {expect: \"x\"}\n");
	ck_assert_int_eq(observation.events[observation.n - 1].kind, EV_END);
	for (size_t i = 1; i < observation.n; i++)
		ck_assert_int_ge(observation.events[i].at_ns, observation.events[i - 1].at_ns);
	ck_assert_ptr_nonnull(journal_find(&observation, EV_USAGE, 0, 0));
	ck_assert_ptr_nonnull(journal_find(&observation, EV_EXEC, 0, 0));
	const struct event *last = journal_find(&observation, EV_EXIT, 0, 0);
	ck_assert_int_eq(last->n[0], END_KILLED_BY_GRADER);
	ck_assert_int_gt(observation.wall_us, 0);
}
END_TEST

START_TEST(a_server_that_never_binds_fails_at_once)
{
	play("limits: {time: 600s}\n" PROGRAM("waits") "scenario: [s: {await: {bound: udp}}]");
	const struct event *e = journal_find(&observation, EV_STEP, 0, 0);
	ck_assert_int_eq(e->n[1], STEP_NEVER);
	ck_assert_int_lt(e->n[2], 5000000);
}
END_TEST

START_TEST(pids_are_those_the_program_sees)
{
	int own;
	int child;
	play(PROGRAM("family") "scenario: [s: {await: exit}]");
	struct bytes said = journal_output(&observation, &arena, 0, 1);
	ck_assert_int_eq(sscanf(arena_copy(&arena, said.at, said.len), "%d %d", &own, &child), 2);
	ck_assert_int_eq(journal_find(&observation, EV_START, 0, 0)->pid, own);
	ck_assert_int_eq(journal_find(&observation, EV_FORK, 0, 0)->pid, own);
	ck_assert_int_eq(journal_find(&observation, EV_FORK, 0, 0)->n[0], child);
	ck_assert_int_eq(journal_find(&observation, EV_EXIT, 0, 0)->pid, child);
}
END_TEST

START_TEST(a_flood_is_kept_up_to_its_limit)
{
	play(PROGRAM("floods, 1") "scenario: [s: {await: exit}]");
	ck_assert_uint_eq(journal_output(&observation, &arena, 0, 1).len, 65536);
}
END_TEST

START_TEST(a_peer_that_speaks_again_keeps_its_pace)
{
	play("actors: {s: {run: [student, counts, 5]}, a: {udp-client: s}}\n"
	     "scenario:\n- s: {await: {bound: udp}}\n- a: {send: \"x\", every: 20ms}\n- s: {await: {exit: "
	     "0}}\n");
	int64_t before = 0;
	int n = 0;
	for (size_t i = 0; i < observation.n; i++) {
		const struct event *e = &observation.events[i];
		if (e->kind != EV_SENT)
			continue;
		if (n > 0)
			ck_assert_int_ge(e->at_ns - before, 19000000);
		before = e->at_ns;
		n++;
	}
	ck_assert_int_ge(n, 5);
}
END_TEST

START_TEST(a_pause_is_not_shorter_than_said)
{
	play(PROGRAM("waits") "scenario: [{delay: 50ms}]");
	ck_assert_int_ge(journal_find(&observation, EV_STEP, -1, 0)->n[2], 50000);
}
END_TEST

START_TEST(a_hurried_case_takes_less_time_than_it_tells)
{
	play("hurry: 20\nactors: {p: {udp-server: \"127.0.0.1:5000\"}, c: {run: [student, asks, \"5000\", "
	     "question, \"5\"]}}\n"
	     "scenario:\n- p: {expect: question}\n- c: {await: {exit: 1}}\n");
	ck_assert_int_eq(verdict.outcome, OUTCOME_PASS);
	const struct event *e = journal_find(&observation, EV_STEP, 1, 0);
	ck_assert_int_ge(e->n[2], 4500000);
	ck_assert_int_lt(observation.wall_us, 4500000);
}
END_TEST

/* What a Makefile made need not be a program. */
START_TEST(a_product_that_is_no_program_ends_with_127)
{
	char path[300];
	struct fault f;
	(void)snprintf(path, sizeof path, "%s/no-program", helper_folder);
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	(void)fputs("not a program\n", file);
	(void)fclose(file);
	parse(PROGRAM("x") "scenario: [s: {await: {exit: 0}}]");
	ck_assert_msg(try_play(path, &f), "%s", f.text);
	ck_assert_int_eq(verdict.outcome, OUTCOME_FAIL);
	ck_assert_str_eq(events_text("exit"), "s exit first exited 127\n");
}
END_TEST

START_TEST(a_missing_product_is_a_fault)
{
	struct fault f;
	parse(PROGRAM("x") "scenario: [s: {await: exit}]");
	ck_assert(!try_play("/nowhere/at/all", &f));
	ck_assert_int_eq(f.kind, FAULT_SYSTEM);
}
END_TEST

START_TEST(an_address_taken_by_another_peer_is_a_fault)
{
	struct fault f;
	parse("actors: {s: {run: [student, waits]}, p: {udp-server: \"127.0.0.1:5000\"}, q: {udp-server: "
	      "\"127.0.0.1:5000\"}}\n"
	      "scenario: [s: {await: asleep}]");
	ck_assert(!try_play(helper_path, &f));
	ck_assert_str_eq(f.text, "actor 'q': udp bind: Address already in use");
}
END_TEST

START_TEST(the_same_case_has_the_same_journal)
{
	static const char body[] =
		SERVER("echo") "scenario:\n- s: {await: {bound: udp}}\n- repeat: 20\n  steps:\n"
			       "  - a: {send: \"x\"}\n  - a: {expect: \"x\"}\n- a: expect-nothing\n";
	static const char kinds[] = "start exec bound sent received step exit residue zombies";
	play(body);
	const char *first = events_text(kinds);
	for (int i = 0; i < 5; i++) {
		play(body);
		ck_assert_str_eq(events_text(kinds), first);
	}
}
END_TEST

static Suite *stage_suite(void)
{
	Suite *suite = suite_create("stage");
	TCase *t = tcase_create("cases");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, start, end);
	suite_add_tcase(suite, t);
	tcase_add_loop_test(t, a_case_is_played_and_judged, 0, (int)ARRAY_SIZE(rows));
	tcase_add_test(t, a_journal_is_whole_and_in_the_order_of_time);
	tcase_add_test(t, a_server_that_never_binds_fails_at_once);
	tcase_add_test(t, pids_are_those_the_program_sees);
	tcase_add_test(t, a_flood_is_kept_up_to_its_limit);
	tcase_add_test(t, a_peer_that_speaks_again_keeps_its_pace);
	tcase_add_test(t, a_pause_is_not_shorter_than_said);
	tcase_add_test(t, a_hurried_case_takes_less_time_than_it_tells);
	tcase_add_test(t, a_product_that_is_no_program_ends_with_127);
	tcase_add_test(t, a_missing_product_is_a_fault);
	tcase_add_test(t, an_address_taken_by_another_peer_is_a_fault);
	tcase_add_test(t, the_same_case_has_the_same_journal);
	return suite;
}

int main(void)
{
	int status = box_must_be_possible();
	if (status != 0)
		return status;
	if (!helper_compile("student"))
		return EXIT_FAILURE;
	SRunner *runner = srunner_create(stage_suite());
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	helper_clean();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

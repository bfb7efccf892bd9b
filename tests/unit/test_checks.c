/* Each kind of check, holding and not holding, on observations made by hand; and what it says then, in both languages. */
#include "observation_fixture.h"

#include "checks/checks.h"
#include "sandbox/box/filter.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>

enum { EVENTS_MOST = 8 };

struct row {
	const char *what, *check; /* as in a spec */
	struct event events[EVENTS_MOST]; /* ends with END */
	const char *fr, *en; /* NULL: it holds */
};

static const struct row rows[] = {
	/* ---- exit ---- */
	{ "ended with 0", "{exit: s}", { STARTED, ENDED(END_EXITED, 0), END }, NULL, NULL },
	{ "ended with the code asked for",
	  "{exit: s, code: 2}",
	  { STARTED, ENDED(END_EXITED, 2), END },
	  NULL,
	  NULL },
	{ "ended with another code",
	  "{exit: s}",
	  { STARTED, ENDED(END_EXITED, 1), END },
	  "« s » devait se terminer avec le code 0 ; il s'est terminé avec le code 1.",
	  "'s' should have ended with code 0; it ended with code 1." },
	{ "and said why",
	  "{exit: s}",
	  { STARTED, OUTPUT(2, "bind: Address"), OUTPUT(2, " already in use\nmore\n"), ENDED(END_EXITED, 1),
	    END },
	  "« s » devait se terminer avec le code 0 ; il s'est terminé avec le code 1. (stderr : « bind: "
	  "Address already in use »)",
	  "'s' should have ended with code 0; it ended with code 1. (stderr: \"bind: Address already in "
	  "use\")" },
	{ "killed by a signal",
	  "{exit: s}",
	  { STARTED, ENDED(END_SIGNALED, SIGSEGV), END },
	  "« s » devait se terminer avec le code 0 ; il a été tué par le signal 11 (SIGSEGV).",
	  "'s' should have ended with code 0; it was killed by signal 11 (SIGSEGV)." },
	{ "a signal is no code",
	  "{exit: s, code: 11}",
	  { STARTED, ENDED(END_SIGNALED, 11), END },
	  "« s » devait se terminer avec le code 11 ; il a été tué par le signal 11 (SIGSEGV).",
	  "'s' should have ended with code 11; it was killed by signal 11 (SIGSEGV)." },
	{ "still running",
	  "{exit: s}",
	  { STARTED, ENDED(END_KILLED_BY_GRADER, SIGKILL), END },
	  "« s » devait se terminer avec le code 0 ; il tournait encore.",
	  "'s' should have ended with code 0; it was still running." },
	{ "never started",
	  "{exit: s}",
	  { END },
	  "« s » devait se terminer avec le code 0 ; il tournait encore.",
	  "'s' should have ended with code 0; it was still running." },
	{ "a child's end is not its own",
	  "{exit: s}",
	  { STARTED, EVENT(EV_EXIT, S, .pid = 4, .n = { END_EXITED, 7 }), ENDED(END_EXITED, 0), END },
	  NULL,
	  NULL },
	{ "another actor's end is not its own",
	  "{exit: s, code: 5}",
	  { EVENT(EV_START, A, .pid = 3), EVENT(EV_EXIT, A, .pid = 3, .n = { END_EXITED, 4 }), STARTED,
	    ENDED(END_EXITED, 5), END },
	  NULL,
	  NULL },

	/* ---- output ---- */
	{ "the line", "{output: s, lines: [\"Recu : ok\"]}", { OUTPUT(1, "Recu : ok\n"), END }, NULL, NULL },
	{ "in pieces",
	  "{output: s, lines: [\"Recu : ok\"]}",
	  { OUTPUT(1, "Re"), OUTPUT(2, "x"), OUTPUT(1, "cu : ok"), END },
	  NULL,
	  NULL },
	{ "in other letters",
	  "{output: s, lines: [\"Reçu : OK\"]}",
	  { OUTPUT(1, "# debug\n\n  recu :\t ok \r\n"), END },
	  NULL,
	  NULL },
	{ "nothing asked, nothing said", "{output: s, lines: []}", { OUTPUT(2, "x"), END }, NULL, NULL },
	{ "a text of parts",
	  "{output: s, text: [\"Recu : \", {repeat: z, times: 5}]}",
	  { OUTPUT(1, "recu : zzzzz\n"), END },
	  NULL,
	  NULL },
	{ "nothing said",
	  "{output: s, lines: [un, deux]}",
	  { OUTPUT(2, "un\ndeux\n"), END },
	  "« s » n'a rien affiché sur sa sortie standard ; attendu : « un\\ndeux\\n ».",
	  "'s' printed nothing on its standard output; expected: \"un\\ndeux\\n\"." },
	{ "another line",
	  "{output: s, lines: [un, deux, trois]}",
	  { OUTPUT(1, "Un\nDix\ntrois\n"), END },
	  "Sortie de « s », ligne 2 : attendu « deux », reçu « dix ».",
	  "Output of 's', line 2: expected \"deux\", came \"dix\"." },
	{ "a line too many",
	  "{output: s, lines: [un]}",
	  { OUTPUT(1, "un\ndeux\n"), END },
	  "Sortie de « s », ligne 2 : attendu «  », reçu « deux ».",
	  "Output of 's', line 2: expected \"\", came \"deux\"." },
	{ "a line missing",
	  "{output: s, lines: [un, deux]}",
	  { OUTPUT(1, "un\n"), END },
	  "Sortie de « s », ligne 2 : attendu « deux », reçu «  ».",
	  "Output of 's', line 2: expected \"deux\", came \"\"." },
	{ "something where nothing was asked",
	  "{output: s, lines: []}",
	  { OUTPUT(1, "un\n"), END },
	  "Sortie de « s », ligne 1 : attendu «  », reçu « un ».",
	  "Output of 's', line 1: expected \"\", came \"un\"." },
	{ "a NUL is seen",
	  "{output: s, lines: [ok]}",
	  { OUTPUT(1, "ok\0\n"), END },
	  "Sortie de « s », ligne 1 : attendu « ok », reçu « ok\ufffd ».",
	  "Output of 's', line 1: expected \"ok\", came \"ok\ufffd\"." },
	{ "what could turn the line around is escaped",
	  "{output: s, lines: [ok]}",
	  { OUTPUT(1, "\x1b[31mok\n"), END },
	  "Sortie de « s », ligne 1 : attendu « ok », reçu « \\x1b[31mok ».",
	  "Output of 's', line 1: expected \"ok\", came \"\\x1b[31mok\"." },

	/* ---- complains ---- */
	{ "it said why", "{complains: s}", { OUTPUT(2, "usage: s PORT\n"), END }, NULL, NULL },
	{ "it said nothing",
	  "{complains: s}",
	  { OUTPUT(1, "usage\n"), END },
	  "« s » devait dire pourquoi sur sa sortie d'erreur (stderr) ; elle est vide.",
	  "'s' should have said why on its standard error; there is nothing." },
	{ "blanks say nothing",
	  "{complains: s}",
	  { OUTPUT(2, " \t\r\n\0\n"), END },
	  "« s » devait dire pourquoi sur sa sortie d'erreur (stderr) ; elle est vide.",
	  "'s' should have said why on its standard error; there is nothing." },

	/* ---- no-residue ---- */
	{ "nothing left", "no-residue", { STARTED, ENDED(END_EXITED, 0), END }, NULL, NULL },
	{ "a process left",
	  "no-residue",
	  { EVENT(EV_RESIDUE, S, .text = "process", .n = { 2 }), END },
	  "« s » s'est terminé en laissant 2 processus derrière lui.",
	  "'s' ended and left 2 processes behind." },
	{ "a file left",
	  "no-residue",
	  { EVENT(EV_RESIDUE, NOBODY, .text = "/dev/shm/x", .n = { 1 }), END },
	  "Laissé derrière : /dev/shm/x (1).",
	  "Left behind: /dev/shm/x (1)." },

	/* ---- no-zombies ---- */
	{ "no zombies", "{no-zombies: s}", { STARTED, END }, NULL, NULL },
	{ "zombies",
	  "{no-zombies: s}",
	  { EVENT(EV_ZOMBIES, S, .n = { 500 }), END },
	  "« s » a 500 fils zombies : chaque fork() réussi doit avoir son wait().",
	  "'s' has 500 zombie children: each fork() needs its wait()." },
	{ "another's zombies", "{no-zombies: s}", { EVENT(EV_ZOMBIES, A, .n = { 500 }), END }, NULL, NULL },

	/* ---- nothing-done ---- */
	{ "nothing done",
	  "{nothing-done: s}",
	  { STARTED, OUTPUT(2, "usage\n"), ENDED(END_EXITED, 2), END },
	  NULL,
	  NULL },
	{ "libc asked somebody",
	  "{nothing-done: s}",
	  { CALL("connect", -ENOENT, 0, AF_UNIX), CALL("bind", 0, 0, AF_NETLINK), CALL("setsockopt", 0, 0, 0),
	    END },
	  NULL,
	  NULL },
	{ "bound",
	  "{nothing-done: s}",
	  { CALL("bind", 0, 4444, AF_INET), END },
	  "« s » devait seulement afficher son mode d'emploi ; il a appelé bind().",
	  "'s' should only have shown its usage; it called bind()." },
	{ "tried to bind",
	  "{nothing-done: s}",
	  { CALL("bind", -EACCES, 80, AF_INET6), END },
	  "« s » devait seulement afficher son mode d'emploi ; il a appelé bind().",
	  "'s' should only have shown its usage; it called bind()." },
	{ "sent",
	  "{nothing-done: s}",
	  { CALL("sendto", 3, 53, AF_INET), END },
	  "« s » devait seulement afficher son mode d'emploi ; il a appelé sendto().",
	  "'s' should only have shown its usage; it called sendto()." },
	{ "forked",
	  "{nothing-done: s}",
	  { EVENT(EV_FORK, S, .n = { 4, 0 }), END },
	  "« s » devait seulement afficher son mode d'emploi ; il a créé un processus ou un thread.",
	  "'s' should only have shown its usage; it made a process or a thread." },
	{ "another did", "{nothing-done: s}", { EVENT(EV_FORK, A, .n = { 4, 0 }), END }, NULL, NULL },

	/* ---- system-port ---- */
	{ "no bind",
	  "{system-port: s}",
	  { CALL("sendto", 3, 4444, AF_INET), CALL("connect", 0, 4444, AF_INET), END },
	  NULL,
	  NULL },
	{ "bind to any port", "{system-port: s}", { CALL("bind", 0, 0, AF_INET), END }, NULL, NULL },
	{ "a bind that failed",
	  "{system-port: s}",
	  { CALL("bind", -EADDRINUSE, 4444, AF_INET), END },
	  NULL,
	  NULL },
	{ "bind to a port",
	  "{system-port: s}",
	  { CALL("bind", 0, 0, AF_INET), CALL("bind", 0, 4444, AF_INET), END },
	  "« s » a choisi lui-même son port avec bind() : 4444. C'est au système de le choisir.",
	  "'s' chose its port itself with bind(): 4444. That is for the system to choose." },

	/* ---- received ---- */
	{ "as many as said",
	  "{received: p, count: 2}",
	  { EVENT(EV_RECEIVED, P), EVENT(EV_RECEIVED, A), EVENT(EV_RECEIVED, P), END },
	  NULL,
	  NULL },
	{ "none", "{received: p, count: 0}", { EVENT(EV_RECEIVED, A), END }, NULL, NULL },
	{ "one too many",
	  "{received: p, count: 1}",
	  { EVENT(EV_RECEIVED, P), EVENT(EV_RECEIVED, P), END },
	  "« p » devait recevoir 1 message(s) ; reçus : 2.",
	  "'p' should have received 1 message(s); came: 2." },
	{ "one missing",
	  "{received: p, count: 1}",
	  { END },
	  "« p » devait recevoir 1 message(s) ; reçus : 0.",
	  "'p' should have received 1 message(s); came: 0." },

	/* ---- cpu-at-most ---- */
	{ "just as much",
	  "{cpu-at-most: s, time: 200ms}",
	  { EVENT(EV_USAGE, S, .n = { 200000, 1 }), END },
	  NULL,
	  NULL },
	{ "more",
	  "{cpu-at-most: s, time: 200ms}",
	  { EVENT(EV_USAGE, A, .n = { 1, 1 }), EVENT(EV_USAGE, S, .n = { 2999999, 1 }), END },
	  "« s » n'avait qu'à attendre et a consommé 2999 ms de processeur : attente active au lieu d'un "
	  "appel bloquant ?",
	  "'s' had only to wait and used 2999 ms of the processor: busy waiting instead of a blocking "
	  "call?" },
};

START_TEST(a_check_holds_or_says_why_not)
{
	const struct row *r = &rows[_i];
	struct text2 why = { 0 };
	case_of_text(arena_printf(&arena, "checks: [%s]", r->check));
	for (const struct event *e = r->events; e->kind != EV_END; e++)
		add(*e);
	const struct spec_case *c = &spec.cases[0];
	const struct check_kind *kind = (const struct check_kind *)c->checks[0].kind;
	bool holds = kind->holds(&arena, c, &observation, c->checks[0].params, &why);
	ck_assert_msg(holds == (r->fr == NULL), "%s %s", r->check, r->what);
	if (holds)
		return;
	ck_same_text(r->what, why.fr, r->fr);
	ck_same_text(r->what, why.en, r->en);
}
END_TEST

/* A kind without a row that holds and one that does not has not been shown to work. */
START_TEST(every_kind_is_shown_holding_and_not)
{
	for (const struct kind *const *k = check_kinds; *k != NULL; k++) {
		int seen[2] = { 0 };
		size_t len = strlen((*k)->name);
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			const char *name = rows[i].check + (rows[i].check[0] == '{');
			if (strncmp(name, (*k)->name, len) == 0 && (name[len] == ':' || name[len] == '\0'))
				seen[rows[i].fr == NULL]++;
		}
		ck_assert_msg(seen[0] > 0 && seen[1] > 0, "%s", (*k)->name);
	}
}
END_TEST

static const struct {
	const char *checks;
	unsigned watch;
} watches[] = {
	{ "no-residue", 0 },
	{ "{exit: s}, {output: s, lines: []}, {complains: s}, {no-zombies: s}, {received: p, count: 0}", 0 },
	{ "{nothing-done: s}", WATCH_NAMES | WATCH_SENDS },
	{ "{system-port: s}", WATCH_NAMES },
	{ "{system-port: s}, {exit: s}, {nothing-done: s}", WATCH_NAMES | WATCH_SENDS },
};

START_TEST(checks_say_which_calls_must_be_watched)
{
	case_of_text(arena_printf(&arena, "checks: [%s]", watches[_i].checks));
	ck_assert_uint_eq(judge_watch(&spec.cases[0]), watches[_i].watch);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("checks");
	TCase *t = tcase_create("checks");
	suite_add_tcase(suite, t);
	tcase_add_checked_fixture(t, observation_start, observation_clean);
	tcase_add_loop_test(t, a_check_holds_or_says_why_not, 0, (int)ARRAY_SIZE(rows));
	tcase_add_test(t, every_kind_is_shown_holding_and_not);
	tcase_add_loop_test(t, checks_say_which_calls_must_be_watched, 0, (int)ARRAY_SIZE(watches));
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

# shellcheck shell=bash
# What whole-program tests share. A test is a function test_…; it fails by ending with another status than 0. What only root
# can try is a root_test_…, what only binds others a user_test_….
#
#	grade 0 SPEC DIR OPTION…      runs it, wants that exit status; out and err hold what it said
#	mark r.json NAME              the mark of a submission in a JSON report
#	wait_for SECONDS COMMAND…     until the command succeeds

fail() {
	printf 'failed: %s\n' "$*" >&2
	local i
	for ((i = 1; i < ${#FUNCNAME[@]} - 1; i++)); do
		printf '  at %s:%s %s\n' "$(basename "${BASH_SOURCE[i]}")" "${BASH_LINENO[i - 1]}" "${FUNCNAME[i]}" >&2
	done
	show_file out
	show_file err
	exit 1
}

show_file() {
	[[ -s $1 ]] || return 0
	printf -- '--- %s:\n' "$1" >&2
	head -c 3000 "$1" >&2
	echo >&2
}

# The test cannot be made here.
skip() {
	printf '%s\n' "$*"
	exit 77
}

# ---- running the grader -----------------------------------------------------------------------------------------------------

# wants STATUS COMMAND…: its output goes to the files out and err.
wants() {
	local want=$1 status=0
	shift
	"$@" >out 2>err || status=$?
	((status == want)) || fail "exit status $status instead of $want: ${*@Q}"
}

# grade STATUS SPEC DIR OPTION…: grader run, quietly, in English, into ./results, with a JSON report r.json.
grade() {
	local want=$1
	shift
	wants "$want" "$GRADER" run --lang en --quiet --output results --report json=r.json "$@"
}

# ---- looking at what came ---------------------------------------------------------------------------------------------------

equal() { [[ $1 == "$2" ]] || fail "'$1' instead of '$2'${3:+: $3}"; }

# has FILE TEXT: the file holds the text, taken literally.
has() { grep -qF -e "$2" "$1" || { show_file "$1"; fail "no '$2' in $1"; }; }
has_not() { ! grep -qF -e "$2" "$1" || { show_file "$1"; fail "'$2' in $1"; }; }

# says FILE JQ-EXPRESSION WANTED
says() {
	local came
	came=$(jq -r "$2" "$1") || fail "jq $2 $1"
	equal "$came" "$3" "$1: $2"
}

# mark FILE [NAME]: that submission's mark, or the first one's, as jq writes numbers: 1, 14.25.
mark() {
	jq -r --arg n "${2:-}" 'first(.submissions[] | select($n == "" or .name == $n)) | .mark * 100 | round / 100' "$1"
}

# Neither ESC nor another control character but tab and newline: what a stranger wrote must not reach a terminal as it is.
is_safe_to_show() {
	! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$1" || fail "control characters in $1"
}

# The report keeps the promise of docs/report.schema.json.
keeps_the_schema() {
	local wrong
	wrong=$(jq -r --slurpfile schema "$TREE/docs/report.schema.json" -f "$TREE/tests/e2e/schema.jq" "$1") ||
		fail "$1 is no JSON"
	[[ -z $wrong ]] || fail "$1: $wrong"
}

# ---- waiting for facts ------------------------------------------------------------------------------------------------------

exec {never}<> <(:)

# wait_for SECONDS COMMAND…: tries it again and again; a read that nothing answers spares the processor in between.
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@" 2>/dev/null; do
		((SECONDS < end)) || fail "waited in vain for: ${*@Q}"
		read -rt 0.02 -u "$never" || true
	done
}

is_gone() { ! kill -0 "$1"; }

# Every process below $1 whose command line or comm holds $2.
descendants() {
	local child
	for child in $(pgrep -P "$1"); do
		printf '%s\n' "$child"
		descendants "$child"
	done
}

# A program of that name runs somewhere below the process.
runs_below() {
	local pid
	for pid in $(descendants "$1"); do
		[[ $(cat "/proc/$pid/comm" 2>/dev/null) != "$2" ]] || return 0
	done
	return 1
}

# ---- small specs and submissions --------------------------------------------------------------------------------------------

# spec_of FILE CASES…: a spec about one program p. Each word is a case and a line of one point: the program is run with that
# word and must end with 0 and leave nothing behind.
spec_of() {
	local file=$1 word
	shift
	{
		printf 'grader: 1\nid: small\ntitle: {fr: "Petit", en: "Small"}\nprograms: {p: {}}\n'
		printf 'limits: {time: 20s, cpu: 10s}\n'
		printf 'rubric:\n'
		for word; do
			printf '  %s: {points: 1, title: {fr: "%s", en: "%s"}}\n' "$word" "$word" "$word"
		done
		printf 'cases:\n'
		for word; do
			printf '  - id: %s\n    rubric: %s\n    actors: {p: {run: [p, %s]}}\n' "$word" "$word" "$word"
			printf '    scenario: [{p: {await: exit}}]\n    checks: [{exit: p, code: 0}]\n'
		done
	} >"$file"
}

# submit FOLDER/p.c: from stdin, with the usual headers before it.
submit() {
	mkdir -p -- "$(dirname -- "$1")"
	{
		printf '#define _GNU_SOURCE\n'
		printf '#include <%s>\n' errno.h fcntl.h signal.h stdio.h stdlib.h string.h unistd.h sys/stat.h sys/types.h sys/wait.h
		cat
	} >"$1"
}

good_program() {
	submit "$1" <<-'END'
		int main(void) { return 0; }
	END
}

# Ends with 0 as soon as it is told "quick", else never.
stubborn_program() {
	submit "$1" <<-'END'
		int main(int argc, char **argv)
		{
			while (argc > 1 && strcmp(argv[1], "quick") != 0)
				pause();
			return 0;
		}
	END
}

#!/usr/bin/env bash
# Words that stand nowhere in the project: what wrote it or where it was written, and pauses of fixed length.
#
#	tests/lint/words.sh [TREE]
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"

bad=0
# report REASON PATTERN GREP-OPTION… FILE-OR-FOLDER…: file:line of each hit. A letter in brackets keeps a pattern from finding
# itself.
report() {
	local reason=$1 pattern=$2 hits status=0
	shift 2
	hits=$(grep -rnIE --exclude-dir=.git --exclude-dir=build --exclude-dir=results "$@" -e "$pattern") || status=$?
	((status != 1)) || return 0
	printf '%s\n' "$hits" | sed "s|\$|   <- $reason|"
	bad=1
}

report 'no assistant is named here' \
	'\b(Cl[a]ude|Anth[r]opic|Chat[G]PT|Open[A]I|Copi[l]ot|Gem[i]ni|LL[M]s?)\b|\bA[I] (assist|agent|model)|language mode[l]' \
	-i .
report 'no path of one machine' '/wor[k]/(main|shared|\.library)|/tmp/bas[h]_|/home/[a-z]+/|/Users/[A-Za-z]+/' .

# Tests and grader wait for facts. A polling helper reads with a timeout instead.
# Calls only, not texts nor comments that name them; tests/unit/helpers play students.
# shellcheck disable=SC2016  # that is awk's
find grader reference/peers tests/unit tests/fuzz -path tests/unit/helpers -prune -o -name '*.[ch]' -print0 | xargs -0 awk '
	{
		gsub(/"([^"\\]|\\.)*"/, "\"\"")
		gsub(/\/\*.*\*\//, "")
		sub(/(^|[ \t])\*[ \t].*/, "")
	}
	/(^|[^a-z_])(u|nano|clock_nano)?sle[e]p[ \t]*\(/ {
		printf "%s:%d: %s   <- wait for a fact, not for time\n", FILENAME, FNR, $0
		bad = 1
	}
	END { exit bad }' || bad=1
# shellcheck disable=SC2016  # a dollar to be found
report 'wait for a fact, not for time' '(^|[;&|({]|\b(do|then|else)\b)[[:space:]]*(u?sle[e]p)[[:space:]]+["$0-9.]' \
	--include='*.sh' --include=run tests setup.sh .ci
report 'a pause of fixed length in a spec of ours' '\{[[:space:]]*del[a]y:|-[[:space:]]+del[a]y:' --include='*.yaml' specs
exit "$bad"

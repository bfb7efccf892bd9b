#!/usr/bin/env bash
# Runs whole-program tests: each function test_… of each t-*.sh, in a fresh folder and a shell of its own; root_test_… and
# user_test_… only as such.
#
#	GRADER=/path/to/grader tests/e2e/run.sh [FOLDER] [NAME]      NAME: only tests whose name holds it
#
# For each test one line: "ok - NAME", "ok - NAME # SKIP reason", or "not ok - NAME" and what it said, as "# …".
# ALSO_AS_ROOT: root has run these tests too, so an ordinary user needs not mention what only root can try.
# SPECS, TP3: folders of specs and of tp3's submissions; those of this tree when not said.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
folder=$(cd "${1:-$here}" && pwd -P)
only=${2:-}
tree=$(cd "$here/../.." && pwd -P)

: "${GRADER:=$tree/build/release/grader}"
: "${SPECS:=$tree/specs}"
: "${TP3:=$tree/tests/submissions/tp3}"
export GRADER SPECS TP3 TREE=$tree LIB=$here/lib.sh
# nothing of whoever starts us may decide a test
export LC_ALL=C.UTF-8 LANG=C.UTF-8 TERM=dumb
unset LANGUAGE NO_COLOR CDPATH MAKEFLAGS CC CFLAGS

[[ -x $GRADER ]] || { echo "run.sh: no grader at $GRADER" >&2; exit 2; }
most_seconds=300

# The last resort that ends a test that hangs; -k for one that does not hear.
run_one() {
	# shellcheck disable=SC2016  # the inner shell's
	timeout -k 5 "$most_seconds" bash -euo pipefail -c '. "$LIB"; . "$1"; "$2"' _ "$1" "$2" </dev/null
}

if ((EUID == 0)); then
	mine='^(test|root_test)_'
elif [[ -n ${ALSO_AS_ROOT:-} ]]; then
	mine='^(test|user_test)_'
else
	mine='^(test|user_test|root_test)_'
fi
any=0 bad=0
for file in "$folder"/t-*.sh; do
	# shellcheck disable=SC2016  # the inner shell's
	for name in $(LIB=$LIB bash -c '. "$LIB"; . "$1"; compgen -A function' _ "$file" | grep -E "$mine"); do
		title=$(basename "$file" .sh)
		title=${title#t-}.${name#*test_}
		[[ $title == *"$only"* ]] || continue
		any=1
		if [[ $name == root_* ]] && ((EUID != 0)); then
			printf 'ok - %s # SKIP needs root\n' "$title"
			continue
		fi
		place=$(mktemp -d "${TMPDIR:-/tmp}/grader-e2e.XXXXXX")
		mkdir "$place/tmp" "$place/work"
		status=0
		(cd "$place/work" && TMPDIR=$place/tmp run_one "$file" "$name") >"$place/said" 2>&1 || status=$?
		case $status in
		0) printf 'ok - %s\n' "$title" ;;
		77) printf 'ok - %s # SKIP %s\n' "$title" "$(tail -n 1 "$place/said")" ;;
		*)
			bad=1
			printf 'not ok - %s\n' "$title"
			((status != 124 && status != 137)) || printf '# ended after %d s, or killed\n' "$most_seconds"
			tail -n 60 "$place/said" | cut -c 1-400 | sed 's/^/# /'
			;;
		esac
		chmod -R u+rwX "$place" 2>/dev/null || true
		rm -rf "$place"
	done
done
((any)) || { echo "run.sh: no test named '$only'" >&2; exit 2; }
exit "$bad"

#!/usr/bin/env bash
# Holds the documents to the program: each ```yaml block of docs/*.md and the README files must pass `grader lint`, and
# spec-reference.md must be what `grader kinds --markdown` prints.
#
#	docs/check-examples.sh [GRADER]        GRADER: build/release/grader when not said
#
# A block that begins with "- id:" is a case: the head it needs is put before it.
set -euo pipefail
cd "$(dirname "$0")/.."

grader=$(realpath "${1:-build/release/grader}")
scratch=$(mktemp -d "${TMPDIR:-/tmp}/grader-docs.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

awk -v dir="$scratch" '
	/^```yaml$/ {
		file = FILENAME
		gsub("/", "_", file)
		file = dir "/" file "." FNR ".yaml"
		next
	}
	/^```/ { file = "" }
	file != "" { print > file }' docs/*.md README.md README.fr.md

# whole FILE: puts the head before a block that is a case.
whole() {
	[[ $(head -c 5 "$1") == '- id:' ]] || return 0
	{
		printf 'grader: 1\nid: example\ntitle: example\nprograms:\n'
		sed -n 's/.*{run: \[\([a-z_]*\).*/\1/p' "$1" | sort -u | sed 's/.*/  &: {}/'
		printf 'rubric:\n'
		sed -n 's/^  rubric: \(.*\)/  \1: {points: 1, title: line, hint: why}/p' "$1" | sort -u
		printf 'cases:\n'
		sed 's/^/  /' "$1"
	} >"$1.whole"
	mv "$1.whole" "$1"
}

bad=0 n=0
for file in "$scratch"/*.yaml; do
	whole "$file"
	n=$((n + 1))
	if ! said=$("$grader" --lang en lint "$file" 2>&1) || grep -q ': advice:' <<<"$said"; then
		printf '%s\n' "$said"
		bad=1
	fi
done
if ! diff <("$grader" kinds --markdown) <(sed '1,/^<!-- generated -->$/d' docs/spec-reference.md) >"$scratch/diff"; then
	echo "docs/spec-reference.md is not what 'grader kinds --markdown' prints; to mend it: docs/spec-reference.sh"
	bad=1
fi
echo "$n examples"
exit "$bad"

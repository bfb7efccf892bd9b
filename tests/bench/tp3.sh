#!/usr/bin/env bash
# The whole tp3 sheet for one right submission, its programs already built: five rounds, the best of each figure.
# GRADER is the binary. Last line: median_case_ms (wall), sheet_s (wall, all cases with --jobs 2), slowest_case_ms, cases.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${GRADER:?the grader binary}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

run() {
	"$GRADER" run specs/tp3.yaml reference/solutions/tp3 --output "$scratch/results" --again --quiet --jobs 2
}
run
for round in 1 2 3 4 5; do
	began=$EPOCHREALTIME
	run
	ended=$EPOCHREALTIME
	jq -r --arg began "${began/,/.}" --arg ended "${ended/,/.}" '
		[.submissions[0].cases[].seconds] | sort |
		[.[length / 2 | floor] * 1000, ($ended | tonumber) - ($began | tonumber), .[-1] * 1000, length] | @tsv' \
		"$scratch/results/report.json" >"$scratch/round.$round"
	read -r median sheet slowest _ <"$scratch/round.$round"
	printf 'round %s: median case %.1f ms, sheet %.2f s, slowest case %.0f ms\n' "$round" "$median" "$sheet" "$slowest"
done
sort -n "$scratch"/round.* | awk '
	NR == 1 || $1 < median { median = $1 }
	NR == 1 || $2 < sheet { sheet = $2 }
	NR == 1 || $3 < slowest { slowest = $3 }
	{ cases = $4 }
	END { printf "median_case_ms=%.1f sheet_s=%.2f slowest_case_ms=%.0f cases=%d\n", median, sheet, slowest, cases }'

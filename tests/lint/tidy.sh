#!/usr/bin/env bash
# clang-tidy, with the checks of .clang-tidy, over our .c files (tests/unit/helpers plays students); needs the commands of a build with clang.
#
#	tests/lint/tidy.sh [BUILD] [FILE…]      BUILD: build/ci-clang, or build/dev
set -euo pipefail
cd "$(dirname "$0")/../.."

build=${1:-}
(($# == 0)) || shift
if [[ -z $build ]]; then
	for build in build/ci-clang build/dev; do
		[[ ! -e $build/compile_commands.json ]] || break
	done
fi
if [[ ! -e $build/compile_commands.json ]]; then
	echo "tests/lint/tidy.sh: no $build/compile_commands.json: run cmake --preset ci-clang first" >&2
	exit 2
fi
if (($# == 0)); then
	mapfile -t files < <(find grader sandbox reference/peers tests/unit tests/fuzz tests/inject -name '*.c' -not -path 'tests/unit/helpers/*' 2>/dev/null | sort)
	set -- "${files[@]}"
fi
# Several compilers know other warnings than clang does: their names are no finding.
printf '%s\0' "$@" | xargs -0 -n 4 -P "$(nproc)" \
	clang-tidy -p "$build" --quiet --warnings-as-errors='*' --extra-arg=-Wno-unknown-warning-option 2>&1 |
	{ grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed [0-9]+ warnings|^Use -header-filter' || true; }

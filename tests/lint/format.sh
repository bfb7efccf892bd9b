#!/usr/bin/env bash
# Whether our C sources are laid out as .clang-format says. To mend: tests/lint/format.sh --fix [FILE…]
set -euo pipefail
cd "$(dirname "$0")/../.."

fix=
if [[ ${1:-} == --fix ]]; then
	fix=yes
	shift
fi
if (($# == 0)); then
	mapfile -t files < <(find grader sandbox reference/peers tests/unit tests/fuzz tests/inject -name '*.[ch]' 2>/dev/null | sort)
	set -- "${files[@]}"
fi
if [[ -n $fix ]]; then
	clang-format -i "$@"
	exit
fi
clang-format --dry-run --Werror "$@" 2>&1 | sed -n 's/^\([^ ]*:[0-9]*\):[0-9]*: error: .*/\1: not as .clang-format says/p' |
	awk -F: '!seen[$1 ":" $2]++ { print; bad = 1 } END { exit bad }'

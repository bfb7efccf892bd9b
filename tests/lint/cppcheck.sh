#!/usr/bin/env bash
# cppcheck over our C sources. What it is wrong about stands below, with the reason.
set -euo pipefail
cd "$(dirname "$0")/../.."

wrong=(
	--suppress=missingIncludeSystem
	# takes a loop's condition on *ret for one on the job that is looked at
	--suppress=nullPointerRedundantCheck:grader/cli/entry.c
)
cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
	-j "$(nproc)" --template='{file}:{line}:{column}: {severity}: {message} [{id}]' "${wrong[@]}" \
	-D_GNU_SOURCE -DGRADER_VERSION='"lint"' -D__x86_64__ -I grader -I . \
	grader sandbox reference/peers

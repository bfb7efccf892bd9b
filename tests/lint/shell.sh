#!/usr/bin/env bash
# Looks over every script of ours with shellcheck.
set -euo pipefail
cd "$(dirname "$0")/../.."

{
	printf '%s\0' setup.sh .ci/run
	find tests reference docs -path tests/submissions -prune -o -name '*.sh' -print0
} | xargs -0 shellcheck --external-sources --source-path=SCRIPTDIR

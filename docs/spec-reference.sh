#!/usr/bin/env bash
# Writes docs/spec-reference.md anew from the program's own tables.
#
#	docs/spec-reference.sh [GRADER]        GRADER: build/release/grader when not said
set -euo pipefail
cd "$(dirname "$0")/.."

grader=${1:-build/release/grader}
{
	cat <<-'END'
		# The spec language: reference

		Written by `docs/spec-reference.sh` from the tables that the program itself reads by; [spec.md](spec.md) is the manual.

		<!-- generated -->
	END
	"$grader" kinds --markdown
} >docs/spec-reference.md.new
mv docs/spec-reference.md.new docs/spec-reference.md

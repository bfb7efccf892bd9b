#!/usr/bin/env bash
# The lint must find what it looks for: small trees with one mistake each.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd -P)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

bad=0

# fresh: an innocent tree
fresh() {
	rm -rf "${tree:?}"/*
	mkdir -p "$tree"/{grader/{base,conf,run,cli,store},sandbox/{box,observer},reference/peers,tests/{unit,fuzz},specs,.ci}
	: >"$tree/setup.sh"
	: >"$tree/.ci/run"
	printf '#include "base/base.h"\n#include <stdio.h>\n' >"$tree/grader/conf/a.c"
	printf '/* asleep(): not "sle''ep(1)" */ say("he waits in sle''ep()");\n' >"$tree/grader/base/b.c"
	printf '#include "run/stage.h"\n' >"$tree/grader/cli/a.c"
	printf 'cases: []\n' >"$tree/specs/a.yaml"
}

# finds LINT FILE LINE: that lint, over an innocent tree with that line appended to that file, names the file.
finds() {
	local said status=0
	fresh
	printf '%s\n' "$3" >>"$tree/$2"
	said=$("$here/$1.sh" "$tree" 2>&1) || status=$?
	if ((status == 0)) || [[ $said != *"${2}:"* ]]; then
		printf '%s.sh does not find in %s: %s\n%s\n' "$1" "$2" "$3" "$said"
		bad=1
	fi
}

passes() {
	fresh
	"$here/$1.sh" "$tree" || { echo "$1.sh complains about an innocent tree" && bad=1; }
}

passes layers
finds layers grader/conf/a.c '#include "model/spec.h"'
finds layers grader/conf/a.c '#  include "sandbox/box/box.h"'
finds layers grader/base/a.c '#include "conf/conf.h"'
finds layers grader/run/a.c '#include "spec/spec_load.h"'
finds layers grader/run/a.c '#include "store/store.h"'
finds layers grader/run/a.c '#include "sandbox/box/box_internal.h"'
finds layers grader/run/a.c '#include "box.h"'
finds layers grader/run/a.c '#include <sqlite3.h>'
finds layers grader/conf/b.c '#include <yaml.h>'
finds layers sandbox/observer/a.c '#include "sandbox/box/box.h"'
finds layers sandbox/box/a.c '#include "model/spec.h"'
finds layers reference/peers/a.c '#include "run/stage.h"'

# the words in pieces, for this file is looked at too
passes words
finds words grader/base/a.c "/* written by Cla""ude */"
finds words setup.sh "cd /wo""rk/main"
finds words grader/base/a.c "	usle""ep(1000);"
finds words tests/unit/a.c "	nanosle""ep(&t, NULL);"
finds words grader/run/a.c "	return \"quick\", slee""p(1);"
finds words tests/a.sh "	do sle""ep 1; done"
finds words tests/a.sh "sle""ep \"\$n\""
finds words specs/a.yaml "      - alice: {del""ay: 1s}"

exit "$bad"

#!/usr/bin/env bash
# Who may include whom. Prints each include that is not allowed as file:line, and ends with 1 if there was one.
#
#	tests/lint/layers.sh [TREE]
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"

# A folder may always include itself; besides, the folders (also below them) and single headers that stand here.
# Headers of grader/ are named from there ("base/io.h"), all others from the top ("sandbox/box/box.h").
layers='
base              -
conf              base
model             base conf
sandbox/box       base
sandbox/observer  base sandbox/box/filter.h
spec              base conf model
plan              base model
score             base model
store             base model
reports           base model score/mark.h
run               base conf model plan sandbox/box sandbox/observer
run/steps         base conf model run sandbox/box sandbox/observer
probes            base conf model run sandbox/box sandbox/observer
reference/peers   base conf model run/actor.h sandbox/box/box.h
checks            base conf model run/explain.h sandbox/box/filter.h
judge             base conf model run checks
cli               base conf model spec plan score store reports run probes checks judge sandbox reference
'

# Headers that are their folder's own business; who else may see them stands beside.
private='
sandbox/box/box_internal.h  -
sandbox/observer/tasks.h    -
sandbox/observer/arch.h     -
run/stage_internal.h        run/steps
store/db.h                  -
spec/spec_reader.h          -
plan/tree.h                 -
plan/root.h                 -
reports/write.h             -
'

# Foreign libraries, with conventions of their own: each stays where it is.
foreign='
yaml.h       conf/conf.c
seccomp.h    sandbox/box/filter.c
sqlite3.h    store
zstd.h       store
sha256.h     base
jansson.h    model reports/report_json.c cli/command_spec.c spec/manual_schema.c
utf8proc.h   base conf plan
sys/ptrace.h sandbox/observer
sys/mount.h  sandbox/box
'

# shellcheck disable=SC2016  # that is awk's
find grader sandbox reference/peers -name '*.[ch]' | LC_ALL=C sort | xargs awk \
	-v layers="$layers" -v private="$private" -v foreign="$foreign" '
	function table(text, into,    lines, n, i, words, m, k) {
		n = split(text, lines, "\n")
		for (i = 1; i <= n; i++) {
			m = split(lines[i], words, " ")
			if (m == 0)
				continue
			into[words[1]] = " "
			for (k = 2; k <= m; k++)
				into[words[1]] = into[words[1]] words[k] " "
		}
	}
	function folder_of(path) {
		if (!sub(/\/[^\/]*$/, "", path))
			return "."
		return path
	}
	# Whether the list names the file, its folder, or a folder above.
	function lists(list, path) {
		for (;;) {
			if (index(list, " " path " ") > 0)
				return 1
			if (!sub(/\/[^\/]*$/, "", path))
				return 0
		}
	}
	function error(text) {
		printf "%s:%d: %s\n", FILENAME, FNR, text
		bad = 1
	}
	function own_include(header,    at) {
		at = folder_of(header)
		if (at == folder)
			return
		if (!(at in may))
			error("\"" header "\" stands in no layer: name it from the top, or from grader/")
		else if (header in hidden && !lists(hidden[header], folder))
			error(header " is the business of " at "/ alone")
		else if (!lists(may[folder], header))
			error(folder "/ may not include " header)
	}
	BEGIN {
		table(layers, may)
		table(private, hidden)
		table(foreign, home)
	}
	FNR == 1 {
		file = FILENAME
		sub(/^grader\//, "", file)
		folder = folder_of(file)
		if (!(folder in may))
			error(folder "/ stands in no layer: tests/lint/layers.sh has the table")
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, part, "\"")
		own_include(part[2])
	}
	/^[ \t]*#[ \t]*include[ \t]*</ {
		split($0, part, /[<>]/)
		if (part[2] in home && !lists(home[part[2]], file))
			error("<" part[2] "> belongs to" home[part[2]] "only")
	}
	END { exit bad }'

# shellcheck shell=bash disable=SC2016,SC1003  # names are full of such things
# Folders bear any name that a file system allows.

hostile_names=(
	'un deux  trois' "l'\"étudiant\"" $'deux\nlignes' '-rf' '--output' 'é' $'e\xcc\x81' $'\xff\xfe' $'\e[31mrouge\e[0m' $'\r' $'\t'
	'a;touch HERE;b' '$(touch HERE)' '`touch HERE`' '*' '?' '\' '%s%n%d' '<script>' '&amp;' 'CON' $'\u202egnp.exe' '#' '!' '~'
	'nul|tube' 'a=b' '{}' '${x}'
)

test_hostile_names_are_graded_and_shown_safely() {
	local name long
	spec_of s.yaml quick
	long=$(printf 'x%.0s' {1..200})
	for name in "${hostile_names[@]}" "$long"; do
		good_program "class/$name/p.c"
	done
	wants 0 "$GRADER" run --lang en s.yaml class --output results --report json=r.json --report text=t.txt
	local n=$((${#hostile_names[@]} + 1))
	keeps_the_schema r.json
	says r.json '.submissions | length' "$n"
	says r.json '[.submissions[] | select(.mark == 1 and .graded)] | length' "$n"
	is_safe_to_show out
	is_safe_to_show err
	is_safe_to_show t.txt
	is_safe_to_show r.json
	# one student file each, in the folder for them
	equal "$(find results/students -type f -printf x | wc -c)" "$n"
	is_safe_to_show <(find results/students -type f -printf '%f\n')
	[[ ! -e HERE && ! -e class/HERE ]] || fail 'a name was run by a shell'
	equal "$(find . -maxdepth 1 -type f -printf '%f\n' | sort | tr '\n' ' ')" 'err out r.json s.yaml t.txt '
}

# What docs/report-json.md promises; two folders must never become one name.
test_names_in_the_json_report_are_exact() {
	local name
	spec_of s.yaml quick
	for name in $'deux\nlignes' $'\t' '\x09' $'\xff\xfe' 'é'; do
		mkdir -p "class/$name"
	done
	grade 0 s.yaml class
	says r.json '[.submissions[].name] | unique | length' 5
	says r.json '.submissions | map(.name) | index("é") != null' true
	says r.json '.submissions | map(.name) | index("deux\nlignes") != null' true
	says r.json '.submissions | map(.name) | index("\t") != null' true
	says r.json '.submissions | map(.name) | index("\\xff\\xfe") != null' true
}

test_hostile_names_of_a_single_submission() {
	local name
	spec_of s.yaml quick
	for name in '-rf' $'deux\nlignes' 'un deux' '*'; do
		good_program "one/$name/p.c"
		(cd one && wants 0 "$GRADER" run --quiet ../s.yaml "./$name" --output ../results --report json=../r.json)
		(cd one && wants 0 "$GRADER" check --lang en ../s.yaml "./$name")
		says r.json '.submissions | length' 1
		equal "$(mark r.json)" 1
	done
	(cd one && wants 0 "$GRADER" run --quiet --output ../results --report json=../r.json -- ../s.yaml -rf)
	says r.json '.submissions[0].name' -rf
}

test_hostile_names_of_sources() {
	local name
	spec_of s.yaml quick
	good_program class/a/p.c
	for name in "${hostile_names[@]}"; do
		good_program "class/a/$name.c"
		good_program "class/a/$name.h"
	done
	printf 'p: p.c\n\tcc -o p p.c\n' >class/a/Makefile
	wants 0 "$GRADER" run --lang en s.yaml class --output results --report json=r.json
	equal "$(mark r.json)" 1
	is_safe_to_show out
	is_safe_to_show err
}

test_hostile_names_of_the_results_folder() {
	spec_of s.yaml quick
	good_program class/a/p.c
	wants 0 "$GRADER" run --quiet s.yaml class --output $'un "deux"\ntrois' --report $'json=r s\n.json'
	keeps_the_schema $'r s\n.json'
	[[ -e $'un "deux"\ntrois/results.db' ]] || fail 'no results there'
}

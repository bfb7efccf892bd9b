# shellcheck shell=bash disable=SC2034
# What the command line promises: exit statuses, options, where things are written.

class_of_two() {
	spec_of s.yaml quick slow
	good_program class/good/p.c
	submit class/half/p.c <<-'END'
		int main(int argc, char **argv) { return argc > 1 && strcmp(argv[1], "slow") == 0; }
	END
}

test_says_how_it_is_used() {
	wants 2 "$GRADER"
	has err 'grader run'
	wants 0 "$GRADER" --help
	has out 'grader spec test'
	wants 0 "$GRADER" --version
	has out 'grader '
}

test_an_unknown_command_gets_a_suggestion() {
	wants 2 "$GRADER" --lang en chek
	has err "did you mean 'check'"
	wants 2 "$GRADER" --lang en $'r\e[31mun'
	is_safe_to_show err
}

test_wrong_options_are_usage() {
	local -a wrong
	class_of_two
	while IFS='|' read -ra wrong; do
		wants 2 "$GRADER" run s.yaml class --output results "${wrong[@]}"
		[[ -s err ]] || fail "nothing said about ${wrong[*]}"
		[[ ! -e results/results.db ]] || fail "graded all the same with ${wrong[*]}"
	done <<-'END'
		--jobs|0
		--jobs|many
		--jobs|-1
		--min|good
		--min|-3
		--lang|de
		--report|json
		--report|json=
		--report|jsn=r.json
		--nonsense
		one-too-many
	END
	wants 2 "$GRADER" run
	wants 2 "$GRADER" run s.yaml
	wants 2 "$GRADER" check
	wants 2 "$GRADER" lint
	wants 2 "$GRADER" spec
	wants 2 "$GRADER" spec test s.yaml
	wants 2 "$GRADER" kinds nonsense
}

test_what_cannot_be_read_is_usage() {
	class_of_two
	wants 2 "$GRADER" --lang en run missing.yaml class
	has err 'missing.yaml'
	wants 2 "$GRADER" --lang en run s.yaml missing
	has err 'missing'
	wants 2 "$GRADER" --lang en run class class
	[[ ! -e results ]] || fail 'a folder of results was made for nothing'
}

test_all_errors_of_a_spec_are_shown_with_their_place() {
	class_of_two
	sed -e 's/points: 1/pionts: 1/' -e 's/await: exit/await: exi/' s.yaml >bad.yaml
	wants 1 "$GRADER" --lang en lint bad.yaml
	has err "bad.yaml:7:11: error: unknown key \"pionts\" (did you mean 'points'?)"
	has err 'bad.yaml:8:10: error: unknown'
	has err 'bad.yaml:13:'
	has err 'bad.yaml:18:'
	wants 2 "$GRADER" --lang en run bad.yaml class
	has err 'bad.yaml:7:11'
}

test_lint_praises_a_good_spec() {
	wants 0 "$GRADER" --lang en lint "$SPECS/tp3.yaml"
	has out 'rubric lines'
	has_not err 'error'
}

test_kinds_are_told_to_people_and_programs() {
	wants 0 "$GRADER" --lang en kinds
	has out 'udp-client'
	has out 'await'
	wants 0 "$GRADER" --lang en kinds --markdown
	has out 'udp-client'
	wants 0 "$GRADER" --lang en kinds --schema
	says out 'type' object
}

test_a_run_leaves_its_reports() {
	class_of_two
	wants 0 "$GRADER" run --lang en s.yaml class --output deep/results --report json=r.json --report text=t.txt
	has out 'good'
	has out 'half'
	keeps_the_schema r.json
	keeps_the_schema deep/results/report.json
	equal "$(mark r.json good)" 2
	equal "$(mark r.json half)" 1
	says r.json '.submissions | map(.graded) | all' true
	says r.json '.submissions[1].cases | map(.outcome) | join(" ")' 'pass fail'
	has t.txt 'half'
	has deep/results/report.txt 'half'
	has deep/results/students/half.txt 'slow'
	[[ -e deep/results/results.db ]] || fail 'no results.db'
}

test_a_report_goes_to_standard_output() {
	class_of_two
	wants 0 "$GRADER" run --lang en s.yaml class --output results --report json=-
	keeps_the_schema out
	wants 0 "$GRADER" run --lang en s.yaml class --output results --report text=-
	equal "$(grep -c '^half' out)" 1 'the table stands there once'
}

test_quiet_is_quiet() {
	class_of_two
	wants 0 "$GRADER" run --quiet s.yaml class --output results
	equal "$(cat out err)" ''
}

test_both_languages() {
	class_of_two
	wants 0 "$GRADER" run --lang fr s.yaml class --output results
	has out 'Moyenne'
	has out '1,00'
	has err 'rendus'
	wants 0 "$GRADER" run --lang en s.yaml class --output results
	has out 'Mean'
	has out '1.00'
	LC_ALL=fr_FR.UTF-8 LANG=fr_FR.UTF-8 wants 0 "$GRADER" run s.yaml class --output results
	has out 'Moyenne'
	has_not out '?'
}

test_min_decides_the_exit_status() {
	class_of_two
	wants 0 "$GRADER" run --quiet s.yaml class --output results --min 1
	wants 1 "$GRADER" run --quiet s.yaml class --output results --min 1.5
	wants 1 "$GRADER" run --quiet s.yaml class --output results --min 1,01
	wants 0 "$GRADER" run --quiet s.yaml class/good --output other --min 2
}

test_what_is_known_is_not_run_again() {
	class_of_two
	wants 0 "$GRADER" run --lang en s.yaml class --output results --report json=1.json
	has err '4 cases run, 0 known already'
	wants 0 "$GRADER" run --lang en s.yaml class --output results --report json=2.json
	has err '0 cases run, 4 known already'
	cmp 1.json 2.json
	wants 0 "$GRADER" run --lang en s.yaml class --output results --again
	has err '4 cases run, 0 known already'
	echo '/* changed */' >>class/half/p.c
	wants 0 "$GRADER" run --lang en s.yaml class --output results
	has err '2 cases run, 2 known already'
	sed -i 's/code: 0/code: 1/' s.yaml
	wants 0 "$GRADER" run --lang en s.yaml class --output results --report json=3.json
	has err '4 cases run, 0 known already'
	equal "$(mark 3.json good)" 0
}

test_any_number_of_jobs_gives_the_same_marks() {
	local jobs
	class_of_two
	for jobs in 1 2 7; do
		grade 0 s.yaml class --again --jobs "$jobs"
		jq 'del(.submissions[].cases[].seconds)' r.json >"$jobs.json"
	done
	cmp 1.json 2.json
	cmp 1.json 7.json
}

test_check_is_for_students() {
	class_of_two
	wants 0 "$GRADER" check --lang en s.yaml class/good
	wants 1 "$GRADER" check --lang en s.yaml class/half
	has out 'slow'
	(cd class/good && wants 0 "$GRADER" check ../../s.yaml)
	[[ ! -e results ]] || fail 'check left results'
	equal "$(ls -A "$TMPDIR")" '' 'check leaves nothing behind'
}

test_hidden_cases_are_not_told_to_students() {
	class_of_two
	sed -i 's/^  - id: slow/  - id: slow\n    visibility: hidden/' s.yaml
	wants 0 "$GRADER" check --lang en s.yaml class/half
	has out '1 hidden case'
	grade 0 s.yaml class
	equal "$(mark r.json half)" 1
}

test_spec_test_holds_a_spec_to_its_corpus() {
	class_of_two
	echo '{"kind": "ok", "loses": [], "may_lose": [], "note": "right"}' >class/good/expect.json
	echo '{"kind": "bad", "loses": ["slow"], "may_lose": [], "note": "slow"}' >class/half/expect.json
	wants 1 "$GRADER" spec test s.yaml class --lang en
	has out 'NO wrong submission exercises it'
	submit class/none/p.c <<-'END'
		int main(void) { return 1; }
	END
	echo '{"kind": "bad", "loses": ["quick", "slow"], "may_lose": [], "note": "all"}' >class/none/expect.json
	wants 0 "$GRADER" spec test s.yaml class --lang en
	has out '3 submissions as expected, 0 not'
	echo '{"kind": "ok", "loses": [], "may_lose": [], "note": "not so"}' >class/none/expect.json
	wants 1 "$GRADER" spec test s.yaml class --lang en
	has out 'BAD none'
	echo '{"kind": "bad", "loses": ["quick", "slwo"], "may_lose": ["slow"], "note": "misspelt"}' >class/none/expect.json
	wants 1 "$GRADER" spec test s.yaml class --lang en
	has err 'none/expect.json'
	echo 'no JSON' >class/none/expect.json
	wants 1 "$GRADER" spec test s.yaml class --lang en
}

test_spec_test_repeats() {
	class_of_two
	echo '{"kind": "ok", "loses": []}' >class/good/expect.json
	echo '{"kind": "bad", "loses": ["slow"]}' >class/half/expect.json
	wants 1 "$GRADER" spec test s.yaml class --lang en --rounds 5
	has out '5 rounds, 0 different verdicts'
}

test_a_stdout_that_is_full_is_no_success() {
	local status=0
	class_of_two
	"$GRADER" run --lang en s.yaml class --output results >/dev/full 2>err || status=$?
	equal "$status" 3
	status=0
	"$GRADER" kinds >/dev/full 2>err || status=$?
	equal "$status" 3
	# the results are there all the same
	wants 0 "$GRADER" run --lang en s.yaml class --output results
	has err '4 known already'
}

test_a_reader_that_leaves_does_not_kill_it() {
	class_of_two
	"$GRADER" run --lang en s.yaml class --output results 2>err | head -c 1 >/dev/null || true
	wants 0 "$GRADER" run --lang en s.yaml class --output results
	has err '4 known already'
}

test_closed_standard_descriptors_do_no_harm() {
	local status=0
	class_of_two
	"$GRADER" run --quiet s.yaml class --output results --report json=r.json <&- >&- 2>&- || status=$?
	equal "$status" 0
	equal "$(mark r.json good)" 2
	keeps_the_schema r.json
}

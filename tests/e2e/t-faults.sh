# shellcheck shell=bash
# When the grader itself cannot do its work: said, nothing lost, nobody's mark wrong; the same command goes on.

# A class of $1 whose programs compute until their limit when told "spin". No two are the same, so that each is run.
spinning_class() {
	local i name
	spec_of s.yaml quick spin
	sed -i 's/time: 20s, cpu: 10s/time: 20s, cpu: 1s/' s.yaml
	for ((i = 1; i <= $1; i++)); do
		name=$(printf 's%03d' "$i")
		submit "class/$name/p.c" <<-END
			static const char name[] __attribute__((used)) = "$name";
			int main(int argc, char **argv)
			{
				while (argc > 1 && strcmp(argv[1], "spin") == 0) { }
				return 0;
			}
		END
	done
}

# A class of $1 whose programs end at once.
quick_class() {
	local i name
	spec_of s.yaml one two three
	for ((i = 1; i <= $1; i++)); do
		name=$(printf 's%03d' "$i")
		submit "class/$name/p.c" <<-END
			static const char name[] __attribute__((used)) = "$name";
			int main(void) { return 0; }
		END
	done
}

# start STATUS-FILE OPTION…: a grader in the background, its pid in $pid. Ctrl-C reaches it, as from a terminal.
start() {
	env --default-signal=INT "$GRADER" run --lang en --output results --report json=r.json s.yaml class "$@" >out 2>err &
	pid=$!
}

# ends_with STATUS: the grader that was started.
ends_with() {
	local status=0
	wait "$pid" || status=$?
	equal "$status" "$1" 'exit status'
}

sheets() { find results/students -name '*.txt' 2>/dev/null | wc -l; }
has_sheets() { (($(sheets) >= $1)); }

# number FILE "cases run"
number() { grep -oE "[0-9]+ $2" "$1" | grep -oE '^[0-9]+'; }

# The whole class has its marks, and what was known before was not run again.
goes_on() {
	local cases=$1 known=$2
	wants 0 "$GRADER" run --lang en --output results --report json=r.json s.yaml class
	keeps_the_schema r.json
	says r.json '.submissions | map(.graded) | all' true
	equal "$(($(number err 'cases run') + $(number err 'known already')))" "$cases"
	(($(number err 'known already') >= known)) || fail "only $(number err 'known already') cases were kept of $known"
}

test_a_worker_killed_in_mid_case_is_a_fault_of_one_case() {
	local worker
	spinning_class 3
	start --jobs 1
	wait_for 30 runs_below "$pid" p
	for worker in $(pgrep -P "$pid"); do
		! runs_below "$worker" p || kill -9 "$worker"
	done
	ends_with 3
	keeps_the_schema r.json
	says r.json '[.submissions[].cases[] | select(.outcome == "fault")] | length' 1
	says r.json '[.submissions[] | select(.graded | not)] | length' 1
	says r.json '[.submissions[] | select(.graded | not) | .faults[].kind] | join(" ")' worker
	says r.json '[.submissions[] | select(.graded) | .mark] | unique | join(" ")' 1
	goes_on 6 5
	says r.json '[.submissions[].mark] | unique | join(" ")' 1
}

test_a_killed_grader_takes_everybody_along() {
	local below child
	spinning_class 2
	start --jobs 2
	wait_for 30 runs_below "$pid" p
	below=$(descendants "$pid")
	kill -9 "$pid"
	wait "$pid" 2>/dev/null || true
	for child in $below; do
		wait_for 10 is_gone "$child"
	done
}

test_a_killed_grader_goes_on_where_it_was() {
	quick_class 40
	start --jobs 2
	wait_for 60 has_sheets 5
	kill -9 "$pid"
	wait "$pid" 2>/dev/null || true
	(($(sheets) < 40)) || skip "it was too fast to be killed"
	goes_on 120 $(($(sheets) * 3))
	says r.json '[.submissions[].mark] | unique | join(" ")' 3
	equal "$(sheets)" 40
}

test_a_grader_killed_many_times_still_comes_to_the_end() {
	local round
	quick_class 40
	for ((round = 1; round <= 12; round++)); do
		rm -rf results/students
		start --jobs 2
		wait_for 60 has_sheets "$round"
		kill -9 "$pid"
		wait "$pid" 2>/dev/null || true
	done
	goes_on 120 30
	says r.json '[.submissions[].mark] | unique | join(" ")' 3
}

test_ctrl_c_leaves_a_result_that_goes_on() {
	quick_class 40
	start --jobs 2
	wait_for 60 has_sheets 5
	kill -INT "$pid"
	ends_with 130
	keeps_the_schema r.json
	says r.json '.submissions | length < 40' true
	says r.json '.submissions | map(.graded) | all' true
	goes_on 120 15
	says r.json '.submissions | length' 40
}

test_ctrl_c_ends_a_case_that_would_last() {
	spinning_class 2
	sed -i 's/cpu: 1s/cpu: 15s/' s.yaml
	start --jobs 2
	wait_for 30 runs_below "$pid" p
	local began=$SECONDS below child
	below=$(descendants "$pid")
	kill -INT "$pid"
	ends_with 130
	((SECONDS - began < 5)) || fail "it took $((SECONDS - began)) s to stop"
	for child in $below; do
		wait_for 10 is_gone "$child"
	done
}

test_two_graders_do_not_share_a_folder() {
	spinning_class 2
	start --jobs 1
	wait_for 30 runs_below "$pid" p
	local status=0
	"$GRADER" run --lang en --quiet --output results s.yaml class >second.out 2>second.err || status=$?
	((status == 2 || status == 3)) || fail "the second one ended with $status"
	has second.err results
	ends_with 0
}

root_test_a_full_disk_is_said_and_loses_nothing() {
	quick_class 30
	mkdir results
	# shellcheck disable=SC2016  # the inner shell's
	GRADER=$GRADER unshare --mount --propagation private bash -c '
		mount -t tmpfs -o size=500k none results
		"$GRADER" run --lang en --output results --report json=r.json s.yaml class >out 2>err
		echo $? >status
		df results >>err
		mount -o remount,size=100m results
		"$GRADER" run --lang en --output results --report json=r2.json s.yaml class >out2 2>err2
		echo $? >status2
	'
	equal "$(cat status)" 3 'the disk is full'
	grep -qi 'no space\|full' err || fail 'the full disk is not said'
	equal "$(cat status2)" 0 'there is room again'
	keeps_the_schema r2.json
	says r2.json '[.submissions[] | select(.graded) | .mark] | unique | join(" ")' 3
	says r2.json '.submissions | length' 30
	(($(number err2 'known already') > 0)) || fail 'nothing was kept'
	# whatever the first report says is right
	[[ ! -e r.json ]] || says r.json '[.submissions[] | select(.graded) | .mark] | unique | join(" ") | . == "3" or . == ""' true
}

test_files_that_may_not_grow_are_said_and_lose_nothing() {
	quick_class 30
	local status=0
	(ulimit -Sf 120 && exec "$GRADER" run --lang en --output results --report json=r.json s.yaml class >out 2>err) || status=$?
	equal "$status" 3 'a limit of 120 KiB a file'
	[[ -s err ]] || fail 'nothing was said'
	if [[ -e r.json ]]; then
		says r.json '[.submissions[] | select(.graded) | .mark] | unique | join(" ") | . == "3" or . == ""' true
	fi
	goes_on 90 1
	says r.json '[.submissions[].mark] | unique | join(" ")' 3
}

user_test_a_folder_that_may_not_be_written() {
	quick_class 1
	mkdir results
	chmod 555 results
	local status=0
	"$GRADER" run --lang en --output results s.yaml class >out 2>err || status=$?
	((status == 2 || status == 3)) || fail "exit status $status"
	has err results
}

test_damaged_results_are_said() {
	quick_class 1
	grade 0 s.yaml class
	printf 'garbage' | dd of=results/results.db conv=notrunc status=none
	wants 2 "$GRADER" run --lang en --output results s.yaml class
	has err results.db
}

user_test_without_processes_to_start_nobody_gets_a_wrong_mark() {
	quick_class 2
	local status=0
	(ulimit -u "$(($(ps -L -u "$EUID" -o pid= | wc -l) + 2))" && exec "$GRADER" run --lang en --quiet --output results --report json=r.json s.yaml class >out 2>err) || status=$?
	equal "$status" 3
	if [[ -e r.json ]]; then
		says r.json '[.submissions[] | select(.graded) | .mark] | unique | join(" ") | . == "3" or . == ""' true
	fi
	goes_on 6 0
}

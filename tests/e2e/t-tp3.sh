# shellcheck shell=bash
# The real sheet, with one right submission and one wrong one. The whole corpus is `grader spec test`.

test_a_right_and_a_wrong_submission() {
	mkdir class
	cp -r "$TP3/ok-poll" "$TP3/bad-sans-htons" class/
	grade 0 "$SPECS/tp3.yaml" class
	keeps_the_schema r.json
	equal "$(mark r.json ok-poll)" 20
	says r.json '.submissions[0] | [.rubric[] | select(.earned < .points) | .id] | join(" ")' port
	says r.json '.submissions | map(.graded) | all' true
	says r.json '[.submissions[].total] | unique | join(" ")' 20
	has results/students/bad-sans-htons.txt 'htons'
}

test_the_usual_case_takes_milliseconds() {
	mkdir class
	cp -r "$TP3/ok-poll" class/
	grade 0 "$SPECS/tp3.yaml" class --jobs 1
	says r.json '[.submissions[0].cases[].seconds] | sort | .[length / 2 | floor] < 0.1' true
}

test_a_student_sees_it_in_french() {
	wants 0 "$GRADER" check --lang fr "$SPECS/tp3.yaml" "$TP3/ok-poll"
	wants 1 "$GRADER" check --lang fr "$SPECS/tp3.yaml" "$TP3/bad-sans-htons"
	has out 'htons'
	is_safe_to_show out
}

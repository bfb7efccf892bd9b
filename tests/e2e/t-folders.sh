# shellcheck shell=bash
# Submissions that are no tidy folder with a source in it.

test_one_source_one_folder_one_class() {
	spec_of s.yaml quick
	good_program class/dupont/p.c
	grade 0 s.yaml class
	says r.json '[.submissions[].name] | join(" ")' dupont
	grade 0 s.yaml class/dupont
	equal "$(mark r.json)" 1
	grade 0 s.yaml class/dupont/p.c
	equal "$(mark r.json)" 1
	(cd class/dupont && wants 0 "$GRADER" run --quiet ../../s.yaml . --output ../../results --report json=../../r.json)
	equal "$(mark r.json)" 1
}

test_an_empty_folder_is_a_submission_without_points() {
	spec_of s.yaml quick
	good_program class/a/p.c
	mkdir class/empty
	grade 0 s.yaml class
	says r.json '[.submissions[].name] | join(" ")' 'a empty'
	says r.json '.submissions[1].graded' true
	equal "$(mark r.json empty)" 0
	says r.json '.submissions[1].cases[0].outcome' not-run
	says r.json '.submissions[1].cases[0].message.fr | length > 0' true
}

test_a_class_of_nobody() {
	spec_of s.yaml quick
	mkdir class
	grade 0 s.yaml class
	says r.json '.submissions | length' 0
	keeps_the_schema r.json
}

test_looping_symlinks() {
	spec_of s.yaml quick
	good_program class/a/p.c
	ln -s . class/a/here
	ln -s .. class/a/up
	ln -s loop class/a/loop
	ln -s ../../class class/a/class
	ln -s / class/a/root
	ln -s ../class class/class
	ln -s a class/b
	grade 0 s.yaml class
	says r.json '[.submissions[].name] | join(" ")' a
	equal "$(mark r.json)" 1
	says r.json '.submissions[0].remarks | length > 0' true
}

test_a_link_to_another_ones_source_is_no_source() {
	spec_of s.yaml quick
	good_program class/honest/p.c
	mkdir class/thief class/spy
	ln -s ../honest/p.c class/thief/p.c
	ln -s ../honest class/spy/src
	grade 0 s.yaml class
	equal "$(mark r.json honest)" 1
	equal "$(mark r.json thief)" 0
	equal "$(mark r.json spy)" 0
	says r.json '.submissions | map(.graded) | all' true
}

test_what_is_no_file_does_not_stop_anything() {
	spec_of s.yaml quick
	good_program class/good/p.c
	mkdir -p class/fifo class/folder/p.c class/socket
	mkfifo class/fifo/p.c
	mkfifo class/good/fifo
	grade 0 s.yaml class
	equal "$(mark r.json good)" 1
	equal "$(mark r.json fifo)" 0
	equal "$(mark r.json folder)" 0
	says r.json '.submissions | map(.graded) | all' true
}

test_huge_files_and_many_files() {
	local i
	spec_of s.yaml quick
	good_program class/huge/p.c
	truncate -s 20G class/huge/film.mkv
	mkdir class/huge-source
	truncate -s 20G class/huge-source/p.c
	good_program class/many/p.c
	mkdir class/many/z
	(cd class/many/z && for ((i = 0; i < 20000; i++)); do : >"$i"; done)
	grade 0 s.yaml class
	equal "$(mark r.json huge)" 1
	equal "$(mark r.json many)" 1
	equal "$(mark r.json huge-source)" 0
	says r.json '.submissions | map(.graded) | all' true
	says r.json '.submissions[] | select(.name == "many") | .remarks | length > 0' true
}

test_a_folder_deeper_than_any_path() {
	local i
	spec_of s.yaml quick
	good_program class/deep/p.c
	(
		cd class/deep
		for ((i = 0; i < 60; i++)); do
			mkdir "$(printf 'd%.0s' {1..200})"
			cd -P "$(printf 'd%.0s' {1..200})"
		done
		: >bottom.c
	) 2>/dev/null || true
	grade 0 s.yaml class
	equal "$(mark r.json deep)" 1
}

user_test_unreadable_things_are_said() {
	spec_of s.yaml quick
	good_program class/a/p.c
	good_program class/a/closed/p.c
	good_program class/b/p.c
	chmod 0 class/a/closed class/b/p.c
	grade 0 s.yaml class
	equal "$(mark r.json a)" 1
	says r.json '.submissions[0].remarks | length > 0' true
	says r.json '.submissions[1].remarks | length > 0' true
	chmod 700 class/a/closed
}

test_old_programs_of_the_student_are_not_run() {
	spec_of s.yaml quick
	submit class/a/p.c <<-'END'
		int main(void) { return 1; }
	END
	printf 'p: p.c\n\tcc -o p p.c\n' >class/a/Makefile
	cp /bin/true class/a/p
	touch -d '2100-01-01' class/a/p
	grade 0 s.yaml class
	equal "$(mark r.json a)" 0
	says r.json '.submissions[0].cases[0].outcome' fail
}

test_the_submission_is_left_as_it_was() {
	spec_of s.yaml quick
	good_program class/a/p.c
	printf 'p: p.c\n\tcc -o p p.c\n\ttouch made here\n\trm -f p.c\n' >class/a/Makefile
	(cd class && find . -printf '%p %s %T@ %m\n' | sort) >before
	grade 0 s.yaml class
	(cd class && find . -printf '%p %s %T@ %m\n' | sort) >after
	cmp before after
}

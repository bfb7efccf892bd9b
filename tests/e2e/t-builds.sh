# shellcheck shell=bash disable=SC2016  # $(MAKE) is make's
# Builds run in the box too: what a Makefile or a source can try there.

test_what_does_not_compile_costs_its_own_lines() {
	spec_of s.yaml quick
	submit class/a/p.c <<-'END'
		int main(void) { return zero; }
	END
	good_program class/b/p.c
	grade 0 s.yaml class
	equal "$(mark r.json a)" 0
	equal "$(mark r.json b)" 1
	says r.json '.submissions[0].builds[0].built' false
	says r.json '.submissions[0].cases[0].outcome' not-run
	says r.json '.submissions[0].builds[0].first_error | test("^p.c:[0-9]+: .*zero")' true
	has results/students/a.txt 'zero'
}

test_a_makefile_that_writes_outside() {
	spec_of s.yaml quick
	good_program class/a/p.c
	mkdir outside
	chmod 777 outside
	: >outside/precious
	chmod 666 outside/precious
	cat >class/a/Makefile <<-END
		p: p.c
		-rm -rf '$PWD/outside' '$PWD/class' '$PWD/results' /tmp/grader-*
		-touch '$PWD/outside/made' '$PWD/class/a/made' /etc/made /usr/made /made
		-echo bad > '$PWD/outside/precious'
		cc -o p p.c
	END
	sed -i '2,$s/^/\t/' class/a/Makefile
	grade 0 s.yaml class
	equal "$(mark r.json a)" 1
	equal "$(echo outside/*)" outside/precious
	[[ ! -s outside/precious ]] || fail 'it wrote into a file outside'
	equal "$(echo class/a/*)" 'class/a/Makefile class/a/p.c'
	[[ ! -e /etc/made && ! -e /usr/made && ! -e /made ]] || fail 'it wrote into the system'
}

test_a_build_does_not_read_what_is_not_its_own() {
	spec_of s.yaml quick
	printf 'secret-of-the-spec\n' >secret.txt
	chmod 644 secret.txt
	good_program class/b/p.c
	mkdir class/a class/c
	submit class/a/p.c <<-END
		#include "$PWD/secret.txt"
		int main(void) { return 0; }
	END
	good_program class/c/p.c
	printf 'p: p.c\n\t-cat %q %q /etc/passwd /etc/shadow\n\tcc -o p p.c\n' "$PWD/s.yaml" "$PWD/class/b/p.c" >class/c/Makefile
	grade 0 s.yaml class
	equal "$(mark r.json a)" 0
	equal "$(mark r.json c)" 1
	has_not r.json 'secret-of-the-spec'
	has_not r.json "$(tail -n 1 /etc/passwd)"
	says r.json '.submissions[] | select(.name == "c") | .builds[0].log | test("rubric|int main")' false
}

test_a_hundred_megabytes_of_compiler_errors() {
	spec_of s.yaml quick
	good_program class/b/p.c
	mkdir class/a
	{
		echo 'int main(void) { return 0; }'
		awk 'BEGIN { for (i = 0; i < 400000; i++) print "int f" i "(void) { return unknown_name_" i " + another; }" }'
	} >class/a/p.c
	good_program class/c/p.c
	printf 'p: p.c\n\tyes p.c:1:1: error: again and again and again and again and again | head -c 100000000 >&2\n\tfalse\n' >class/c/Makefile
	grade 0 s.yaml class
	equal "$(mark r.json a)" 0
	equal "$(mark r.json b)" 1
	equal "$(mark r.json c)" 0
	says r.json '.submissions | map(.graded) | all' true
	says r.json '.submissions[2].builds[0].first_error | test("again")' true
	(($(stat -c %s r.json) < 1000000)) || fail "the report has $(stat -c %s r.json) bytes"
	(($(stat -c %s results/results.db) < 4000000)) || fail "results.db has $(stat -c %s results/results.db) bytes"
}

test_strange_bytes_of_the_compiler_are_shown_safely() {
	spec_of s.yaml quick
	mkdir -p class/a
	printf 'int main(void) {\n#error "\033[2J\033]0;title\007 \xff\xfe \u202e"\n' >class/a/p.c
	wants 0 "$GRADER" run --lang en s.yaml class --output results --report json=r.json --report text=t.txt --report student=-
	is_safe_to_show out
	is_safe_to_show err
	is_safe_to_show t.txt
	is_safe_to_show r.json
	is_safe_to_show results/students/a.txt
	keeps_the_schema r.json
}

test_a_build_that_never_ends_by_itself() {
	spec_of s.yaml quick
	good_program class/b/p.c
	mkdir class/zero
	printf '#include "/dev/zero"\nint main(void) { return 0; }\n' >class/zero/p.c
	good_program class/bomb/p.c
	# each make starts two more: the number of processes ends it
	printf 'p: again\n\nagain:\n\t+$(MAKE) p & $(MAKE) p\n' >class/bomb/Makefile
	grade 0 s.yaml class
	equal "$(mark r.json b)" 1
	equal "$(mark r.json zero)" 0
	equal "$(mark r.json bomb)" 0
	says r.json '.submissions | map(.graded) | all' true
}

test_a_build_that_fills_the_disk() {
	spec_of s.yaml quick
	good_program class/a/p.c
	printf 'p: p.c\n\t-cat /dev/zero > big\n\trm -f big\n\tcc -o p p.c\n' >class/a/Makefile
	grade 0 s.yaml class
	equal "$(mark r.json a)" 1
}

test_a_build_leaves_nobody_behind() {
	spec_of s.yaml quick
	good_program class/a/p.c
	submit class/a/stay.c <<-'END'
		int main(void)
		{
			if (fork() == 0) {
				setsid();
				signal(SIGHUP, SIG_IGN);
				for (;;)
					pause();
			}
			return 0;
		}
	END
	printf 'p: p.c\n\tcc -o stay-behind stay.c && ./stay-behind\n\tcc -o p p.c\n' >class/a/Makefile
	grade 0 s.yaml class
	equal "$(mark r.json a)" 1
	! pgrep -x stay-behind || fail 'a process of the build lives on'
}

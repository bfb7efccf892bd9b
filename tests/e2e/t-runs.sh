# shellcheck shell=bash
# Programs that do harm while they run: they lose their own lines, and nothing else happens.

# one_bad_one: grades class/bad, whose p.c is on stdin, between two good ones.
one_bad_one() {
	good_program class/a/p.c
	submit class/bad/p.c
	good_program class/z/p.c
	grade 0 s.yaml class
	equal "$(mark r.json a)" 1
	equal "$(mark r.json z)" 1
	says r.json '.submissions | map(.graded) | all' true
}

bad_mark() { equal "$(mark r.json bad)" "$1"; }

test_fork_bomb() {
	spec_of s.yaml quick
	sed -i 's/time: 20s, cpu: 10s/time: 3s, cpu: 1s, processes: 60/' s.yaml
	one_bad_one <<-'END'
		int main(void) { for (;;) fork(); }
	END
	bad_mark 0
	wait_for 10 no_process_named p
}

no_process_named() { ! pgrep -x "$1" >/dev/null; }

test_output_flood() {
	spec_of s.yaml quick
	sed -i 's/time: 20s, cpu: 10s/time: 5s, cpu: 1s, output: 100KiB/' s.yaml
	one_bad_one <<-'END'
		int main(void)
		{
			static char block[65536];
			memset(block, 'x', sizeof block);
			for (;;) {
				if (write(1, block, sizeof block) < 0 && errno != EINTR && errno != EAGAIN)
					return 1;
				if (write(2, block, sizeof block) < 0 && errno != EINTR && errno != EAGAIN)
					return 1;
			}
		}
	END
	bad_mark 0
	(($(stat -c %s r.json) < 200000)) || fail "the report has $(stat -c %s r.json) bytes"
	(($(stat -c %s results/results.db) < 2000000)) || fail "results.db has $(stat -c %s results/results.db) bytes"
}

test_endless_loop_ends() {
	spec_of s.yaml quick
	sed -i 's/time: 20s, cpu: 10s/time: 10s, cpu: 1s/' s.yaml
	one_bad_one <<-'END'
		int main(void) { for (;;) { } }
	END
	bad_mark 0
}

test_one_that_waits_for_ever_is_found_at_once() {
	spec_of s.yaml quick
	one_bad_one <<-'END'
		int main(void) { for (;;) pause(); }
	END
	bad_mark 0
	says r.json '.submissions[1].cases[0].seconds < 5' true
}

test_killing_everybody() {
	spec_of s.yaml quick
	one_bad_one <<-'END'
		int main(void)
		{
			kill(getppid(), SIGKILL);
			kill(1, SIGKILL);
			kill(0, SIGTERM);
			kill(-1, SIGKILL);
			return 0;
		}
	END
}

test_memory_without_end() {
	spec_of s.yaml quick
	sed -i 's/time: 20s, cpu: 10s/time: 10s, cpu: 5s, memory: 64MiB/' s.yaml
	one_bad_one <<-'END'
		int main(void)
		{
			for (;;) {
				char *p = malloc(1 << 20);
				if (p == NULL)
					abort();
				memset(p, 1, 1 << 20);
			}
		}
	END
	bad_mark 0
}

test_a_full_disk_of_the_box() {
	spec_of s.yaml quick
	one_bad_one <<-'END'
		int main(void)
		{
			static char block[65536];
			int fd = open("/tmp/big", O_WRONLY | O_CREAT, 0644);
			while (write(fd, block, sizeof block) > 0) { }
			return 3;
		}
	END
	bad_mark 0
}

test_the_world_outside_is_not_seen() {
	spec_of s.yaml quick
	echo secret >secret.txt
	chmod 644 secret.txt
	submit look/p.c <<-END
		static int seen(const char *path) { struct stat st; return stat(path, &st) == 0; }
		int main(void)
		{
			return seen("$PWD/secret.txt") || seen("$PWD/s.yaml") || seen("$PWD") || seen("$GRADER") || seen("/root/.bashrc") ||
			       seen("$PWD/results/results.db") || seen("/etc/shadow");
		}
	END
	grade 0 s.yaml look
	equal "$(mark r.json)" 1
}

test_a_daemon_does_not_outlive_its_case() {
	spec_of s.yaml quick
	submit class/a/p.c <<-'END'
		int main(void)
		{
			if (fork() == 0) {
				setsid();
				if (fork() == 0) {
					for (int fd = 0; fd < 1024; fd++)
						close(fd);
					for (;;)
						pause();
				}
				_exit(0);
			}
			wait(NULL);
			return 0;
		}
	END
	grade 0 s.yaml class
	wait_for 10 no_process_named p
}

test_strange_output_is_shown_safely() {
	spec_of s.yaml quick
	sed -i 's/checks: .*/checks: [{output: p, lines: ["rien"]}, {exit: p, code: 0}]/' s.yaml
	submit class/a/p.c <<-'END'
		int main(void)
		{
			const char text[] = "\033[2J\033]0;title\007 \xff\xfe \xe2\x80\xae \x00 \x9b <script>alert(1)</script> ::error::x\r\n";
			for (int fd = 1; fd < 3; fd++)
				if (write(fd, text, sizeof text - 1) < 0)
					return 2;
			return 1;
		}
	END
	wants 0 "$GRADER" run --lang en s.yaml class --output results --report json=r.json --report text=t.txt --report student=-
	is_safe_to_show out
	is_safe_to_show err
	is_safe_to_show t.txt
	is_safe_to_show r.json
	is_safe_to_show results/students/a.txt
	equal "$(mark r.json)" 0
}

test_programs_leave_no_trace_on_the_machine() {
	spec_of s.yaml quick
	submit class/a/p.c <<-'END'
		#include <sys/shm.h>
		#include <sys/msg.h>
		int main(void)
		{
			close(open("/tmp/grader-trace", O_CREAT | O_WRONLY, 0666));
			close(open("/dev/shm/grader-trace", O_CREAT | O_WRONLY, 0666));
			shmget(0x67726164, 100, IPC_CREAT | 0666);
			msgget(0x67726164, IPC_CREAT | 0666);
			return 0;
		}
	END
	grade 0 s.yaml class
	[[ ! -e /tmp/grader-trace && ! -e /dev/shm/grader-trace ]] || fail 'a file of the program stands outside'
	! grep -q 1735549284 /proc/sysvipc/shm /proc/sysvipc/msg || fail 'IPC objects of the program stand outside'
}

#!/usr/bin/env bash
# From a bare Debian to marks, tests and benchmarks. It can be run from anywhere, and again, without harm.
set -euo pipefail

usage() {
	cat <<-'END'
		./setup.sh demo              installs what it needs, builds, and marks the submissions of tests/submissions/tp3
		./setup.sh build             builds release; the last line is the path of the grader program
		./setup.sh test [PART…]      all tests, or some: unit cases fuzz e2e evil corpus lint
		./setup.sh bench [NAME]      one benchmark of tests/bench; its last line is its figures, name=value …
		./setup.sh packages [WHAT]   the Debian packages needed (WHAT: build, test, bench; all when not said)

		Packages that are missing are installed by apt-get, as root or through sudo.
		GRADER_BUILDS=DIR      where to build, instead of build/ beside this file
		GRADER_NO_INSTALL=1    install nothing and ask no package manager: what is needed is there
		GRADER_MUST_BOX=1      where this machine refuses namespaces, tests fail instead of being skipped
	END
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
builds=${GRADER_BUILDS:-$root/build}
processors=$(nproc)
export LC_ALL=C.UTF-8

say() { printf '%s\n' "$*" >&2; }
die() { say "setup.sh: $1"; exit "${2:-1}"; }

# A folder for logs and for tests, gone at the end. An ordinary user must get to the tests in it.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/grader-setup.XXXXXX")
chmod 755 "$scratch"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ---- packages -------------------------------------------------------------------------------------------------------------

# libFuzzer and the sanitizers of clang come in a package that bears its version.
clang_version() {
	if command -v clang >/dev/null; then
		clang -dumpversion | cut -d. -f1
		return
	fi
	# shellcheck source=/dev/null
	case $(. /etc/os-release 2>/dev/null && printf '%s' "${VERSION_ID:-}") in
	13*) echo 19 ;;
	*) echo 14 ;;
	esac
}

packages_for() {
	case $1 in
	build)
		# the C compiler is for submissions too: their variants need its libasan, which comes with it
		printf '%s\n' gcc libc6-dev make cmake ninja-build pkg-config libseccomp-dev libyaml-dev libjansson-dev \
			libutf8proc-dev libmd-dev libzstd-dev libsqlite3-dev
		;;
	test)
		printf '%s\n' check libsubunit-dev clang "libclang-rt-$(clang_version)-dev" clang-format clang-tidy cppcheck \
			shellcheck jq procps
		;;
	bench) printf '%s\n' stress-ng ;;
	*) die "no packages for '$1': build, test or bench" 2 ;;
	esac
}

# Those of the packages that are not installed.
missing_of() {
	local installed
	installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | sed -n 's/ installed$//p') || true
	printf '%s\n' "$@" | grep -vxF "$installed" || true
}

# Puts the command that makes us root before "$@".
as_root() {
	if ((EUID == 0)); then
		"$@"
	elif sudo -n true 2>/dev/null; then
		sudo -n "$@"
	else
		sudo "$@"
	fi
}

may_be_root() {
	((EUID == 0)) && return
	command -v sudo >/dev/null || return 1
	sudo -n true 2>/dev/null || [[ -t 0 ]]
}

apt() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# install_packages WHAT…: what packages_for names.
install_packages() {
	local -a wanted=() missing
	local what
	[[ ${GRADER_NO_INSTALL:-} != 1 ]] || return 0
	for what; do
		mapfile -t -O "${#wanted[@]}" wanted < <(packages_for "$what")
	done
	command -v dpkg-query >/dev/null || die "this is no Debian. Install what these packages hold, then say GRADER_NO_INSTALL=1: ${wanted[*]}"
	mapfile -t missing < <(missing_of "${wanted[@]}")
	((${#missing[@]} > 0)) || return 0
	may_be_root || die "these packages are needed, and only root may install them: ${missing[*]}
  apt-get install --no-install-recommends ${missing[*]}"
	say "installing: ${missing[*]}"
	# a list that cannot be had may be one that does not matter: then installing works all the same
	apt update >"$scratch/apt" 2>&1 || say "apt-get update complained; going on"
	if ! apt install --no-install-recommends "${missing[@]}" >>"$scratch/apt" 2>&1; then
		tail -n 30 "$scratch/apt" >&2
		die "these packages could not be installed: ${missing[*]}"
	fi
}

# ---- building -------------------------------------------------------------------------------------------------------------

# configure PRESET
configure() {
	local dir=$builds/$1
	local -a options=()
	# a build folder that came along from another place is of no use
	if [[ -e $dir/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$dir/CMakeCache.txt"; then
		options+=(--fresh)
	fi
	[[ $1 != release ]] || options+=(-DBUILD_TESTING=OFF)
	cmake --preset "$1" -S "$root" -B "$dir" "${options[@]}"
}

compile() {
	configure "$1" && cmake --build "$builds/$1" -j "$processors"
}

build_release() {
	say "building release"
	if ! compile release >"$scratch/release" 2>&1; then
		cat "$scratch/release" >&2
		die "release does not build"
	fi
	grader=$builds/release/grader
}

# ---- tests: counting ------------------------------------------------------------------------------------------------------

passed=0 failed=0 skipped=0

heading() { printf '\n== %s\n' "$*"; }

pass() {
	passed=$((passed + 1))
	printf 'ok      %s\n' "$1"
}

skip() {
	skipped=$((skipped + 1))
	printf 'skipped %s (%s)\n' "$1" "$2"
}

# Its lines on stdin, if any, are shown at the end.
fail() {
	failed=$((failed + 1))
	printf 'FAILED  %s\n' "$1"
	{ printf '\n-- %s\n' "$1" && cat; } >>"$scratch/failures"
}

# A reason why nothing of a part can be tried here: a skip, or a failure where it must be.
refused() {
	if [[ ${GRADER_MUST_BOX:-} == 1 ]]; then
		fail "$1" <<<"$2"
	else
		skip "$1" "$2"
	fi
}

# count WHAT COMMAND…: a command that prints for each test "ok - NAME", "ok - NAME # SKIP reason" or "not ok - NAME", the
# latter followed by lines "# what happened".
count() {
	local what=$1 line name='' before=$((passed + failed + skipped)) failed_before=$failed status=0
	shift
	: >"$scratch/story"
	while IFS= read -r line; do
		if [[ $line == '# '* || $line == '#' ]]; then
			line=${line#'#'}
			printf '%s\n' "${line# }" >>"$scratch/story"
			continue
		fi
		[[ -z $name ]] || fail "$name" <"$scratch/story"
		name=''
		case $line in
		'ok - '*' # SKIP '*) line=${line#ok - } && skip "$what: ${line%% # SKIP *}" "${line#* # SKIP }" ;;
		'ok - '*) pass "$what: ${line#ok - }" ;;
		'not ok - '*) name="$what: ${line#not ok - }" && : >"$scratch/story" ;;
		*) printf '%s\n' "$line" >>"$scratch/story" ;;
		esac
	done < <("$@" 2>&1)
	wait "$!" || status=$?
	[[ -z $name ]] || fail "$name" <"$scratch/story"
	if ((passed + failed + skipped == before)); then
		fail "$what: no test ran (status $status)" <"$scratch/story"
	elif ((status != 0 && failed == failed_before)); then
		fail "$what: ended with status $status" <"$scratch/story"
	fi
}

# Runs a command as one test; what it says is its story.
one() {
	local name=$1 said status=0
	shift
	said=$("$@" 2>&1 </dev/null) || status=$?
	if ((status == 0)); then
		printf 'ok - %s\n' "$name"
	else
		printf 'not ok - %s\n' "$name"
		printf '%s\n' "$said" | sed 's/^/# /'
	fi
}

# ---- tests: who and where -------------------------------------------------------------------------------------------------

declare -A built=()

# need PRESET…: builds each once. A build that fails is one failed test; whoever needs it is not run.
need() {
	local preset good=0
	for preset; do
		if [[ -z ${built[$preset]:-} ]]; then
			printf 'building %s\n' "$preset"
			if compile "$preset" >"$scratch/$preset" 2>&1; then
				built[$preset]=yes
			else
				built[$preset]=no
				grep -E '(error|warning): |^FAILED: |undefined reference|CMake Error' "$scratch/$preset" | tail -n 60 |
					{ cat && echo && tail -n 5 "$scratch/$preset"; } | fail "build: $preset"
			fi
		fi
		[[ ${built[$preset]} == yes ]] || good=1
	done
	return "$good"
}

# An ordinary user, for whom the grader is made too. Root borrows an id that nobody has.
user_id=61742
user_home=$scratch/user

as_user() {
	if ((EUID != 0)); then
		"$@"
	else
		setpriv --reuid "$user_id" --regid "$user_id" --clear-groups -- \
			env -C "$user_home" HOME="$user_home" USER=pupil LOGNAME=pupil TMPDIR="$user_home/tmp" "$@"
	fi
}

# What the tests of whole runs need, where that user can read it.
make_user_tree() {
	((EUID == 0)) || return 0
	[[ ! -d $user_home ]] || return 0
	mkdir -p "$user_home/tmp" "$user_home/tree"
	cp -a "$root"/{specs,tests,docs,reference} "$user_home/tree/"
	cp "$builds/release/grader" "$user_home/tree/grader-release"
	chown -R "$user_id:$user_id" "$user_home"
}

boxes_work() { "$@" unshare --user --map-root-user --mount --pid --net --ipc --uts --fork true 2>/dev/null; }

ran_as_root=''

# everyone FUNCTION: calls FUNCTION WHO TREE GRADER PREFIX…; as root once for us, and always as an ordinary user.
everyone() {
	if ((EUID == 0)); then
		if boxes_work env; then
			ran_as_root=yes
			"$1" root "$root" "$builds/release/grader" env
		else
			refused "$1: root" "this machine refuses namespaces to root"
		fi
		make_user_tree
		if boxes_work as_user; then
			"$1" user "$user_home/tree" "$user_home/tree/grader-release" as_user
		else
			refused "$1: user" "this machine refuses namespaces to ordinary users"
		fi
	elif boxes_work env; then
		"$1" user "$root" "$builds/release/grader" env
	else
		refused "$1: user" "this machine refuses namespaces to ordinary users"
	fi
}

# ---- tests: the parts -----------------------------------------------------------------------------------------------------

# ctest's own lines become ours.
run_ctest() {
	ctest --test-dir "$1" -j "$processors" --timeout 300 --output-on-failure "${@:2}" | awk '
		/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
			name = $0
			sub(/^[^:]*: /, "", name)
			sub(/ .*/, "", name)
			failed = 0
			if (/\*\*\*Skipped/ || /\*\*\*Not Run \(Disabled\)/)
				print "ok - " name " # SKIP it says so itself"
			else if (/   Passed /)
				print "ok - " name
			else {
				print "not ok - " name
				failed = 1
			}
			next
		}
		/^ *Start +[0-9]+: / || /^[0-9]+% tests passed/ { failed = 0 }
		failed { print "# " $0 }
		{ fflush() }'
}

# in_both_builds CTEST-OPTION…: with gcc and with clang, both with ASan and UBSan.
in_both_builds() {
	local preset
	for preset in ci ci-clang; do
		need "$preset" || continue
		count "$preset" run_ctest "$builds/$preset" "$@"
	done
}

part_unit() { in_both_builds -R '^unit\.' -E '_cases$'; }
part_cases() { in_both_builds -R '^case\.|_cases$'; }
part_fuzz() { in_both_builds -R '^fuzz\.'; }

run_scenarios() {
	local who=$1 tree=$2 program=$3 folder=$4
	shift 4
	count "$who" "$@" env GRADER="$program" ALSO_AS_ROOT="$ran_as_root" "$tree/tests/e2e/run.sh" "$tree/tests/$folder"
}

e2e() { run_scenarios "$1" "$2" "$3" e2e "${@:4}"; }
evil() { run_scenarios "$1" "$2" "$3" evil "${@:4}"; }

part_e2e() {
	need release || return 0
	everyone e2e
}

part_evil() {
	if ! compgen -G "$root/tests/evil/t-*.sh" >/dev/null; then
		skip evil "tests/evil holds no test yet"
		return
	fi
	need release || return 0
	everyone evil
}

# Holds each spec to its corpus: a test a submission, and one for the whole.
hold_specs() {
	local tree=$1 program=$2 spec id bad=0
	shift 2
	for spec in "$tree"/specs/*.yaml; do
		id=$(basename "$spec" .yaml)
		if [[ ! -d $tree/tests/submissions/$id ]]; then
			printf 'ok - %s # SKIP tests/submissions has none for it\n' "$id"
			continue
		fi
		"$@" "$program" spec test "$spec" "$tree/tests/submissions/$id" --lang en 2>&1 | awk -v id="$id" '
			/^ok / { print "ok - " id "/" $2; fflush(); next }
			/^BAD / { print "not ok - " id "/" $2; next }
			{ print "# " $0 }
			/NO wrong submission/ { unused = unused " " $1 }
			END { if (unused != "") print "not ok - " id ": no wrong submission exercises" unused }' || bad=1
	done
	return "$bad"
}

corpus() { count "$1" hold_specs "$2" "$3" "${@:4}"; }

part_corpus() {
	need release ci || return 0
	everyone corpus
	# the grader itself under ASan and UBSan: the exit status tells of what they found. What it frees is kept from use for a
	# while; not for 256 MiB of it, which every fork would copy.
	boxes_work env || return 0
	count asan hold_specs "$root" "$builds/ci/grader" env ASAN_OPTIONS=quarantine_size_mb=8
}

part_lint() {
	local name
	configure ci-clang >"$scratch/ci-clang" 2>&1 || { fail "lint: cmake --preset ci-clang" <"$scratch/ci-clang" && return; }
	for name in self-test layers words format shell cppcheck; do
		count lint one "$name" "$root/tests/lint/$name.sh"
	done
	count lint one tidy "$root/tests/lint/tidy.sh" "$builds/ci-clang"
}

all_parts=(unit cases fuzz e2e evil corpus lint)

# Those of a whole run: evil joins as soon as it holds tests. Asked for by name it says so.
default_parts() {
	local part
	for part in "${all_parts[@]}"; do
		[[ $part == evil ]] && ! compgen -G "$root/tests/evil/t-*.sh" >/dev/null || printf '%s\n' "$part"
	done
}

command_test() {
	local -a parts=("$@")
	local part known
	((${#parts[@]} > 0)) || mapfile -t parts < <(default_parts)
	known=" ${all_parts[*]} "
	for part in "${parts[@]}"; do
		[[ $known == *" $part "* ]] || die "no part '$part': ${all_parts[*]}" 2
	done
	install_packages build test
	: >"$scratch/failures"
	for part in "${parts[@]}"; do
		local began=$SECONDS
		heading "$part"
		"part_$part"
		printf '(%s: %d s)\n' "$part" "$((SECONDS - began))"
	done
	if ((failed > 0)); then
		heading failures
		cat "$scratch/failures"
	fi
	echo
	local line="$passed passed, $failed failed"
	((skipped == 0)) || line+=", $skipped skipped"
	printf '%s\n' "$line"
	((failed == 0))
}

# ---- the other commands ---------------------------------------------------------------------------------------------------

command_demo() {
	install_packages build
	build_release
	cd "$root"
	say "grader run specs/tp3.yaml tests/submissions/tp3/"
	"$grader" run specs/tp3.yaml tests/submissions/tp3/
}

command_build() {
	install_packages build
	build_release
	printf '%s\n' "$grader"
}

command_bench() {
	local name=${1:-} script
	for script in "$root/tests/bench/$name" "$root/tests/bench/$name.sh"; do
		[[ -n $name && -f $script ]] || continue
		install_packages build bench
		build_release
		cd "$root"
		GRADER=$grader "$script" "${@:2}"
		return
	done
	say "benchmarks: $(find "$root/tests/bench" -maxdepth 1 -type f -executable -printf '%f ' 2>/dev/null)"
	[[ -z $name ]] || die "no benchmark '$name'" 2
}

command_packages() {
	local what
	(($# > 0)) || set -- build test bench
	for what; do
		packages_for "$what"
	done
}

case ${1:-} in
demo | build | test | bench | packages) "command_$1" "${@:2}" ;;
-h | --help | help) usage ;;
*)
	usage >&2
	exit 2
	;;
esac

#!/usr/bin/env bash
# Whether a machine that has only a minimal Debian 12 comes from a clone to marks by one command; and whether twice does no harm.
# Not part of ./setup.sh test: it needs root, debootstrap, a mirror, about 1 GB and some minutes.
#
#	tests/e2e/minimal-debian.sh [FOLDER [COMMAND…]]
#
# FOLDER keeps the machine (a new temporary one when not said, gone afterwards). COMMAND is run in the clone instead of the usual
# ones, say: ./setup.sh test. MIRROR: where packages come from.
#
# The machine's root is entered by pivot_root and not by chroot: the kernel gives no user namespace to whoever is chrooted.
set -euo pipefail

tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
: "${MIRROR:=http://deb.debian.org/debian}"
((EUID == 0)) || { echo "minimal-debian.sh: needs root" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "minimal-debian.sh: needs the package debootstrap" >&2; exit 2; }

machine=${1:-}
(($# == 0)) || shift
if [[ -z $machine ]]; then
	machine=$(mktemp -d)
	trap 'rm -rf --one-file-system "$machine"' EXIT
fi
if [[ ! -e $machine/etc/debian_version ]]; then
	debootstrap --variant=minbase bookworm "$machine" "$MIRROR"
fi

# A clone: what git would bring, without what was built.
rm -rf --one-file-system "$machine/srv/grader"
mkdir -p "$machine/srv/grader"
tar -C "$tree" --exclude=./.git --exclude=./build --exclude=./results -cf - . | tar -C "$machine/srv/grader" -xf -

# in_machine COMMAND…: as root of that machine, in the clone, with what a machine has mounted, and a bare environment.
in_machine() {
	# shellcheck disable=SC2016  # the inner shell's
	unshare --mount --propagation private bash -euo pipefail -c '
		cd "$1"
		shift
		mount --bind . .
		cd "$PWD"
		mount -t proc proc proc
		mount --rbind /sys sys
		mount --rbind /dev dev
		mount -t tmpfs tmpfs tmp
		mkdir -p .before
		pivot_root . .before
		cd /srv/grader
		umount -l /.before
		exec env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
	' _ "$machine" "$@"
}

if (($# > 0)); then
	in_machine "$@"
	exit
fi

echo '--- an ordinary user who may not install is told what to install'
status=0
in_machine setpriv --reuid 1000 --regid 1000 --clear-groups ./setup.sh demo || status=$?
((status == 1)) || { echo "FAILED: exit status $status instead of 1"; exit 1; }

for round in first second; do
	echo "--- ./setup.sh demo, the $round time"
	began=$SECONDS
	in_machine ./setup.sh demo
	echo "--- $((SECONDS - began)) s"
done
in_machine ./setup.sh build | tail -n 1

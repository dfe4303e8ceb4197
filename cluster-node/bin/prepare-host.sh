#!/usr/bin/env bash
# Prepares a Debian host: installs the tools that Holdfast calls and, where the distribution has no CRIU that
# works with the running kernel, builds one below /opt/holdfast. Replaces nothing of the distribution's.
# Does only what is missing; takes a moment when nothing is.
#
#   prepare-host.sh           do it (needs root)
#   prepare-host.sh --plan    print what would be done, one line each, and change nothing
#   prepare-host.sh --tests   do it, and install what only the tests call: a browser, other NBD tools, fault injectors
#
# Samepage merging is turned on where the kernel has it and it is off, for memory of frozen copies, and with systemd
# also for the starts of the machine to come. It looks at nothing but memory that asks for it.
#
#   CRIU_TARBALL              a criu_*.orig.tar.xz to build from, instead of fetching it
#   HOLDFAST_TOOLS            where to install, instead of /opt/holdfast
set -euo pipefail

criu_version=4.2.1
criu_sha256=29ec0ee09e296479fe7048c80980e8ef1d0684d0b0204c2b101dfea19f6725b9
prefix=${HOLDFAST_TOOLS:-/opt/holdfast}
criu=$prefix/sbin/criu
ksm=/sys/kernel/mm/ksm

# command:package
tools=(
  runc:runc ip:iproute2 nft:nftables iptables:iptables fusermount3:fuse3 mkfs.erofs:erofs-utils
  nbdfuse:libnbd-bin setsid:util-linux flock:util-linux
)
# library:package
libraries=(libisal.so.2:libisal2)
test_packages=(
  chromium e2fsprogs fio libfaketime nbdkit python3 python3-libnbd qemu-utils redis-server strace xfsprogs
)
build_packages=(
  gcc make pkg-config bison flex xz-utils curl ca-certificates libprotobuf-dev libprotobuf-c-dev
  protobuf-c-compiler protobuf-compiler libnl-3-dev libnet1-dev libcap-dev libbsd-dev libnftables-dev
  libgnutls28-dev uuid-dev libelf-dev libdrm-dev
)

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

fail() { printf 'prepare-host: %s\n' "$*" >&2; exit 1; }

missing_tools() {
  local entry
  for entry in "${tools[@]}"; do
    command -v "${entry%%:*}" >/dev/null || printf '%s\n' "${entry#*:}"
  done | sort -u
  for entry in "${libraries[@]}"; do
    [[ $(ldconfig -p) == *"${entry%%:*}"* ]] || printf '%s\n' "${entry#*:}"
  done
}

# of the packages named
missing_packages() {
  local package
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
  done
}

# at_least 4.2.1 4 2
at_least() {
  local major minor
  IFS=. read -r major minor _ <<<"$1"
  minor=${minor%%[!0-9]*}
  (( major > $2 || (major == $2 && ${minor:-0} >= $3) ))
}

version_of() { "$1" --version 2>/dev/null | sed -n 's/^Version: //p' | head -n 1; }

# From kernel 6.16 on CRIU before 4.2 cannot dump a process that holds an inet socket.
criu_needed() {
  local candidate version kernel
  kernel=$(uname -r)
  for candidate in "$criu" "$(command -v criu || true)"; do
    [[ -n $candidate && -x $candidate ]] || continue
    version=$(version_of "$candidate")
    [[ -n $version ]] || continue
    if ! at_least "$kernel" 6 16 || at_least "$version" 4 2; then
      return 1
    fi
  done
}

# The mirror that apt itself uses on this host for the most of its indexes.
mirror() {
  apt-get indextargets --format '$(REPO_URI)' | grep -v security | sort | uniq -c | sort -rn | awk 'NR == 1 { print $2 }'
}

# Off, or so slow that it finds nothing in time.
merging_needed() {
  [[ -w $ksm/run ]] || return 1
  [[ $(<"$ksm/run") == 1 ]] || return 0
  if [[ -w $ksm/advisor_mode ]]; then
    [[ $(<"$ksm/advisor_mode") != *'[scan-time]'* ]] && (( $(<"$ksm/pages_to_scan") < 500 ))
  else
    (( $(<"$ksm/pages_to_scan") < 500 ))
  fi
}

# setting=value, in the order in which they are to be made
merging_settings() {
  if [[ -w $ksm/advisor_mode ]]; then
    # The kernel looks at everything once in so many seconds, with at most so many percent of a processor.
    printf '%s\n' advisor_target_scan_time=30 advisor_max_cpu=25 advisor_mode=scan-time
  else
    printf '%s\n' pages_to_scan=1000 sleep_millisecs=20
  fi
  printf 'run=1\n'
}

turn_merging_on() {
  local setting kept=/etc/tmpfiles.d/holdfast-ksm.conf
  for setting in $(merging_settings); do
    echo "${setting#*=}" >"$ksm/${setting%%=*}" || fail "cannot set $ksm/${setting%%=*}"
  done
  if [[ -d /run/systemd/system ]]; then
    for setting in $(merging_settings); do
      printf 'w %s/%s - - - - %s\n' "$ksm" "${setting%%=*}" "${setting#*=}"
    done >"$kept"
  fi
  printf 'turned samepage merging on\n'
}

plan() {
  local packages
  if merging_needed; then
    printf 'turn on samepage merging of the kernel (%s)\n' "$ksm"
  fi
  packages=$(missing_tools | xargs)
  [[ -z $packages ]] || printf 'install packages: %s\n' "$packages"
  packages=$([[ $with_tests == no ]] || missing_packages "${test_packages[@]}" | xargs)
  [[ -z $packages ]] || printf 'install packages for the tests: %s\n' "$packages"
  if criu_needed; then
    packages=$(missing_packages "${build_packages[@]}" | xargs)
    [[ -z $packages ]] || printf 'install packages to build CRIU: %s\n' "$packages"
    printf 'build CRIU %s from the source of the Debian mirror into %s (about a minute)\n' "$criu_version" "$criu"
  fi
}

install_packages() {
  (( $# > 0 )) || return 0
  # A host that was just set up has no package lists yet.
  apt-get install -y --no-install-recommends "$@" >"$work/apt.log" 2>&1 ||
    { apt-get update >"$work/apt.log" 2>&1 && apt-get install -y --no-install-recommends "$@" >>"$work/apt.log" 2>&1; } ||
    fail "apt-get cannot install $*: $(tail -n 5 "$work/apt.log")"
  printf 'installed %s\n' "$*"
}

build_criu() {
  local tarball=$work/criu.tar.xz from
  if [[ -n ${CRIU_TARBALL:-} ]]; then
    cp -- "$CRIU_TARBALL" "$tarball"
  else
    from=$(mirror)
    [[ -n $from ]] || fail "apt knows no mirror; set CRIU_TARBALL to criu_$criu_version.orig.tar.xz"
    curl --fail --silent --show-error --location --max-time 300 \
      -o "$tarball" "${from%/}/pool/main/c/criu/criu_$criu_version.orig.tar.xz" ||
      fail "cannot fetch CRIU's source from the Debian mirror; set CRIU_TARBALL to it"
  fi
  printf '%s  %s\n' "$criu_sha256" "$tarball" | sha256sum --check --status ||
    fail "the source of CRIU $criu_version is not the expected one (sha256 differs)"
  mkdir "$work/source"
  tar -xf "$tarball" -C "$work/source" --strip-components=1
  # RUNDIR: CRIU keeps what it found out about the kernel only on tmpfs; elsewhere every call pays 45 ms.
  make -C "$work/source" -j"$(nproc)" RUNDIR=/dev/shm criu >"$work/build.log" 2>&1 ||
    fail "CRIU does not build: $(tail -n 20 "$work/build.log")"
  install -D -m 755 -s "$work/source/criu/criu" "$criu.new"
  mv -f -- "$criu.new" "$criu"
  printf 'built CRIU %s at %s\n' "$(version_of "$criu")" "$criu"
}

main() {
  with_tests=no
  case ${1:-} in
    --plan) plan; return ;;
    --tests) with_tests=yes ;;
    '') ;;
    *) fail "usage: prepare-host.sh [--plan | --tests]" ;;
  esac
  [[ -n $(plan) ]] || { printf 'nothing to do\n'; return; }
  [[ $(id -u) == 0 ]] || fail "needs root to: $(plan)"
  if merging_needed; then
    turn_merging_on
    [[ -n $(plan) ]] || return 0
  fi
  command -v apt-get >/dev/null || fail "this host has no apt-get; do it by hand: $(plan)"
  mkdir -p "$prefix"
  # One at a time: a second caller waits, then finds nothing left to do. What is started must not inherit it.
  exec 9>"$prefix/prepare.lock"
  flock 9
  work=$(mktemp -d)
  trap 'rm -rf --one-file-system "$work"' EXIT
  mapfile -t packages < <(missing_tools)
  install_packages "${packages[@]}" 9>&-
  if criu_needed; then
    mapfile -t packages < <(missing_packages "${build_packages[@]}")
    install_packages "${packages[@]}" 9>&-
    build_criu 9>&-
  fi
  if [[ $with_tests == yes ]]; then
    mapfile -t packages < <(missing_packages "${test_packages[@]}")
    install_packages "${packages[@]}" 9>&-
    # The tests start a redis of their own; the package's is not wanted.
    if [[ " ${packages[*]} " == *" redis-server "* && -d /run/systemd/system ]]; then
      systemctl disable --now redis-server >"$work/systemctl.log" 2>&1 9>&- ||
        printf 'redis-server, which the tests need, runs as a service now\n'
    fi
  fi
}

main "$@"

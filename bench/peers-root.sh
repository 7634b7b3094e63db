#!/usr/bin/env bash
# The benchmark beside the newest peers, in a Debian sid root of its own; see usage() below.
set -euo pipefail

usage() {
    cat <<'END_USAGE'
usage: bench/peers-root.sh DIRECTORY [--stale-mirror] [--json FILE] [BENCH_OPTION...]

Makes a Debian sid root in DIRECTORY (2 to 3 GiB) from the mirror that this machine uses, installs the newest oneDNN,
XNNPACK, PyTorch, onnxruntime and OpenBLAS in it, builds the library and its benchmark there, and runs it with the options
given. The result is copied to FILE, which is build/bench-sid.json unless said. Needs root. Run it again at will: what
is there is kept. Delete DIRECTORY/.peers to have the packages brought up to date. --stale-mirror accepts a mirror whose
index has expired, which is a frozen copy or an attack: your decision.
END_USAGE
}

packages='g++ cmake ninja-build pkg-config libopenblas-dev libdnnl-dev libxnnpack-dev libpthreadpool-dev libtorch-dev libonnxruntime-dev'

fail() {
    echo "$0: $*" >&2
    exit 1
}

mirror() {
    local codename
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' ${codename:+"Codename: $codename"} |
        head -n 1
}

in_root() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM="${TERM:-dumb}" \
        DEBIAN_FRONTEND=noninteractive "$@"
}

make_root() {
    [ ! -e "$root/.made" ] || return 0
    command -v debootstrap >/dev/null || fail "please install debootstrap"
    local from
    from=$(mirror)
    [ -n "$from" ] || fail "apt knows no Debian mirror on this machine (try: apt-get update)"
    debootstrap --variant=minbase sid "$root" "$from"
    touch "$root/.made"
}

install_peers() {
    [ "$(cat "$root/.peers" 2>/dev/null)" != "$packages" ] || return 0
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # no services are to be started
    chmod +x "$root/usr/sbin/policy-rc.d"
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    local apt=(apt-get -qq -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-unsafe-io ${apt_options[@]+"${apt_options[@]}"})
    in_root "${apt[@]}" update
    in_root "${apt[@]}" dist-upgrade -y
    # shellcheck disable=SC2086
    in_root "${apt[@]}" install -y --no-install-recommends $packages
    in_root "${apt[@]}" clean
    echo "$packages" >"$root/.peers"
}

build() {
    mkdir -p "$root/activations"
    find "$root/activations" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
    (cd "$source" && tar -c --exclude=./build --exclude=./.git .) | tar -x --no-same-owner -C "$root/activations"
    in_root sh -ec 'cd /activations
        cmake --preset bench -DACT_WERROR=OFF
        cmake --build --preset bench' >"$root/activations/build.log" 2>&1 || {
        cat "$root/activations/build.log" >&2
        fail "the build in $root failed"
    }
}

case ${1:-} in
'' | -h | --help)
    usage
    exit 2
    ;;
esac
[ "$(id -u)" = 0 ] || fail "needs root, for debootstrap and chroot"
# Mounts in a namespace of our own end with this process, however it ends.
if [ -z "${ACT_PEERS_ROOT_INSIDE:-}" ]; then
    ACT_PEERS_ROOT_INSIDE=1 exec unshare --mount --propagation private "$0" "$@"
fi

source=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
root=$(cd "$1" && pwd)
shift
[ "$root" != / ] || fail "not here"
json=$source/build/bench-sid.json
options=()
apt_options=()
while [ $# -gt 0 ]; do
    case $1 in
    --json)
        json=${2:?--json needs a file}
        shift 2
        ;;
    --stale-mirror)
        apt_options=(-o Acquire::Check-Valid-Until=false)
        shift
        ;;
    *)
        options+=("$1")
        shift
        ;;
    esac
done

make_root
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
install_peers
build
status=0 # not 0 also where a peer's results differ from ours
in_root /activations/build/release-bench/bench/act_bench --json /activations/bench.json ${options[@]+"${options[@]}"} ||
    status=$?
[ -s "$root/activations/bench.json" ] || exit "$status"
mkdir -p "$(dirname "$json")"
cp "$root/activations/bench.json" "$json"
echo "The results are in $json; bench/report makes tables and plots of them."
exit "$status"

# The Debian 12 packages that weir needs, the only list of them, and what installs the missing ones.
# Sourced by the other scripts, which have set `root` to the top of the checkout.

build_packages=(
    g++ cmake ninja-build pkg-config ccache
    libboost1.81-dev libboost-json1.81-dev libboost-system1.81-dev libboost-test1.81-dev
    libspdlog-dev libcli11-dev libssl-dev zlib1g-dev libzstd-dev prometheus-cpp-dev libsimdjson-dev
    libre2-dev libyaml-cpp-dev uap-core
    libzmq3-dev cppzmq-dev
    libgrpc++-dev protobuf-compiler-grpc libprotobuf-dev
    libtomlplusplus-dev
)
# Clients that are not ours, for the end-to-end tests, and what they need.
test_packages=(
    clang-format-14 netcat-openbsd curl openssl procps zstd redis-tools ruby python3 python3-websockets python3-zmq python3-msgpack python3-prometheus-client
    python3-grpcio python3-protobuf fish zsh groff-base chromium ca-certificates
)
# What the benchmarks are built with and run by, beside the rest.
bench_packages=(libbenchmark-dev libconcurrentqueue-dev python3)
# Servers to compare with; they are unpacked and not installed, for two of them exclude each other.
peer_packages=(rsyslog syslog-ng-core nats-server)
lint_packages=(clang-format-14 clang-19 clang-tidy-19 libclang-rt-19-dev)

# A Node.js that is there already, from wherever, is as good as Debian's.
node_packages=()
command -v node >/dev/null || node_packages+=(nodejs)
command -v npm >/dev/null || node_packages+=(npm)
test_packages+=("${node_packages[@]}")

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

# Runs a command as root, quietly; what it printed is shown only if it fails.
as_root() {
    local sudo=() output
    ((EUID == 0)) || sudo=(sudo)
    if ! output=$("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive "$@" 2>&1); then
        printf '%s\n' "$output" | tail -n 20 >&2
        return 1
    fi
}

# install_packages NAME…: installs those that are missing; silent where none is.
install_packages() {
    command -v dpkg-query >/dev/null || fail "this is not Debian; install by hand what stands for: $*"
    local installed missing=() package
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null)
    for package in "$@"; do
        grep -qx "installed $package" <<<"$installed" || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    if [[ " ${missing[*]} " == *" libboost1.81-dev "* ]] &&
        grep -qx "installed libboost1.74-dev" <<<"$installed"; then
        fail "libboost1.74-dev is installed and can't stand beside 1.81; first: apt-get remove libboost1.74-dev"
    fi
    say "installing ${#missing[@]} Debian packages: ${missing[*]}"
    as_root apt-get -qq update || fail "apt-get update failed, see above"
    # Never at the price of something that is installed: then a person has to decide.
    as_root apt-get -qq -y --no-install-recommends --no-remove install "${missing[@]}" ||
        fail "could not install ${missing[*]}, see above"
}

# unpack FOLDER NAME…: for packages that would start a server, or can't stand beside one that is installed.
unpack() {
    local folder=$1
    shift
    say "fetching $* into ${folder#"$root"/}"
    mkdir -p "$folder"
    (
        cd "$folder" || exit 1
        rm -f ./*.deb
        apt-get -qq download "$@" 2>/dev/null ||
            { as_root apt-get -qq update && apt-get -qq download "$@"; } || exit 1
        for package in ./*.deb; do
            dpkg-deb -x "$package" . || exit 1
        done
        rm ./*.deb
    ) || fail "could not fetch $*, see above"
}

# promtool and the server itself, which are of one package.
fetch_prometheus() {
    command -v promtool >/dev/null && command -v prometheus >/dev/null && return
    local tools=$root/build/tools
    export PATH=$tools/usr/bin:$PATH
    [[ -x $tools/usr/bin/prometheus ]] || unpack "$tools" prometheus
}

# fetch_peers FOLDER NAME…: each with the libraries that it needs and that are missing here. Their
# daemons neither start nor get in each other's way.
fetch_peers() {
    local folder=$1 package missing
    shift
    for package in "$@"; do
        [[ -e $folder/.has-$package ]] && continue
        missing=$(apt-get -s --no-install-recommends install "$package" | awk '$1 == "Inst" { print $2 }')
        [[ " ${missing//$'\n'/ } " == *" $package "* ]] || missing+=" $package"
        # shellcheck disable=SC2086 # words
        unpack "$folder" $missing
        touch "$folder/.has-$package"
    done
}

# The end-to-end tests' own npm packages, again only where the lock file has changed.
install_node_modules() {
    local e2e=$root/test/e2e
    [[ -f $e2e/package-lock.json ]] || return 0
    cmp -s "$e2e/package-lock.json" "$e2e/node_modules/.installed" && return 0
    say "installing the end-to-end tests' npm packages"
    (cd "$e2e" && npm ci --silent --ignore-scripts --no-audit --no-fund) || return 1
    cp "$e2e/package-lock.json" "$e2e/node_modules/.installed"
}

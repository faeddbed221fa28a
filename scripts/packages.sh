# The Debian 12 packages that weir needs, the only list of them, and what installs the missing ones.
# Sourced by the other scripts, which have set `root` to the top of the checkout.

build_packages=(
    g++ cmake ninja-build pkg-config ccache
    libboost1.81-dev libboost-json1.81-dev libboost-system1.81-dev libboost-test1.81-dev
    libspdlog-dev libcli11-dev libssl-dev zlib1g-dev libzstd-dev prometheus-cpp-dev libsimdjson-dev
)
# Clients that are not ours, for the end-to-end tests, and what they need.
test_packages=(
    clang-format-14 netcat-openbsd curl openssl procps zstd python3 python3-websockets chromium ca-certificates
)
# What the benchmarks are built with, beside the rest.
bench_packages=(libbenchmark-dev libconcurrentqueue-dev)
lint_packages=(clang-format-14 clang-19 clang-tidy-19 libclang-rt-19-dev)

# A Node.js that is there already, from wherever, is as good as Debian's.
command -v node >/dev/null || test_packages+=(nodejs)
command -v npm >/dev/null || test_packages+=(npm)

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

# promtool's package also starts a server, so it is unpacked under build/ and not installed.
fetch_promtool() {
    command -v promtool >/dev/null && return
    local tools=$root/build/tools
    export PATH=$tools/usr/bin:$PATH
    [[ -x $tools/usr/bin/promtool ]] && return
    say "fetching promtool into build/tools"
    mkdir -p "$tools"
    (
        cd "$tools"
        apt-get -qq download prometheus 2>/dev/null ||
            { as_root apt-get -qq update && apt-get -qq download prometheus; }
        dpkg-deb -x prometheus_*.deb .
        rm prometheus_*.deb
    ) || fail "could not fetch promtool, see above"
}

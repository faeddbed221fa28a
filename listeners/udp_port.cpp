#include "listeners/udp_port.hpp"

#include "queues/publish.hpp"
#include "wire/line_end.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/deferred.hpp>
#include <cerrno>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <utility>

namespace weir {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

namespace {

constexpr auto use_deferred_tuple = asio::as_tuple(asio::deferred);
constexpr std::size_t batch_bytes = 512u << 10; // and one slot more at most
constexpr std::size_t arena_hint = 64u << 10;
constexpr std::size_t most_at_once = 16 * udp_burst::most; // then others on this thread have a turn
constexpr std::size_t least_in_kernel = 512; // what a datagram occupies there, however short
constexpr std::chrono::milliseconds breath{100};
constexpr std::chrono::seconds watch_every{1};

error_code last_fault() { return {errno, boost::system::system_category()}; }

bool set_option(int socket, int level, int name, int value) {
    return ::setsockopt(socket, level, name, &value, sizeof value) == 0;
}

} // namespace

udp_port::udp_port(const listener_setting& setting, const udp_options& options, io_executor where)
    : setting_(setting), options_(options), gate_(where), pause_(where), watch_(where),
      batch_(setting.origin, arena_hint) {}

udp_port::~udp_port() { close(); }

void udp_port::close() {
    error_code ignored;
    gate_.close(ignored);
    if (socket_ >= 0)
        ::close(std::exchange(socket_, -1));
}

error_code udp_port::open(const udp::endpoint& where, bool shared) {
    return try_open(where, shared) ? error_code() : last_fault();
}

bool udp_port::try_open(const udp::endpoint& where, bool shared) {
    socket_ = ::socket(where.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_ < 0)
        return false;
    // ":9000" is every interface; "[::]:9000" leaves 0.0.0.0:9000 to others.
    if (where.protocol() == udp::v6() &&
        !set_option(socket_, IPPROTO_IPV6, IPV6_V6ONLY, options_.listen.host.empty() ? 0 : 1))
        return false;
    if (shared && !set_option(socket_, SOL_SOCKET, SO_REUSEPORT, 1))
        return false;
    // Only root gets more than net.core.rmem_max.
    const auto wanted = static_cast<int>(std::min<std::uint64_t>(options_.rcvbuf.bytes, 1u << 30));
    if (!set_option(socket_, SOL_SOCKET, SO_RCVBUFFORCE, wanted))
        set_option(socket_, SOL_SOCKET, SO_RCVBUF, wanted);
    set_option(socket_, SOL_SOCKET, SO_RXQ_OVFL, 1);
    const bool gro = set_option(socket_, SOL_UDP, UDP_GRO, 1); // an old kernel does without
    burst_ = std::make_unique<udp_burst>(options_.max_message.bytes, gro, !options_.allow.empty());
    return ::bind(socket_, where.data(), static_cast<socklen_t>(where.size())) == 0 && make_gate();
}

void udp_port::share(bool shared) { set_option(socket_, SOL_SOCKET, SO_REUSEPORT, shared ? 1 : 0); }

// A connected socket hears nobody but its peer: here itself, who sends nothing.
void udp_port::turn_away() {
    const udp::endpoint self = bound();
    ::connect(socket_, self.data(), static_cast<socklen_t>(self.size()));
}

std::uint64_t udp_port::count_waiting() {
    constexpr std::uint64_t most = 1u << 20; // senders need not pause
    std::uint64_t count = 0;
    char first = 0;
    while (count < most && ::recv(socket_, &first, 1, MSG_DONTWAIT | MSG_TRUNC) >= 0)
        ++count;
    return count;
}

udp::endpoint udp_port::bound() const {
    udp::endpoint local;
    auto size = static_cast<socklen_t>(local.capacity());
    ::getsockname(socket_, local.data(), &size);
    local.resize(size);
    return local;
}

std::uint64_t udp_port::receive_buffer() const {
    int twice = 0; // the kernel doubles it for its own needs
    socklen_t size = sizeof twice;
    ::getsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &twice, &size);
    return static_cast<std::uint64_t>(twice) / 2;
}

// Asio watches each of its own descriptors edge-triggered and for good, so that every datagram
// would wake the thread even while it pauses. Behind a one-shot epoll set the socket is silent
// until asked.
bool udp_port::make_gate() {
    const int set = ::epoll_create1(EPOLL_CLOEXEC);
    if (set < 0)
        return false;
    gate_.assign(set);
    epoll_event event{};
    event.events = EPOLLONESHOT;
    return ::epoll_ctl(set, EPOLL_CTL_ADD, socket_, &event) == 0;
}

task<> udp_port::readable() {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLONESHOT;
    ::epoll_ctl(gate_.native_handle(), EPOLL_CTL_MOD, socket_, &event);
    auto fired = gate_.async_wait(descriptor::wait_read, use_deferred_tuple);
    co_await std::move(fired);
    ::epoll_wait(gate_.native_handle(), &event, 1, 0); // taken, and so silent
}

task<> udp_port::serve() {
    while (!stopping_) {
        const std::size_t taken = drain(most_at_once);
        const error_code fault = last_fault();
        std::chrono::microseconds pause{0};
        if (taken == 0 && fault != asio::error::would_block) {
            limit_.warn("{}: can't receive: {}", to_string(bound()), fault.message());
            pause = breath;
        } else if (pacer_.busy(taken) && taken < most_at_once) {
            pause = udp_pacer::pause;
        }
        if (pause.count() > 0) {
            pause_.expires_after(pause);
            co_await pause_.async_wait(use_task_tuple);
        } else {
            co_await readable();
        }
    }
    // What the kernel holds now and nothing later, for senders need not pause.
    if (const auto held = memory_info(SK_MEMINFO_RMEM_ALLOC); held && *held > 0)
        drain(*held / least_in_kernel + 1);
    if (const auto drops = memory_info(SK_MEMINFO_DROPS))
        note_drops(*drops);
    close();
}

// Drops are told beside the next datagram, which may be long in coming.
task<> udp_port::watch_drops() {
    while (!stopping_) {
        watch_.expires_after(watch_every);
        co_await watch_.async_wait(use_task_tuple);
        if (const auto drops = memory_info(SK_MEMINFO_DROPS); drops && !stopping_)
            note_drops(*drops);
    }
}

void udp_port::stop() {
    stopping_ = true;
    error_code ignored;
    gate_.cancel(ignored);
    pause_.cancel();
    watch_.cancel();
}

std::size_t udp_port::drain(std::size_t most) {
    std::size_t taken = 0;
    for (;;) {
        const std::size_t slots = burst_->receive(socket_);
        for (std::size_t i = 0; i < slots; ++i) {
            taken += take(i);
            if (batch_.bytes() >= batch_bytes)
                publish();
        }
        if (const auto drops = burst_->drops())
            note_drops(*drops);
        if (slots < udp_burst::most || taken >= most)
            break;
    }
    publish();
    return taken;
}

std::size_t udp_port::take(std::size_t index) {
    const udp_burst::slot slot = burst_->at(index);
    std::string_view left = slot.bytes;
    const std::size_t datagrams =
        slot.segment == 0 ? 1 : (left.size() + slot.segment - 1) / slot.segment;
    if (!options_.allow.empty() && !allowed(options_.allow, burst_->peer(index))) {
        setting_.books.refused_messages[refusal::not_allowed].add(datagrams);
        return datagrams;
    }
    for (std::size_t i = 0; i < datagrams; ++i) {
        take_one(left.substr(0, slot.segment), slot.truncated);
        left.remove_prefix(std::min(slot.segment, left.size()));
    }
    return datagrams;
}

void udp_port::take_one(std::string_view datagram, bool truncated) {
    if (truncated || datagram.size() > options_.max_message.bytes)
        setting_.books.refused_messages[refusal::oversize].add();
    else if (const std::string_view message = without_line_end(datagram); message.empty())
        setting_.books.refused_messages[refusal::empty].add();
    else
        batch_.append(message);
}

void udp_port::publish() {
    if (!batch_.empty())
        publish_now(setting_.destination, setting_.books, batch_.finish());
}

std::optional<std::uint32_t> udp_port::memory_info(std::size_t which) {
    std::array<std::uint32_t, SK_MEMINFO_VARS> info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket_, SOL_SOCKET, SO_MEMINFO, info.data(), &size) != 0)
        return std::nullopt;
    return info[which];
}

// The two sources may come in either order, so the count only ever goes on.
void udp_port::note_drops(std::uint32_t all) {
    const auto more = static_cast<std::int32_t>(all - drops_);
    if (more <= 0)
        return;
    setting_.books.refused_messages[refusal::kernel_drop].add(static_cast<std::uint64_t>(more));
    drops_ = all;
}

} // namespace weir

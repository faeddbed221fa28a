#include "gateway/bench/udp_sender.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <netinet/udp.h>
#include <poll.h>
#include <thread>

namespace weir::bench {

namespace {

constexpr std::size_t a_burst = 64;
constexpr std::size_t most_segments = 64; // that kernels cut one send into
constexpr std::size_t most_gso_bytes = 65'000;
constexpr std::size_t gso_burst_bytes = 256u << 10;

std::size_t datagrams_a_header(const send_options& o) {
    return o.gso ? std::clamp<std::size_t>(most_gso_bytes / o.size.bytes, 1, most_segments) : 1;
}

std::size_t headers_a_burst(const send_options& o) {
    if (!o.gso)
        return a_burst;
    return std::clamp<std::size_t>(gso_burst_bytes / (datagrams_a_header(o) * o.size.bytes), 1, 16);
}

} // namespace

udp_sender::udp_sender(const send_options& o, const destination& to, unsigned thread)
    : sender(o, headers_a_burst(o) * datagrams_a_header(o)), a_header_(datagrams_a_header(o)),
      messages_(layout_, datagram_unit(layout_), headers_a_burst(o) * a_header_),
      parts_(headers_a_burst(o)), headers_(parts_.size()) {
    for (std::size_t i = 0; i < headers_.size(); ++i) {
        parts_[i] = {messages_.at(i * a_header_), a_header_ * o.size.bytes};
        headers_[i].msg_hdr.msg_iov = &parts_[i];
        headers_[i].msg_hdr.msg_iovlen = 1;
    }
    for (unsigned i = thread; i < o.connections; i += o.threads) {
        sources_.push_back({to.connect(), i, share_of(o.count.value, i)});
        const int segment = static_cast<int>(o.size.bytes);
        if (o.gso && setsockopt(sources_.back().socket.get(), SOL_UDP, UDP_SEGMENT, &segment,
                                sizeof segment) != 0)
            throw startup_error(
                fmt::format("--gso: this kernel has no UDP_SEGMENT ({})", std::strerror(errno)));
    }
}

void udp_sender::run(const std::atomic<bool>& stop) {
    begin();
    std::vector<source*> active;
    for (source& each : sources_)
        if (each.left > 0)
            active.push_back(&each);
    std::size_t turn = 0;
    while (!active.empty()) {
        const clock::time_point now = clock::now();
        if (now >= deadline_ || stop.load(std::memory_order_relaxed))
            break;
        const std::uint64_t due = pace_.due(now);
        if (due == 0) {
            std::this_thread::sleep_until(soon(pace_.next()));
            continue;
        }
        source& next = *active[turn++ % active.size()];
        send(next, static_cast<std::size_t>(std::min(due, next.left)), stop);
        if (next.left == 0)
            std::erase(active, &next);
    }
    books_.ended = clock::now();
    for (const source& each : sources_)
        books_.sent.push_back({each.from, each.sent, 0});
}

void udp_sender::send(source& from, std::size_t count, const std::atomic<bool>& stop) {
    messages_.stamp(count, from.from, from.sent, wall_clock_now());
    const std::size_t headers = (count + a_header_ - 1) / a_header_;
    parts_[headers - 1].iov_len = (count - (headers - 1) * a_header_) * options_.size.bytes;
    std::size_t done = 0;
    while (done < headers && !stop.load(std::memory_order_relaxed)) {
        const int taken = ::sendmmsg(from.socket.get(), &headers_[done],
                                     static_cast<unsigned>(headers - done), 0);
        if (taken > 0)
            done += static_cast<std::size_t>(taken);
        else
            handle_fault(errno);
    }
    parts_[headers - 1].iov_len = a_header_ * options_.size.bytes;
    const std::uint64_t sent = std::min(done * a_header_, count);
    from.sent += sent;
    from.left -= sent;
    pace_.sent(sent);
    books_.messages.add(sent);
}

// Those that pass are sent again.
void udp_sender::handle_fault(int fault) {
    switch (fault) {
    case EINTR:
        return;
    case ECONNREFUSED: // nobody took one of those before
        books_.errors.add();
        return;
    case EAGAIN:
    case ENOBUFS:
        std::this_thread::sleep_for(std::chrono::microseconds(50));
        return;
    case EINVAL:
    case EIO:
        if (options_.gso)
            throw startup_error(
                fmt::format("--gso: the kernel does not cut {} bytes into datagrams of {}",
                            a_header_ * options_.size.bytes, options_.size.bytes));
        break;
    default:
        break;
    }
    throw startup_error(fmt::format("sending to {}: {}", options_.to.text, std::strerror(fault)));
}

} // namespace weir::bench

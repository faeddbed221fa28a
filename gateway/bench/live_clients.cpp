#include "gateway/bench/live_clients.hpp"

#include "gateway/client/websocket_handshake.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace weir::bench {

namespace {

constexpr std::size_t a_read = 256u << 10;
constexpr std::uint64_t sample_of_many = 16; // where a read has more events than that
constexpr std::string_view gap_begin = "{\"weir\":\"gap\",\"missed\":";

} // namespace

live_clients::live_clients(const live_options& o, const destination& to, unsigned thread)
    : options_(o), room_(frame_walker::most_tail + a_read, '\0') {
    clients_.reserve(o.clients / o.threads + 1);
    for (unsigned i = thread; i < o.clients; i += o.threads) {
        client& made = clients_.emplace_back();
        made.socket = to.connect();
        const std::string early = upgrade_to_websocket(made.socket, o.to);
        early.copy(room_.data(), early.size());
        take(made, early.size());
        set_nonblocking(made.socket);
        readiness_.add(made.socket, static_cast<std::uint32_t>(clients_.size() - 1));
    }
    living_ = clients_.size();
}

void live_clients::run(const std::atomic<bool>& stop) {
    const clock::time_point deadline = clock::now() + options_.time;
    for (;;) {
        const clock::time_point now = clock::now();
        if (stop.load(std::memory_order_relaxed) || living_ == 0 || now >= deadline || over(now))
            break;
        for (const readiness::event& each :
             readiness_.wait(std::min(deadline, now + std::chrono::milliseconds(100))))
            if (client& at = clients_[each.number]; each.readable && !at.ended)
                receive(at, each.ending);
    }
    for (const client& each : clients_) {
        books_.each.push_back(each.events);
        for (const sequence& numbers : each.senders)
            books_.verify.add(numbers, numbers.end());
    }
}

bool live_clients::over(clock::time_point now) const {
    if (options_.idle)
        return false;
    if (options_.expect.value > 0 && satisfied_ == clients_.size())
        return true;
    return options_.quiet.count() > 0 && books_.events.value() > 0 &&
           now >= books_.last + options_.quiet;
}

// A short read has taken all, but for an end that came in the same edge.
void live_clients::receive(client& by, bool to_the_end) {
    for (std::size_t got = a_read; got == a_read || to_the_end;) {
        by.tail.copy(room_.data(), by.tail.size());
        const ssize_t taken = ::recv(by.socket.get(), room_.data() + by.tail.size(), a_read, 0);
        if (taken < 0 && errno == EINTR)
            continue;
        if (taken < 0 && errno == EAGAIN)
            return;
        if (taken <= 0) {
            by.ended = true;
            --living_;
            books_.ended.add();
            return;
        }
        got = static_cast<std::size_t>(taken);
        take(by, by.tail.size() + got);
    }
}

void live_clients::take(client& by, std::size_t size) {
    // How many events there are is guessed from the last one's length.
    const std::uint64_t sample = size > sample_of_many * length_ ? sample_of_many : 1;
    const std::uint64_t read_at = wall_clock_now();
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    const auto on_frame = [&](opcode op, std::string_view beginning, std::uint64_t length) {
        if (op == opcode::ping)
            answer_ping(by, beginning);
        if (op != opcode::text && op != opcode::binary)
            return;
        if (beginning.starts_with(gap_begin)) {
            take_gap(beginning);
            return;
        }
        ++events;
        length_ = length;
        bytes += length;
        const bool timed = ++count_ % sample == 0;
        if (!timed && !options_.verify)
            return;
        const auto stamped = read_stamp(beginning, length);
        if (stamped && stamped->time > 0 && timed)
            books_.latency.record(read_at - std::min(stamped->time, read_at), sample);
        if (stamped && options_.verify)
            check(by, *stamped);
    };
    by.tail = by.walker.walk({room_.data(), size}, on_frame);
    if (events == 0)
        return;
    books_.last = clock::now();
    if (books_.events.value() == 0)
        books_.first = books_.last;
    books_.events.add(events);
    books_.bytes.add(bytes);
    const bool wanted = by.events < options_.expect.value;
    by.events += events;
    if (wanted && by.events >= options_.expect.value)
        ++satisfied_;
}

void live_clients::take_gap(std::string_view frame) {
    frame.remove_prefix(gap_begin.size());
    std::uint64_t missed = 0;
    std::from_chars(frame.data(), frame.data() + frame.size(), missed);
    books_.gap_frames.add();
    books_.missed.add(missed);
}

void live_clients::check(client& by, const stamp& stamped) {
    if (stamped.from >= by.senders.size())
        by.senders.resize(stamped.from + 1);
    by.senders[stamped.from].note(stamped.number);
}

// Where its socket is full it has other worries than a pong.
void live_clients::answer_ping(const client& by, std::string_view payload) {
    std::string pong;
    append_masked_frame(pong, opcode::pong, true, payload, {1, 2, 3, 4});
    ::send(by.socket.get(), pong.data(), pong.size(), MSG_NOSIGNAL);
}

} // namespace weir::bench

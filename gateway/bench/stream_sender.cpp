#include "gateway/bench/stream_sender.hpp"

#include "gateway/client/websocket_handshake.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/uio.h>

namespace weir::bench {

namespace {

constexpr std::size_t a_send = 128u << 10;
constexpr std::size_t room_size = 64u << 10;
constexpr std::chrono::seconds patience{10}; // with a receiver that does not close its side

unit make_unit(const send_options& o, const message_layout& layout, masking_key key) {
    return o.to.scheme == protocol::ws ? websocket_unit(layout, key) : framed_unit(layout, o.kind);
}

std::size_t units_a_send(const unit& each) {
    return (a_send + each.bytes.size() - 1) / each.bytes.size();
}

} // namespace

stream_sender::stream_sender(const send_options& o, const destination& to, unsigned thread)
    : sender(o, units_a_send(make_unit(o, message_layout(o.size.bytes), {}))),
      key_(random_masking_key()),
      messages_(layout_, make_unit(o, layout_, key_), units_a_send(make_unit(o, layout_, {}))),
      room_(room_size, '\0') {
    for (unsigned i = thread; i < o.connections; i += o.threads) {
        connections_.push_back(
            {.socket = to.connect(), .from = i, .left = share_of(o.count.value, i)});
        connection& made = connections_.back();
        if (is_websocket())
            take(made, upgrade_to_websocket(made.socket, o.to));
        set_nonblocking(made.socket);
        readiness_.add(made.socket, static_cast<std::uint32_t>(connections_.size() - 1));
    }
}

void stream_sender::run(const std::atomic<bool>& stop) {
    living_ = connections_.size();
    for (connection& each : connections_)
        if (each.left > 0)
            ready_.push_back(&each);
    unsent_ = ready_.size();
    begin();
    for (std::size_t turn = 0; unsent_ > 0 && !stop.load(std::memory_order_relaxed); ++turn) {
        const clock::time_point now = clock::now();
        if (now >= deadline_)
            break;
        const std::uint64_t due = pace_.due(now);
        if (due == 0 || ready_.empty()) {
            look(soon(due == 0 ? pace_.next() : deadline_));
            continue;
        }
        connection& next = *ready_.front();
        ready_.pop_front();
        send(next, static_cast<std::size_t>(std::min(due, next.left)));
        if (next.state == phase::open && next.left > 0)
            ready_.push_back(&next);
        if (turn % 16 == 0)
            look(now);
    }
    finish(stop);
    for (const connection& each : connections_)
        books_.sent.push_back({each.from, each.sent, 0});
}

void stream_sender::send(connection& to, std::size_t count) {
    messages_.stamp(count, to.from, to.sent, wall_clock_now());
    const std::string_view bytes = messages_.first(count);
    const std::size_t went = put(to, bytes);
    std::size_t begun = went / messages_.unit_size();
    if (const std::size_t cut = went % messages_.unit_size(); cut > 0) {
        to.rest = bytes.substr(went, messages_.unit_size() - cut);
        ++begun;
    }
    to.sent += begun;
    to.left -= begun;
    if (begun > 0 && to.left == 0 && to.state != phase::ended)
        --unsent_;
    pace_.sent(begun);
    books_.messages.add(begun);
}

std::size_t stream_sender::put(connection& to, std::string_view messages) {
    iovec parts[] = {{to.rest.data(), to.rest.size()},
                     {const_cast<char*>(messages.data()), messages.size()}};
    msghdr header{};
    header.msg_iov = parts;
    header.msg_iovlen = std::size(parts);
    ssize_t taken = -1;
    do
        taken = ::sendmsg(to.socket.get(), &header, MSG_NOSIGNAL);
    while (taken < 0 && errno == EINTR);
    if (taken < 0 && errno != EAGAIN) {
        end(to, true);
        return 0;
    }
    const std::size_t went = taken > 0 ? static_cast<std::size_t>(taken) : 0;
    if (went < to.rest.size() + messages.size())
        to.state = phase::blocked;
    const std::size_t before = std::min(went, to.rest.size());
    to.rest.erase(0, before);
    return went - before;
}

bool stream_sender::look(clock::time_point until) {
    const auto events = readiness_.wait(until);
    for (const readiness::event& each : events) {
        connection& at = connections_[each.number];
        if (each.readable && at.state != phase::ended)
            receive(at);
        if (each.writable && at.state == phase::blocked) {
            at.state = phase::open;
            if (closing_)
                close(at);
            else if (at.left > 0)
                ready_.push_back(&at);
            else
                put(at, {});
        }
    }
    return !events.empty();
}

void stream_sender::receive(connection& from) {
    for (;;) {
        const ssize_t got = ::recv(from.socket.get(), room_.data(), room_.size(), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0) {
            end(from, got < 0 || !from.shut);
            return;
        }
        if (is_websocket())
            take(from, {room_.data(), static_cast<std::size_t>(got)});
    }
}

// What a WebSocket server says of interest: a ping, which is to be answered.
void stream_sender::take(connection& from, std::string_view bytes) {
    from.tail += bytes;
    const std::size_t pending = from.rest.size();
    from.tail =
        from.walker.walk(from.tail, [&](opcode op, std::string_view payload, std::uint64_t) {
            if (op == opcode::ping && !from.shut)
                append_masked_frame(from.rest, opcode::pong, true, payload, key_);
        });
    if (from.state == phase::open && from.rest.size() > pending)
        put(from, {});
}

void stream_sender::end(connection& of, bool broken) {
    if (of.left > 0)
        --unsent_;
    of.state = phase::ended;
    --living_;
    std::erase(ready_, &of);
    if (broken)
        books_.errors.add();
}

void stream_sender::finish(const std::atomic<bool>& stop) {
    closing_ = true;
    ready_.clear();
    for (connection& each : connections_) {
        if (each.state == phase::ended)
            continue;
        if (is_websocket())
            append_masked_frame(each.rest, opcode::close, true, "\x03\xe8", key_); // 1000
        close(each);
    }
    const auto longest = stop ? std::chrono::seconds(1) : patience;
    books_.ended = clock::now();
    while (living_ > 0 && clock::now() < books_.ended + longest)
        if (look(clock::now() + std::chrono::milliseconds(100)))
            books_.ended = clock::now();
    books_.errors.add(living_); // they never closed
}

void stream_sender::close(connection& of) {
    if (of.state == phase::open && !of.rest.empty())
        put(of, {});
    if (of.state == phase::open && of.rest.empty() && !of.shut) {
        of.shut = true;
        ::shutdown(of.socket.get(), SHUT_WR);
    }
}

} // namespace weir::bench

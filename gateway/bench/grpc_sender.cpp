#include "gateway/bench/grpc_sender.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>

namespace weir::bench {

namespace {

constexpr std::size_t room_size = 64u << 10;
constexpr std::size_t piece = 64u << 10;     // of a stream of events, about, that goes out at once
constexpr std::chrono::seconds patience{10}; // for the last answers

grpc_frames frames_for(const send_options& o) {
    return grpc_frames(to_string(o.to.where), o.batch == 1);
}

message_buffer events_for(const send_options& o, const message_layout& layout,
                          const grpc_frames& frames) {
    if (o.batch == 1)
        return {layout, grpc_unit(layout, frames.headers), o.pipeline};
    unit event = grpc_unit(layout, {});
    const std::size_t units = std::max<std::size_t>(1, piece / event.bytes.size());
    return {layout, std::move(event), units};
}

} // namespace

grpc_sender::grpc_sender(const send_options& o, const destination& to, unsigned thread)
    : sender(o, o.batch == 1 ? o.pipeline : std::max<std::size_t>(1, piece / o.size.bytes)),
      to_(to), frames_(frames_for(o)), events_(events_for(o, layout_, frames_)),
      room_(room_size, '\0') {
    for (unsigned i = thread; i < o.connections; i += o.threads)
        connections_.push_back(
            {.socket = {}, .from = i, .left = share_of(o.count.value / o.batch, i)});
    for (connection& each : connections_) {
        if (o.count.value > 0)
            each.left *= o.batch;
        connect(each);
    }
}

std::int64_t grpc_sender::event_size() const {
    const std::size_t before = streams() ? 0 : frames_.headers.size();
    return static_cast<std::int64_t>(events_.unit_size() - before - http2_header);
}

void grpc_sender::connect(connection& which) {
    which.socket = to_.connect();
    send_all(which.socket, frames_.preface);
    set_nonblocking(which.socket);
    readiness_.add(which.socket, static_cast<std::uint32_t>(&which - connections_.data()));
}

void grpc_sender::run(const std::atomic<bool>& stop) {
    for (connection& each : connections_) {
        unsent_ += each.left > 0 ? 1 : 0;
        enqueue(each);
    }
    begin();
    while (unsent_ > 0 && !stop.load(std::memory_order_relaxed)) {
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
        next.queued = false;
        if (const std::uint64_t most = std::min(due, room(next)); most > 0)
            send(next, most);
        enqueue(next);
    }
    deadline_ = clock::time_point::max();
    const clock::time_point longest = clock::now() + (stop ? std::chrono::seconds(1) : patience);
    for (connection& each : connections_)
        if (each.open != 0)
            end_stream(each);
    while (under_way_ > 0 && clock::now() < longest)
        look(soon(longest));
    for (const connection& each : connections_) {
        for (const auto& [stream, unanswered] : each.calls)
            books_.errors.add(unanswered.messages);
        books_.sent.push_back({each.from, each.sent, each.refused});
    }
}

// How many messages it may send now.
std::uint64_t grpc_sender::room(const connection& of) const {
    if (of.ended || of.left == 0 || !of.rest.empty())
        return 0;
    const auto open = of.calls.find(of.open);
    const bool has_open = open != of.calls.end();
    const std::uint64_t free = has_open ? 0 : options_.pipeline - of.calls.size();
    const std::int64_t stream = has_open ? open->second.window : of.initial_window;
    if ((!has_open && free == 0) || stream < event_size() || of.window < event_size())
        return 0;
    const auto window = static_cast<std::uint64_t>(of.window / event_size());
    if (!streams())
        return std::min({of.left, free, window});
    const std::uint64_t in_call = has_open ? open->second.left : options_.batch;
    return std::min<std::uint64_t>({of.left, in_call, window, events_.units(),
                                    static_cast<std::uint64_t>(stream / event_size())});
}

void grpc_sender::enqueue(connection& next) {
    if (next.queued || room(next) == 0)
        return;
    next.queued = true;
    ready_.push_back(&next);
}

void grpc_sender::append(const std::string& frame, std::uint32_t stream) {
    out_ += frame;
    set_stream(out_.data() + out_.size() - frame.size(), stream);
}

void grpc_sender::open_call(connection& on, std::uint64_t messages) {
    append(on.next_stream == 1 ? frames_.first_headers : frames_.headers, on.next_stream);
    const std::uint64_t left = streams() ? std::min<std::uint64_t>(options_.batch, on.left) : 0;
    on.calls[on.next_stream] = {clock::now(), messages, left, on.initial_window};
    ++under_way_;
    on.next_stream += 2;
}

void grpc_sender::end_stream(connection& on) {
    out_.clear();
    append(frames_.end, std::exchange(on.open, 0));
    if (on.rest.empty())
        put(on, out_);
    else
        on.rest += out_;
}

void grpc_sender::send(connection& to, std::uint64_t messages) {
    const auto count = static_cast<std::size_t>(messages);
    events_.stamp(count, to.from, to.sent, wall_clock_now());
    out_.clear();
    if (streams() && to.open == 0) {
        to.open = to.next_stream;
        open_call(to, 0);
    }
    const std::size_t own_headers = streams() ? 0 : frames_.headers.size();
    for (std::size_t i = 0; i < count; ++i) {
        set_stream(events_.at(i) + own_headers, streams() ? to.open : to.next_stream);
        if (!streams())
            open_call(to, 1);
        out_.append(events_.at(i) + own_headers, events_.unit_size() - own_headers);
    }
    const std::int64_t taken = event_size() * static_cast<std::int64_t>(count);
    to.window -= taken;
    to.sent += messages;
    to.left -= messages;
    if (to.left == 0)
        --unsent_;
    pace_.sent(messages);
    books_.messages.add(messages);
    if (streams()) {
        call& open = to.calls[to.open];
        open.window -= taken;
        open.messages += messages;
        open.left -= messages;
        if (open.left == 0)
            append(frames_.end, std::exchange(to.open, 0));
    }
    put(to, out_);
}

void grpc_sender::put(connection& to, std::string_view bytes) {
    ssize_t taken = -1;
    do
        taken = ::send(to.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    while (taken < 0 && errno == EINTR);
    if (taken < 0 && errno != EAGAIN) {
        reconnect(to);
        return;
    }
    const std::size_t went = taken > 0 ? static_cast<std::size_t>(taken) : 0;
    to.rest = std::string(bytes.substr(went)); // `bytes` may be `rest` itself
}

void grpc_sender::look(clock::time_point until) {
    for (const readiness::event& each : readiness_.wait(until)) {
        connection& at = connections_[each.number];
        if (each.readable && !at.ended)
            receive(at);
        if (each.writable && !at.ended && !at.rest.empty()) {
            put(at, at.rest);
            enqueue(at);
        }
    }
}

void grpc_sender::receive(connection& from) {
    for (;;) {
        const ssize_t got = ::recv(from.socket.get(), room_.data(), room_.size(), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            break;
        if (got <= 0) {
            reconnect(from);
            break;
        }
        heard_.clear();
        if (!from.answers.feed({room_.data(), static_cast<std::size_t>(got)}, heard_))
            throw startup_error(
                fmt::format("{} answers with something else than plain gRPC", options_.to.text));
        take(from, clock::now());
        if (static_cast<std::size_t>(got) < room_.size())
            break;
    }
    enqueue(from);
}

void grpc_sender::take(connection& by, clock::time_point now) {
    if (heard_.initial_window >= 0) {
        for (auto& [stream, open] : by.calls)
            open.window += heard_.initial_window - by.initial_window;
        by.initial_window = heard_.initial_window;
    }
    for (const auto& [stream, more] : heard_.windows) {
        if (stream == 0)
            by.window += more;
        else if (const auto found = by.calls.find(stream); found != by.calls.end())
            found->second.window += more;
    }
    for (const auto& [stream, count] : heard_.refused) {
        books_.errors.add(count);
        by.refused += count;
    }
    for (const grpc_answers::ended_call& each : heard_.ended)
        answered(by, each, now);
    if (heard_.replies.empty())
        return;
    if (by.rest.empty())
        put(by, heard_.replies);
    else
        by.rest += heard_.replies;
}

void grpc_sender::answered(connection& by, const grpc_answers::ended_call& end,
                           clock::time_point now) {
    const auto found = by.calls.find(end.stream);
    if (found == by.calls.end())
        return; // told already
    books_.ended = now;
    books_.latency.record(static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(now - found->second.began).count()));
    ++books_.answers[end.status];
    if (end.status != 0) {
        books_.errors.add(found->second.messages);
        by.refused += found->second.messages;
    }
    if (by.open == end.stream)
        by.open = 0;
    by.calls.erase(found);
    --under_way_;
}

// What was under way is lost.
void grpc_sender::reconnect(connection& which) {
    for (const auto& [stream, lost] : which.calls) {
        books_.errors.add(lost.messages);
        which.refused += lost.messages;
    }
    under_way_ -= which.calls.size();
    which.calls.clear();
    which.rest.clear();
    which.answers = {};
    which.open = 0;
    which.next_stream = 1;
    which.window = which.initial_window = http2_window;
    try {
        connect(which);
    } catch (const startup_error&) {
        which.ended = true;
        books_.errors.add();
        if (which.left > 0)
            --unsent_;
    }
}

} // namespace weir::bench

#include "gateway/bench/http_sender.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>

namespace weir::bench {

namespace {

constexpr std::size_t room_size = 64u << 10;
constexpr std::chrono::seconds patience{10}; // for the last answers

} // namespace

http_sender::http_sender(const send_options& o, const destination& to, unsigned thread)
    : sender(o, o.pipeline, o.batch), to_(to),
      requests_(layout_, request_unit(layout_, to_string(o.to.where), o.to.target, o.batch),
                o.pipeline),
      room_(room_size, '\0') {
    for (unsigned i = thread; i < o.connections; i += o.threads) {
        connections_.push_back(
            {.socket = to.connect(), .from = i, .left = share_of(o.count.value / o.batch, i)});
        watch(connections_.back());
    }
}

void http_sender::watch(const connection& which) {
    set_nonblocking(which.socket);
    readiness_.add(which.socket, static_cast<std::uint32_t>(&which - connections_.data()));
}

void http_sender::run(const std::atomic<bool>& stop) {
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
        if (next.ended)
            continue;
        const std::uint64_t free = options_.pipeline - next.under_way.size();
        send(next, static_cast<std::size_t>(std::min({due, next.left, free})));
        enqueue(next);
    }
    deadline_ = clock::time_point::max();
    const clock::time_point longest = clock::now() + (stop ? std::chrono::seconds(1) : patience);
    while (under_way_ > 0 && clock::now() < longest)
        look(soon(longest));
    books_.errors.add(under_way_ * options_.batch);
    for (const connection& each : connections_)
        books_.sent.push_back({each.from, each.sent, each.refused});
}

void http_sender::enqueue(connection& next) {
    if (next.queued || next.ended || next.left == 0 || !next.rest.empty() ||
        next.under_way.size() >= options_.pipeline)
        return;
    next.queued = true;
    ready_.push_back(&next);
}

void http_sender::send(connection& to, std::size_t requests) {
    const std::uint64_t messages = requests * options_.batch;
    requests_.stamp(requests, to.from, to.sent, wall_clock_now());
    to.under_way.insert(to.under_way.end(), requests, clock::now());
    under_way_ += requests;
    to.sent += messages;
    to.left -= requests;
    if (to.left == 0)
        --unsent_;
    pace_.sent(requests);
    books_.messages.add(messages);
    put(to, requests_.first(requests));
}

void http_sender::put(connection& to, std::string_view bytes) {
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

void http_sender::look(clock::time_point until) {
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

void http_sender::receive(connection& from) {
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
        statuses_.clear();
        if (!from.answers.feed({room_.data(), static_cast<std::size_t>(got)}, statuses_))
            throw startup_error(
                fmt::format("{} answers with something else than HTTP/1.1 and a Content-Length",
                            options_.to.text));
        const clock::time_point now = clock::now();
        for (const unsigned status : statuses_)
            answered(from, status, now);
        if (static_cast<std::size_t>(got) < room_.size())
            break;
    }
    enqueue(from);
}

void http_sender::answered(connection& by, unsigned status, clock::time_point now) {
    if (by.under_way.empty())
        return; // an answer to nothing: a server's farewell to an idle connection
    books_.ended = now;
    books_.latency.record(static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(now - by.under_way.front()).count()));
    by.under_way.pop_front();
    --under_way_;
    ++books_.answers[status];
    if (status / 100 != 2) {
        books_.errors.add(options_.batch);
        by.refused += options_.batch;
    }
}

// What was under way is lost. Servers may close a connection after an error, or so many requests.
void http_sender::reconnect(connection& which) {
    const std::uint64_t lost = which.under_way.size();
    under_way_ -= lost;
    books_.errors.add(lost * options_.batch);
    which.refused += lost * options_.batch;
    which.under_way.clear();
    which.rest.clear();
    which.answers = {};
    try {
        which.socket = to_.connect();
        watch(which);
    } catch (const startup_error&) {
        which.ended = true;
        books_.errors.add();
        if (which.left > 0)
            --unsent_;
    }
}

} // namespace weir::bench

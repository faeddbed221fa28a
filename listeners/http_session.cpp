#include "listeners/http_session.hpp"

#include "listeners/http_beacon.hpp"
#include "listeners/http_ingest.hpp"
#include "listeners/late_answer.hpp"
#include "listeners/websocket_session.hpp"
#include "queues/publish.hpp"
#include "wire/base64.hpp"

#include <memory>

namespace weir {

using boost::system::error_code;

namespace {

constexpr std::size_t read_size = 32u << 10;
constexpr std::size_t most_unwritten = 256u << 10; // answers, before the next request is looked at
constexpr duration most_patience = std::chrono::seconds(10); // with a full queue, under block

constexpr http_refusal queue_is_full{503, "the queue is full", refusal::queue_full};
constexpr http_refusal no_answer{503, "no answer", refusal::bad_request, false};
constexpr http_refusal shutting_down{503, "weir is stopping", refusal::closing};

http_refusal as_refusal(http_fault fault) {
    const bool too_large = fault.status == 413 || fault.status == 431;
    return {fault.status, fault.reason, too_large ? refusal::oversize : refusal::bad_request};
}

} // namespace

task<> http_session::serve(const http_port* port, std::shared_ptr<connection> peer) {
    http_session session(*port, *peer);
    co_await session.run();
}

task<> http_session::run() {
    error_code fault;
    while (next_ == next::read) {
        set_deadline();
        // Whoever was idle when the port stopped may have sent its last request just before.
        const bool last_chance = stopping() && reader_.under_way() == phase::idle;
        if (!last_chance) {
            auto ready = io_.readable();
            co_await std::move(ready);
        }
        if (io_.expired()) {
            time_out();
            break;
        }
        const auto buffer = std::make_unique_for_overwrite<char[]>(read_size);
        const std::size_t size = io_.read({buffer.get(), read_size}, fault);
        if (fault || (last_chance && size == 0)) {
            break_off();
            co_return;
        }
        std::string_view bytes(buffer.get(), size);
        do {
            if (next_ == next::space)
                co_await publish_patiently();
            if (next_ == next::later)
                co_await answer_later();
            take(bytes);
            if (out_.empty() || io_.try_write(out_))
                continue;
            timed_.reset();
            io_.expires_after(port_.idle_timeout);
            const bool written = co_await io_.write(out_);
            if (!written)
                co_return;
        } while (next_ == next::space || next_ == next::later ||
                 (next_ == next::read && !bytes.empty()));
        if (next_ == next::take_over) {
            std::string early(bytes);
            co_await hand_over(std::move(early));
            co_return;
        }
    }
    if (out_.empty() || io_.try_write(out_))
        co_await io_.linger();
}

// One deadline for each of: the pause between requests, a head, a body.
void http_session::set_deadline() {
    const phase now = reader_.under_way();
    if (timed_ == now)
        return;
    timed_ = now;
    io_.expires_after(now == phase::idle   ? port_.idle_timeout
                      : now == phase::head ? port_.header_timeout
                                           : port_.body_timeout);
}

void http_session::time_out() {
    next_ = next::end;
    if (reader_.under_way() == phase::idle)
        return;
    refuse({408, "the request took too long", refusal::timeout}, true);
}

// The peer has gone, perhaps within a request.
void http_session::break_off() {
    if (reader_.under_way() != phase::idle)
        count({400, "", stopping() ? refusal::closing : refusal::bad_request});
}

void http_session::take(std::string_view& bytes) {
    while (next_ == next::read) {
        if (reader_.under_way() == phase::idle) {
            if (out_.size() > most_unwritten)
                return;
            decision_ = {};
        }
        switch (reader_.next(bytes)) {
        case http_step::more:
            return;
        case http_step::head:
            judge(!bytes.empty());
            break;
        case http_step::request:
            answer();
            break;
        case http_step::fault:
            refuse(as_refusal(reader_.fault()), true);
            break;
        }
    }
}

// A body that nobody wants is skipped rather than kept, so that the connection can go on. A client
// that asked first is told at once, and may then send the body or not: so that connection can't.
void http_session::judge(bool body_is_here) {
    const http_head& head = reader_.head();
    decision_ = port_.policy.decide(head);
    timed_.reset();
    if (port_.setting.spans)
        began_ = receive_clock::now();
    if (reader_.length_fault())
        return;
    if (decision_.action != http_action::ingest && decision_.action != http_action::serve_put)
        reader_.skip_body();
    if (!head.expects_continue || !head.has_body() || body_is_here)
        return;
    if (decision_.action == http_action::refuse)
        refuse(decision_.refused, true);
    else
        append_continue(out_);
}

void http_session::answer() {
    const http_head& head = reader_.head();
    switch (decision_.action) {
    case http_action::refuse:
        refuse(decision_.refused);
        break;
    case http_action::ingest:
        ingest();
        break;
    case http_action::serve:
        if (decision_.route->get_later)
            next_ = next::later;
        else
            append_answer(out_, decision_.route->get({decision_.path, head.query}), form());
        break;
    case http_action::serve_put:
        append_answer(out_, decision_.route->put(reader_.body()), form());
        break;
    case http_action::beacon:
        take_beacon();
        break;
    case http_action::preflight:
        append_preflight(out_, decision_, form());
        break;
    case http_action::stream:
        begin_stream();
        break;
    case http_action::ingest_websocket:
    case http_action::route_websocket:
        upgrade();
        break;
    }
}

void http_session::ingest() {
    const http_head& head = reader_.head();
    batch_origin origin = origin_of(port_.setting.origin, decision_.path);
    if (head.trace.any || port_.setting.spans)
        origin.trace = span_.begin(head.trace, port_.setting.spans, began_);
    http_messages given = messages_of(head, reader_.body(), port_.limits.max_body, origin);
    if (given.batch)
        return publish(std::move(given.batch));
    span_.end(port_.setting.spans, port_.setting.books, 0, false);
    refuse(given.refused);
}

// Answered at once and always alike, for a page must not break or wait because an event is refused.
// The books tell that it was.
void http_session::take_beacon() {
    batch_ptr event = beacon_batch(reader_.head(), *port_.browsers, port_.setting.origin);
    publish_now(port_.setting.destination, port_.setting.books, std::move(event));
    append_beacon(out_, form());
}

void http_session::publish(batch_ptr messages) {
    const std::size_t count = messages->size();
    const publish_result result = offer(port_.setting.destination, port_.setting.books, messages);
    if (result != publish_result::full)
        span_.end(port_.setting.spans, port_.setting.books, count,
                  result == publish_result::published);
    switch (result) {
    case publish_result::published:
        append_accepted(out_, form());
        break;
    case publish_result::full:
        held_ = std::move(messages);
        next_ = next::space;
        break;
    case publish_result::dropped: // and counted, as in the next
        append_refusal(out_, queue_is_full, decision_, form());
        break;
    case publish_result::closed:
        append_refusal(out_, shutting_down, decision_, form(true));
        break;
    }
}

task<> http_session::publish_patiently() {
    next_ = next::read;
    timed_.reset();
    io_.peer().expires_never();
    const bool limited = port_.body_timeout.count() > 0;
    const duration patience = limited ? std::min(port_.body_timeout, most_patience) : most_patience;
    const std::size_t count = held_->size();
    const bool published =
        co_await publish_when_space(port_.setting.destination, port_.setting.books,
                                    std::move(held_), io_.peer().executor, patience);
    span_.end(port_.setting.spans, port_.setting.books, count, published);
    if (published)
        append_accepted(out_, form());
    else
        append_refusal(out_, queue_is_full, decision_, form());
}

// Whoever answers bounds the time it takes.
task<> http_session::answer_later() {
    next_ = next::read;
    timed_.reset();
    io_.peer().expires_never();
    const http_head& head = reader_.head();
    const auto waiting = std::make_shared<late_answer>(io_.peer().executor);
    decision_.route->get_later(
        {decision_.path, head.query, head.last_event_id, head.path, head.host},
        late_answer::to(waiting));
    co_await waiting->done.async_wait(use_task_tuple);
    if (waiting->answer)
        append_answer(out_, *waiting->answer, form());
    else
        refuse(no_answer);
}

void http_session::upgrade() {
    const http_head& head = reader_.head();
    if (head.websocket_version != "13")
        return refuse({426, "Sec-WebSocket-Version must be 13", refusal::bad_request});
    const auto key = from_base64(head.websocket_key);
    if (!key || key->size() != 16)
        return refuse({400, "malformed Sec-WebSocket-Key"});
    if (head.has_body())
        return refuse({400, "a body in an upgrade"});
    if (stopping())
        return refuse(shutting_down);
    if (decision_.action == http_action::route_websocket)
        if (const auto instead = ask_route(); instead && instead->status != 200)
            return append_answer(out_, *instead, form());
    append_switching(out_, head.websocket_key);
    next_ = next::take_over;
}

void http_session::begin_stream() {
    if (stopping())
        return refuse(shutting_down);
    const http_answer answer = ask_route().value_or(http_answer());
    if (answer.status != 200)
        return append_answer(out_, answer, form());
    append_stream_head(out_, answer, form(true));
    if (reader_.head().method == http_method::get)
        next_ = next::take_over;
}

// What the route says to whoever wants to take the connection over, if anything.
std::optional<http_answer> http_session::ask_route() {
    const http_head& head = reader_.head();
    query_ = head.query;
    last_event_id_ = head.last_event_id;
    if (!decision_.route->admits)
        return std::nullopt;
    return decision_.route->admits({decision_.path, head.query, head.last_event_id});
}

task<> http_session::hand_over(std::string early) {
    if (decision_.action == http_action::ingest_websocket) {
        websocket_session session(port_, io_);
        co_await session.run(early);
        co_return;
    }
    connection& peer = io_.peer();
    peer.expires_never();
    std::shared_ptr<void> admitted = peer.hand_over();
    const auto& taker = decision_.action == http_action::stream ? decision_.route->stream
                                                                : decision_.route->websocket;
    taker({std::move(peer.socket), std::move(early), std::move(query_), std::move(admitted),
           std::move(last_event_id_)});
}

void http_session::refuse(const http_refusal& why, bool close) {
    count(why);
    append_refusal(out_, why, decision_, form(close));
}

void http_session::count(const http_refusal& why) {
    if (why.counts)
        port_.setting.books.refused_messages[why.why].add();
}

// Every request is answered once, and this is asked for each answer: whether it is the last.
answer_form http_session::form(bool close) {
    const http_head& head = reader_.head();
    close |= !head.keep_alive || stopping();
    if (close)
        next_ = next::end;
    return {close, head.http_1_0, head.method == http_method::head,
            decision_.cross_origin ? head.origin : std::string_view()};
}

} // namespace weir

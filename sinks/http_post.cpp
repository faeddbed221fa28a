#include "sinks/http_post.hpp"

namespace weir {

namespace {

constexpr duration longest_nap(5);
constexpr duration longest_time = std::chrono::hours(24 * 365);

void check_options(const post_options& options) {
    const auto need = [](bool right, const char* what) {
        if (!right)
            throw usage_error(what);
    };
    need(options.connections >= 1 && options.connections <= 256,
         "option connections: must be from 1 to 256");
    need(options.batch_count >= 1, "option batch-count: must be at least 1");
    need(options.timeout.count() > 0, "option timeout: must be more than 0");
    need(std::max({options.timeout, options.linger, options.retry_for}) <= longest_time,
         "options timeout, linger and retry-for: must be at most 365d");
    options.tls.check(options.url.tls, "https");
}

http_outcome outcome_of(const http_response& answer) {
    const std::string_view field = answer.field(boost::beast::http::field::retry_after);
    if (field.empty())
        return {answer.status, std::nullopt};
    return {answer.status, parse_retry_after(field, wall_now())};
}

std::string reason_of(const http_outcome& outcome, const http_connection& connection) {
    if (outcome.status != 0)
        return "status " + std::to_string(outcome.status) +
               (outcome.status / 100 == 3 ? ", and redirects are not followed" : "");
    return connection.fault().message();
}

} // namespace

post_sink::post_sink(const post_options& options, const sink_setting& setting)
    : options_(options), head_(options_), books_(setting.books), spans_(setting.spans),
      reader_(setting.source, thread_.executor(), setting.filter()),
      turn_(thread_.executor(), io_timer::time_point::max()), linger_(thread_.executor()),
      dead_letters_(options.dead_letter) {
    check_options(options_);
    books_.set_target(options_.url.shown());
}

post_sink::~post_sink() { thread_.stop(); }

void post_sink::open() {
    if (options_.url.tls)
        tls_.emplace(client_tls(options_.url.host, options_.tls, "post"));
    if (!options_.dead_letter.empty())
        dead_letters_.open();
}

void post_sink::start() {
    for (unsigned i = 0; i < options_.connections; ++i) {
        lanes_.push_back(
            std::make_unique<lane>(thread_.executor(), options_.url, tls_ ? &*tls_ : nullptr));
        tasks_.spawn(thread_.executor(), serve(*lanes_.back()));
    }
    thread_.start("weir-post");
}

void post_sink::stop_now() {
    reader_.stop();
    thread_.post([this, held = tasks_.hold()] {
        for (const auto& each : lanes_) {
            each->connection.abort();
            each->nap.cancel();
        }
        turn_.cancel();
        linger_.cancel();
    });
}

task<> post_sink::serve(lane& through) {
    for (;;) {
        while (gathering_)
            co_await turn_.async_wait(use_task_tuple);
        gathering_ = true;
        post_request request(options_.format, options_.batch_count, options_.batch_bytes.bytes);
        co_await gather(request);
        gathering_ = false;
        turn_.cancel_one();
        if (request.empty())
            co_return;
        request.finish(options_.gzip);
        co_await deliver(through, request);
    }
}

// Ends with an empty request when there is nothing more to come.
task<> post_sink::gather(post_request& request) {
    auto until = async_reader::forever;
    while (!request.full()) {
        if (reader_.stopped()) {
            set_aside_rest();
            co_return;
        }
        if (rest_.left == 0)
            if (batch_ptr next = reader_.try_take())
                rest_ = batch_rest(std::move(next));
        const auto now = std::chrono::steady_clock::now();
        if (rest_.left > 0) {
            request.add(rest_);
            until = std::min(until, now + options_.linger);
        } else if (reader_.finished() || now >= until) {
            co_return;
        } else if (request.empty()) {
            co_await reader_.wait();
        } else {
            // Not parked, so that the publishers need not wake it for every batch.
            linger_.expires_at(std::min(until, now + longest_nap));
            co_await linger_.async_wait(use_task_tuple);
        }
    }
}

task<> post_sink::deliver(lane& through, const post_request& request) {
    using kind = retry_verdict::kind;
    const post_trace trace(request, spans_ != nullptr);
    const std::string head = head_.of(request, trace.sent());
    retry_policy policy(options_.retry_for, std::chrono::steady_clock::now());
    while (!reader_.stopped()) {
        const http_response answer =
            co_await through.connection.exchange(head, request.body(), options_.timeout);
        const http_outcome outcome = outcome_of(answer);
        const retry_verdict verdict = policy.next(outcome, std::chrono::steady_clock::now());
        if (verdict.what == kind::delivered) {
            count_delivery(books_, request.messages(), request.payload());
            note(request, trace, false);
            co_return;
        }
        if (reader_.stopped())
            break;
        const std::string reason = reason_of(outcome, through.connection);
        if (verdict.what != kind::again) {
            losses_.warn("{}: {}: {} messages were not delivered", books_.target, reason,
                         request.messages());
            note(request, trace, true);
            co_return set_aside(request,
                                verdict.what == kind::rejected ? loss::rejected : loss::gave_up);
        }
        books_.retries.add();
        retries_.warn("{}: {}; trying again", books_.target, reason);
        log_.debug("{}: {}; {} messages again in {} ms", books_.target, reason, request.messages(),
                   std::chrono::duration_cast<duration>(verdict.wait).count());
        through.nap.expires_after(verdict.wait);
        co_await through.nap.async_wait(use_task_tuple);
    }
    set_aside(request, loss::shutdown);
}

void post_sink::note(const post_request& request, const post_trace& trace, bool failed) {
    const auto now = receive_clock::now();
    for (const post_request::part& each : request.parts())
        note_delivery(
            books_, spans_, *each.owner,
            {each.count, trace.begun(), now, failed, trace.sent(), trace.is_sender(each)});
}

void post_sink::set_aside(const post_request& request, loss why) {
    if (!options_.dead_letter.empty())
        dead_letters_.append(request);
    books_.lost_messages[why].add(request.messages());
}

// What there was no time to deliver may still be written down, for less than stopping waits. What
// is not taken by then is counted by who stops it.
void post_sink::set_aside_rest() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    while (!options_.dead_letter.empty() && std::chrono::steady_clock::now() < until) {
        post_request left(post_format::ndjson, options_.batch_count, options_.batch_bytes.bytes);
        while (!left.full()) {
            if (rest_.left == 0) {
                batch_ptr next = reader_.try_take();
                if (!next)
                    break;
                rest_ = batch_rest(std::move(next));
            }
            left.add(rest_);
        }
        if (left.empty())
            break;
        set_aside(left, loss::shutdown);
    }
    books_.lost_messages[loss::shutdown].add(rest_.left);
    rest_ = {};
}

} // namespace weir

#include "gateway/trace_exporter.hpp"

#include "gateway/trace_json.hpp"
#include "sinks/retry_policy.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace weir {

namespace {

using namespace std::chrono_literals;
namespace http = boost::beast::http;

constexpr std::size_t most_in_request = 512;
constexpr auto send_every = 1s;
constexpr auto look_every = 50ms; // whether so many are there before that
constexpr duration patience = 5s; // with the collector
constexpr auto grace = 2s;        // for what was told to stop now

std::string fixed_head(const trace_collector& to) {
    std::string head = fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: weir/" WEIR_VERSION
                                   "\r\nContent-Type: application/json\r\n",
                                   to.url.target, to.url.host_header());
    if (!to.url.authorization.empty())
        head += "Authorization: " + to.url.authorization + "\r\n";
    return head;
}

// Any other answer would be the same the next time.
bool is_busy(unsigned status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

} // namespace

trace_exporter::trace_exporter(const trace_options& wanted, trace_books& books, duration retry_for)
    : to_(wanted.to), retry_for_(retry_for), books_(books), head_(fixed_head(to_)),
      waiting_(std::make_unique<buffer>()), pause_(thread_.executor()) {
    if (to_.url.tls)
        tls_.emplace(client_tls(to_.url.host, wanted.tls, "weir"));
    connection_ = std::make_unique<http_connection>(thread_.executor(), to_.url.host, to_.url.port,
                                                    tls_ ? &*tls_ : nullptr);
}

trace_exporter::~trace_exporter() { thread_.stop(); }

void trace_exporter::start() {
    tasks_.spawn(thread_.executor(), run());
    thread_.start("weir-trace");
}

void trace_exporter::finish() {
    stopping_ = true;
    thread_.post([this, held = tasks_.hold()] { pause_.cancel(); });
}

bool trace_exporter::ended_by(std::chrono::steady_clock::time_point until) {
    return tasks_.wait_until(until);
}

void trace_exporter::stop_now() {
    given_up_ = true;
    thread_.post([this, held = tasks_.hold()] { connection_->abort(); });
    tasks_.wait_until(std::chrono::steady_clock::now() + grace);
}

void trace_exporter::record(const trace_span& ended) {
    if (waiting_->bounded_push(ended))
        waiting_count_.fetch_add(1, std::memory_order_relaxed);
    else
        books_.dropped_spans.add();
}

task<> trace_exporter::run() {
    auto next = std::chrono::steady_clock::now() + send_every;
    while (!stopping_) {
        pause_.expires_after(look_every);
        co_await pause_.async_wait(use_task_tuple);
        const auto now = std::chrono::steady_clock::now();
        if (now < next && waiting_count_.load(std::memory_order_relaxed) < most_in_request)
            continue;
        co_await send_all();
        next = now + send_every;
    }
    co_await send_all();
}

task<> trace_exporter::send_all() {
    do {
        sending_.clear();
        for (trace_span span; sending_.size() < most_in_request && waiting_->pop(span);)
            sending_.push_back(span);
        if (sending_.empty())
            co_return;
        waiting_count_.fetch_sub(sending_.size(), std::memory_order_relaxed);
        if (given_up_)
            drop(sending_.size(), "no time is left");
        else
            co_await send();
    } while (sending_.size() == most_in_request);
}

task<> trace_exporter::send() {
    const bool zipkin = to_.speaks == trace_collector::format::zipkin;
    const std::string body = zipkin ? zipkin_json(sending_) : otlp_json(sending_);
    const std::string head = fmt::format("{}Content-Length: {}\r\n\r\n", head_, body.size());
    retry_policy tries(retry_for_, std::chrono::steady_clock::now());
    for (bool last = false;; last = stopping_) {
        const http_response answer = co_await connection_->exchange(head, body, patience);
        if (took(answer))
            co_return;
        const http_outcome came{
            answer.status, parse_retry_after(answer.field(http::field::retry_after), wall_now())};
        const retry_verdict verdict = tries.next(came, std::chrono::steady_clock::now());
        const bool again = is_busy(answer.status) && verdict.what == retry_verdict::kind::again;
        if (again && !stopping_) {
            pause_.expires_after(verdict.wait);
            co_await pause_.async_wait(use_task_tuple);
        }
        if (!again || last || given_up_) {
            drop(sending_.size(), answer.status == 0 ? connection_->fault().message()
                                                     : fmt::format("status {}", answer.status));
            co_return;
        }
    }
}

bool trace_exporter::took(const http_response& answer) {
    if (answer.status / 100 != 2)
        return false;
    const bool zipkin = to_.speaks == trace_collector::format::zipkin;
    const std::size_t rejected =
        zipkin ? 0 : std::min(otlp_rejected_spans(answer.body), sending_.size());
    books_.sent_spans.add(sending_.size() - rejected);
    if (rejected > 0)
        drop(rejected, "it rejects some");
    return true;
}

void trace_exporter::drop(std::size_t count, std::string_view why) {
    books_.dropped_spans.add(count);
    failures_.warn("trace: {}: {}; {} spans are dropped", books_.collector, why, count);
}

} // namespace weir

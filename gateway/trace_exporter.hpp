// Sends spans to one collector: what was recorded goes through a lock-free buffer of fixed size to
// a thread of the exporter's own, which POSTs it each second, or as soon as 512 are there. Spans
// that the buffer has no room for, or that the collector did not take, are dropped and counted. A
// collector that says that it is busy is asked again for a while (OTLP 1.3,
// "Failures": 429, 502, 503 and 504, after Retry-After), and the buffer has to hold what comes
// meanwhile; at the end it is asked once more. Of an answer by OTLP that says so, the rejected
// alone are dropped ("Partial Success").
//
// Owned by the tracer. record() from any thread; the rest from the owner's.
#pragma once

#include "base/http_connection.hpp"
#include "base/log.hpp"
#include "base/task_group.hpp"
#include "gateway/trace_options.hpp"
#include "queues/spans.hpp"
#include "sinks/worker.hpp"

#include <atomic>
#include <boost/lockfree/queue.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// Of one collector; read by /metrics.
struct trace_books {
    std::string collector;
    counter sent_spans;
    counter dropped_spans;
};

class trace_exporter {
public:
    // `retry_for`: how long a request that failed is tried again.
    trace_exporter(const trace_options& wanted, trace_books& books,
                   duration retry_for = std::chrono::seconds(30));
    ~trace_exporter();

    void start();
    void finish(); // send what is there, and end
    bool ended_by(std::chrono::steady_clock::time_point until);
    void stop_now(); // what is still there is dropped

    void record(const trace_span& ended);

private:
    static constexpr std::size_t most_waiting = 8192;
    using buffer = boost::lockfree::queue<trace_span, boost::lockfree::capacity<most_waiting>>;

    task<> run();
    task<> send_all();
    task<> send(); // sending_
    bool took(const http_response& answer);
    void drop(std::size_t count, std::string_view why);

    const trace_collector to_;
    const duration retry_for_;
    trace_books& books_;
    const std::string head_;
    std::unique_ptr<buffer> waiting_;
    std::atomic<std::size_t> waiting_count_{0};
    std::atomic<bool> stopping_{false};
    std::atomic<bool> given_up_{false}; // the time to send what is left is over
    std::optional<boost::asio::ssl::context> tls_;
    worker thread_;
    task_group tasks_{"trace"};

    // That thread's alone.
    std::unique_ptr<http_connection> connection_;
    io_timer pause_;
    std::vector<trace_span> sending_;
    log_limit failures_;
};

} // namespace weir

// The books: what came in, what was refused, what went out, what was lost, to the message.
// Plain relaxed counters, bumped once a batch by whoever does the work, on any thread, and read by
// /metrics, the status line and the last words at shutdown. The gateway owns them all.
//
// For every listener: received counts what was published to the queue, and only that.
// For every sink:     published since it began = delivered + filtered + lost + pending.
#pragma once

#include "base/histogram.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace weir {

class counter {
public:
    void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

class gauge {
public:
    void add(std::int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
    void set(std::int64_t n) { value_.store(n, std::memory_order_relaxed); }
    std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> value_{0};
};

// Why a listener did not take a message (a request, where its messages were never counted).
enum class refusal {
    oversize,     // larger than max-message, max-body or max-header
    bad_frame,    // broken framing or WebSocket protocol
    bad_request,  // broken HTTP, or a body that is not what it says
    empty,        // nothing in it
    unauthorized, // no or a wrong token
    not_allowed,  // not in the allow list, a foreign Origin
    timeout,      // began and did not go on
    busy,         // over max-connections
    kernel_drop,  // the kernel's receive buffer was full
    queue_full,   // drop-newest, or block where the sender can't be held back
    closing,      // weir was stopping
    count_
};
constexpr std::array<std::string_view, static_cast<std::size_t>(refusal::count_)> refusal_names{
    "oversize", "bad_frame", "bad_request", "empty",      "unauthorized", "not_allowed",
    "timeout",  "busy",      "kernel_drop", "queue_full", "closing"};

// Why a sink did not deliver a message it should have.
enum class loss {
    overrun,  // the queue gave it up before the sink took it
    rejected, // the other side said no for good
    gave_up,  // retried for as long as configured
    shutdown, // still queued when the drain timeout ended
    count_
};
constexpr std::array<std::string_view, static_cast<std::size_t>(loss::count_)> loss_names{
    "overrun", "rejected", "gave_up", "shutdown"};

template <class Reason>
class counters_by {
public:
    counter& operator[](Reason why) { return counters_[static_cast<std::size_t>(why)]; }
    const counter& operator[](Reason why) const { return counters_[static_cast<std::size_t>(why)]; }
    std::uint64_t total() const {
        std::uint64_t sum = 0;
        for (const counter& each : counters_)
            sum += each.value();
        return sum;
    }

private:
    std::array<counter, static_cast<std::size_t>(Reason::count_)> counters_;
};

// Of a listener that asks a target for what it has, again and again.
struct scrape_books {
    counter done;        // the failed among them
    counter failed;      // no page: no connection, no answer in time, no 200
    counter skipped;     // ticks that came while one was under way
    counter wrong_lines; // of pages that had others
    gauge up;            // the last one: 1, or 0 where it failed; -1 when it is asked no more
};

// Microseconds from a message's receipt to its delivery, and messages in a batch.
inline constexpr std::array<std::uint64_t, 17> delivery_bounds{
    250,       1'000,      2'500,      5'000,      10'000,     25'000,
    50'000,    100'000,    250'000,    500'000,    1'000'000,  2'500'000,
    5'000'000, 10'000'000, 30'000'000, 60'000'000, 300'000'000};
inline constexpr std::array<std::uint64_t, 8> batch_bounds{1, 4, 16, 64, 256, 1'024, 4'096, 16'384};

struct listener_books {
    std::string listener; // the flag, or ws for the WebSockets of http
    std::string address;  // as bound; of one that asks or subscribes, its name or whom it asks
    // What is bumped for every batch, in one cache line: several threads do.
    alignas(64) counter received_messages;
    counter received_bytes;                     // payload, without framing
    tally<batch_bounds, writers::many> batches; // by their messages, when published
    counters_by<refusal> refused_messages;
    gauge connections;
    scrape_books scrapes; // scrape alone
};

struct sink_books {
    std::string sink; // the flag
    std::string name; // that the user gave it; "" for none
    // That name, else a path, a URL without secrets, an address. There before the sink runs and
    // before /metrics has it, and the same for good: whoever counts or traces reads it.
    std::string target;
    counter delivered_messages;
    counter delivered_bytes;         // payload, without framing
    counter filtered_messages;       // that its steps passed over
    counter untouched_messages;      // no JSON object, so that steps left them as they were
    counters_by<loss> lost_messages; // overrun is the queue reader's to count, not the sink's
    counter retries;                 // of what had failed, a request or a write
    histogram<delivery_bounds, writers::one> delivery_times; // see queues/delivery.hpp
    tally<batch_bounds, writers::one> deliveries;            // by their messages
    gauge clients;                                           // broadcast and sse alone: who listens
    counter missed_messages; // broadcast, sse, zmq alone: what slow clients were skipped over

    void set_target(std::string own) { target = name.empty() ? std::move(own) : name; }
};

} // namespace weir

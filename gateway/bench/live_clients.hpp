// One thread's share of the clients of a live stream, and what they got. Connects when it is made,
// on the main thread, and runs on a thread of its own; the counters may be read by any.
#pragma once

#include "base/books.hpp"
#include "gateway/bench/frame_walker.hpp"
#include "gateway/bench/histogram.hpp"
#include "gateway/bench/message.hpp"
#include "gateway/bench/options.hpp"
#include "gateway/bench/sequence.hpp"
#include "gateway/client/sockets.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace weir::bench {

struct live_account {
    counter events; // frames that are messages, over all clients
    counter bytes;  // of those, without framing
    counter gap_frames;
    counter missed; // what those say
    counter ended;  // clients that the server closed

    // Complete once it has run.
    std::chrono::steady_clock::time_point first{}; // event
    std::chrono::steady_clock::time_point last{};
    std::vector<std::uint64_t> each; // events, by client
    histogram latency;               // nanoseconds from the message's time to its receipt
    sequence_verdict verify;
};

class live_clients {
public:
    live_clients(const live_options& o, const destination& to, unsigned thread);

    // Until the time is over, it has become quiet, every client has what it expects or none is
    // left.
    void run(const std::atomic<bool>& stop);

    const live_account& books() const { return books_; }

private:
    using clock = std::chrono::steady_clock;

    struct client {
        unique_fd socket;
        frame_walker walker{};
        std::string tail{}; // what the walker wants to see again
        std::uint64_t events = 0;
        std::vector<sequence> senders{}; // by FROM, with --verify
        bool ended = false;
    };
    bool over(clock::time_point now) const;
    void receive(client& by, bool to_the_end);
    void take(client& by, std::size_t size); // what stands in room_
    void take_gap(std::string_view frame);
    static void check(client& by, const stamp& stamped);
    static void answer_ping(const client& by, std::string_view payload);

    live_options options_;
    std::vector<client> clients_;
    readiness readiness_;
    std::string room_; // to read into, behind a tail
    std::size_t living_ = 0;
    std::size_t satisfied_ = 0;       // clients that have what they expect
    std::uint64_t length_ = 1u << 20; // of the last event
    std::uint64_t count_ = 0;         // of events, of which some tell their latency
    live_account books_;
};

} // namespace weir::bench

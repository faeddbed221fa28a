// One thread's share of the connections, and its account of what it sent. Connects when it is made,
// on the main thread, and runs on a thread of its own, which is the only one to use it then; the
// counters may be read by any.
#pragma once

#include "base/books.hpp"
#include "gateway/bench/histogram.hpp"
#include "gateway/bench/options.hpp"
#include "gateway/client/pace.hpp"
#include "gateway/client/sockets.hpp"

#include <atomic>
#include <chrono>
#include <limits>
#include <map>
#include <memory>
#include <vector>

namespace weir::bench {

// What one connection sent: numbers 0 to `messages`, of which so many were refused or never
// answered.
struct sent_from {
    unsigned from = 0;
    std::uint64_t messages = 0;
    std::uint64_t refused = 0;
};

struct account {
    counter messages; // that the kernel took or, where there are answers, that went out
    counter errors;   // refused datagrams, connections that broke, messages without a 2xx or OK

    // Complete once the sender has run.
    std::chrono::steady_clock::time_point began{}; // the first send
    std::chrono::steady_clock::time_point ended{}; // the last byte taken, or the last answer
    std::vector<sent_from> sent;
    histogram latency;                         // HTTP, gRPC: nanoseconds to the answer
    std::map<unsigned, std::uint64_t> answers; // likewise: by status
};

class sender {
public:
    virtual ~sender() = default;

    // Until all is sent or the time is over, or `stop` is set, which is looked at now and then.
    virtual void run(const std::atomic<bool>& stop) = 0;

    const account& books() const { return books_; }

protected:
    using clock = std::chrono::steady_clock;

    // `most` units at a time, `messages_a_unit` in each.
    sender(const send_options& o, std::uint64_t most, std::uint64_t messages_a_unit = 1)
        : options_(o), layout_(o.size.bytes), pace_(static_cast<double>(o.rate.value) / o.threads /
                                                        static_cast<double>(messages_a_unit),
                                                    most) {}

    void begin() {
        books_.began = books_.ended = clock::now();
        pace_.begin(books_.began);
        deadline_ =
            options_.count.value > 0 ? clock::time_point::max() : books_.began + options_.time;
    }
    // How long to wait at most: `stop` is to be seen soon.
    clock::time_point soon(clock::time_point until) const {
        return std::min({until, deadline_, clock::now() + std::chrono::milliseconds(100)});
    }
    // What one of all connections sends of what is to be sent in all.
    std::uint64_t share_of(std::uint64_t all, unsigned connection) const {
        if (options_.count.value == 0)
            return std::numeric_limits<std::uint64_t>::max();
        return all / options_.connections + (connection < all % options_.connections ? 1 : 0);
    }

    send_options options_;
    message_layout layout_;
    pace pace_;
    clock::time_point deadline_{};
    account books_;
};

// The sender for the URL's protocol, with every `threads`th connection from `thread` on. Throws
// startup_error.
std::unique_ptr<sender> make_sender(const send_options& o, const destination& to, unsigned thread);

} // namespace weir::bench

// What --broadcast, --sse and the live stream on an HTTP port take.
#pragma once

#include "base/live_feed.hpp"
#include "base/options.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace weir {

struct broadcast_options {
    // The port's, for whoever opens it; the sink itself does not look at them.
    address listen;
    std::vector<std::string> origins;
    secret token;
    std::vector<cidr> allow;
    std::uint32_t max_connections = 16'384;

    byte_size client_buffer = 4_MiB;
    byte_size history = 64_MiB;
    slow_client slow = slow_client::skip;
};

inline void declare(option_set& set, broadcast_options& o) {
    set.what("ADDR", o.listen);
    set.add("client-buffer", o.client_buffer, "SIZE", "how far a client may fall behind");
    set.add("slow", o.slow, "skip/close",
            "what a client that falls further behind gets: a gap notice and the newest, or 1008");
    set.add("history", o.history, "SIZE",
            "how much is kept for clients that ask for last or since");
    set.add("origins", o.origins, "ORIGIN", "pages that may connect, beside the port's own");
    set.add("token", o.token, "TOKEN", "what clients must bring");
    set.add("allow", o.allow, "CIDR", "networks that may connect; none given: all");
    set.add("max-connections", o.max_connections, "N", "more at a time are refused");
}

// The stream's times. No flags: tests make them short.
struct broadcast_times {
    using duration = std::chrono::steady_clock::duration;

    // Between one send and the next: as many times as the last one took, at most so long.
    int rest = 2;
    duration coalesce = std::chrono::milliseconds(1);
    duration ping = std::chrono::seconds(20);    // of silence, then a ping
    duration comment = std::chrono::seconds(15); // of our own silence, to who can't be pinged
    duration dead = std::chrono::seconds(70);    // of silence, then dropped
    duration close = std::chrono::seconds(5);    // to take part in closing
    duration flush = std::chrono::seconds(2);    // for all, at the end
    duration sweep = std::chrono::seconds(1);    // between looks at all
};

} // namespace weir

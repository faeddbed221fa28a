// What a client of the live stream asks for, from its request (docs/live.md). Pure, any thread.
#pragma once

#include "base/http_routes.hpp"
#include "sinks/live_format.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// Clients that are sent the same bytes: they share a channel.
struct live_key {
    live_format format = live_format::websocket;
    bool meta = false;               // each event in an envelope
    std::vector<std::string> topics; // as for topic_filter, in order, each once; empty: all
    auto operator<=>(const live_key&) const = default;
};

// Where a client begins; with neither, at the newest. At most one is there.
struct live_start {
    std::optional<std::uint64_t> last;  // so many of those that are held
    std::optional<std::uint64_t> since; // behind the event with this number
};

struct live_query {
    live_key key;
    live_start from;
    std::string_view fault; // a literal; empty where all is well
};

// `how` is the form that the path speaks: for sse, ?raw makes it lines. Last-Event-ID, which
// browsers send when they come back, comes before what the query says; where it is no number it is
// somebody else's and says nothing.
live_query parse_live_query(live_format how, const http_query& asked);

} // namespace weir

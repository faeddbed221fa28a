// Events summed before they are sent: how many there were of the same account, topic, hour and so
// on, each of which becomes a handful of counters only when it is sent. Used by one thread at a
// time.
#pragma once

#include "sinks/count_naming.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace weir {

// What an event counts as. A part that it does not have is empty.
struct tally_view {
    std::string_view account;
    std::string_view topic;
    std::string_view status; // of an order alone
    std::int64_t hour = 0;   // since 1970, UTC
    bool unique = false;

    bool counts() const { return !topic.empty() || unique; }
    friend bool operator==(const tally_view&, const tally_view&) = default;
};

// By key and field.
using counters = std::map<std::string, std::map<std::string, std::uint64_t>>;

struct event_total {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0; // payload, without framing

    void add(const event_total& more) {
        messages += more.messages;
        bytes += more.bytes;
    }
};

class tallies {
public:
    // False: there are `most` others already, and it was not added. With 0 only to one that is.
    bool add(const tally_view& event, std::size_t bytes, std::size_t most);
    // Turns up to `most` of them into counters, which need many times their memory. What they were.
    event_total take(counters& into, const count_naming& naming, std::size_t most);

    std::size_t size() const { return counts_.size(); }
    bool empty() const { return counts_.empty(); }
    std::uint64_t messages() const;
    void clear() { counts_.clear(); }

private:
    struct tally {
        std::string account;
        std::string topic;
        std::string status;
        std::int64_t hour;
        bool unique;
        operator tally_view() const { return {account, topic, status, hour, unique}; }
    };
    struct hash {
        using is_transparent = void;
        std::size_t operator()(const tally_view& of) const;
    };
    struct equal {
        using is_transparent = void;
        bool operator()(const tally_view& a, const tally_view& b) const { return a == b; }
    };

    static void add_counters(counters& to, const tally& of, std::uint64_t n,
                             const count_naming& naming);

    std::unordered_map<tally, event_total, hash, equal> counts_;
};

} // namespace weir

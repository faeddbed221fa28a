// Where in the history a client begins that asked for last= or since=: found one bounded step at a
// time, for a long history is much to look through. Used by one thread; knows no socket.
#pragma once

#include "base/topic_filter.hpp"
#include "sinks/live_history.hpp"
#include "sinks/live_query.hpp"

#include <cstdint>

namespace weir {

class live_seek {
public:
    // `end` is the number of the first event that will come without asking. Both outlive this.
    live_seek(const live_history& history, const topic_filter& topics, live_start from,
              std::uint64_t end);

    bool found() const { return wanted_ == 0; }
    void step(); // looks further back; only until it is found

    std::uint64_t first() const { return first_; } // event's number, once found
    bool restarted() const { return restarted_; }  // nobody has seen the number in this run

private:
    const live_history& history_;
    const topic_filter& topics_;
    std::uint64_t first_;      // while it looks, what it has looked back to
    std::uint64_t wanted_ = 0; // events still to be found before that
    bool restarted_ = false;
};

} // namespace weir

// Events on stdout, a line each, as many a write as came together. An event with a newline in it
// stays one line, as wire/record.hpp says. Main thread.
#pragma once

#include "gateway/client/waiter.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::tail {

class event_printer {
public:
    // `most` events, 0: no end.
    event_printer(client::waiter& waits, std::uint64_t most) : waits_(waits), most_(most) {}

    void put(std::string_view event);
    void flush(); // throws client::stopped where nobody reads stdout any more
    std::uint64_t events() const { return events_; }
    bool full() const { return most_ > 0 && events_ == most_; } // all that was wanted is there

private:
    client::waiter& waits_;
    std::uint64_t most_;
    std::uint64_t events_ = 0;
    std::string lines_;
};

} // namespace weir::tail

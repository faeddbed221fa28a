// What follows from the answer to a request, for one request from its first try on. Sans-I/O: it is
// given the time and knows no clock.
#pragma once

#include "sinks/backoff.hpp"
#include "sinks/wall_time.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace weir {

// What a try came to: an answer, or none (connection fault, time-out, broken HTTP).
struct http_outcome {
    unsigned status = 0; // 0: no answer
    std::optional<duration> retry_after;
};

struct retry_verdict {
    enum class kind {
        delivered, // 2xx
        again,     // after `wait`
        rejected,  // an answer that trying again won't change: every 3xx, and 4xx but 408 and 429
        gave_up    // would have to be tried again, and retry-for is over
    } what;
    std::chrono::steady_clock::duration wait{};
};

class retry_policy {
public:
    using time = std::chrono::steady_clock::time_point;

    // The waits double from 100 ms to 10 s, are never shorter than Retry-After, and end with a last
    // try when retry-for is over.
    retry_policy(duration retry_for, time first_try,
                 backoff waits = {duration(100), duration(10'000)})
        : deadline_(first_try + retry_for), waits_(waits) {}

    retry_verdict next(const http_outcome& outcome, time now);

private:
    time deadline_;
    backoff waits_;
};

// RFC 9110, section 10.2.3: seconds or an HTTP-date (IMF-fixdate), as a time from now; nothing
// where it is neither.
std::optional<duration> parse_retry_after(std::string_view value, wall_time now);

} // namespace weir

// When how many messages may go, so that they go out at an even rate: one by one where the rate is
// low, else in bursts of what a millisecond takes. Who falls behind catches up, burst by burst. It
// reads no clock. Owned and used by one sending thread.
#pragma once

#include <chrono>
#include <cstdint>

namespace weir::client {

class pace {
public:
    using clock = std::chrono::steady_clock;

    // `rate` a second, 0: as fast as it goes; `most` at a time.
    pace(double rate, std::uint64_t most);

    void begin(clock::time_point now) { began_ = now; }
    std::uint64_t due(clock::time_point now) const; // 0, or a whole burst
    void sent(std::uint64_t count) { sent_ += count; }
    clock::time_point next() const; // when the next burst is due

private:
    double rate_;
    std::uint64_t burst_;
    clock::time_point began_{};
    std::uint64_t sent_ = 0;
};

} // namespace weir::client

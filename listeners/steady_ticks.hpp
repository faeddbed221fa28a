// When something that happens again and again is due: at fixed distances from its beginning, so
// that what is late once is not late for ever. Who misses ticks goes on with the next that is to
// come. Knows no clock. Owned and used by one coroutine.
#pragma once

#include <chrono>
#include <cstdint>

namespace weir {

class steady_ticks {
public:
    using clock = std::chrono::steady_clock;

    steady_ticks(clock::time_point begin, clock::duration every) : due_(begin), every_(every) {}

    clock::time_point due() const { return due_; } // the current one, the beginning first

    // Goes on to the next tick that is not before `now`, and says how many others were passed over.
    std::uint64_t advance(clock::time_point now) {
        due_ += every_;
        if (due_ >= now)
            return 0;
        const auto missed = (now - due_ + every_ - clock::duration(1)) / every_;
        due_ += missed * every_;
        return static_cast<std::uint64_t>(missed);
    }

private:
    clock::time_point due_;
    clock::duration every_;
};

} // namespace weir

// How long to wait before trying again: doubles from the first to the longest, and each wait is
// drawn from the upper half, so that many who failed together do not come back together.
#pragma once

#include "base/units.hpp"

#include <algorithm>
#include <random>

namespace weir {

class backoff {
public:
    backoff(duration first, duration longest, std::uint32_t seed = std::random_device()())
        : first_(first), longest_(longest), current_(first), random_(seed) {}

    duration next() {
        std::uniform_int_distribution<duration::rep> within(current_.count() / 2, current_.count());
        const duration wait(within(random_));
        current_ = std::min(current_ * 2, longest_);
        return wait;
    }
    void reset() { current_ = first_; }

private:
    duration first_;
    duration longest_;
    duration current_;
    std::minstd_rand random_;
};

} // namespace weir

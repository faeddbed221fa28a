#include "gateway/client/pace.hpp"

#include <algorithm>
#include <cmath>

namespace weir::client {

namespace {

std::uint64_t a_millisecond_of(double rate) {
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(rate / 1000));
}

} // namespace

pace::pace(double rate, std::uint64_t most)
    : rate_(rate), burst_(rate > 0 ? std::min(most, a_millisecond_of(rate)) : most) {}

std::uint64_t pace::due(clock::time_point now) const {
    return rate_ <= 0 || now >= next() ? burst_ : 0;
}

pace::clock::time_point pace::next() const {
    if (rate_ <= 0)
        return began_;
    // Message i is due i intervals after the first, and a burst when its last message is.
    const double intervals = static_cast<double>(sent_ + burst_ - 1);
    const std::chrono::duration<double, std::nano> after(std::ceil(intervals * 1e9 / rate_));
    return began_ + std::chrono::duration_cast<clock::duration>(after);
}

} // namespace weir::client

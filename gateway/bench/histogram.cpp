#include "gateway/bench/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace weir::bench {

// Values of b bits (b > 8) keep their highest 8: their class is b - 8, the 7 bits behind the
// highest are the step in it. What is smaller counts as class 0, whose steps are the values
// themselves.
std::size_t histogram::index_of(std::uint64_t value) {
    const auto bits = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = bits > step_bits + 1 ? bits - step_bits - 1 : 0;
    return shift * steps_a_power + (value >> shift);
}

std::uint64_t histogram::upper_of(std::size_t index) {
    if (index < 2 * steps_a_power)
        return index;
    const std::size_t shift = index / steps_a_power - 1;
    const std::uint64_t step = index % steps_a_power + steps_a_power;
    return ((step + 1) << shift) - 1;
}

void histogram::record(std::uint64_t value, std::uint64_t times) {
    counts_[std::min(index_of(value), counts_.size() - 1)] += times;
    count_ += times;
    max_ = std::max(max_, value);
}

void histogram::merge(const histogram& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i)
        counts_[i] += other.counts_[i];
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

std::uint64_t histogram::percentile(double share) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        below += counts_[i];
        if (below > 0 && below >= wanted)
            return std::min(upper_of(i), max_);
    }
    return max_;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>>
histogram::steps(std::uint64_t smallest) const {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    std::size_t next = 0;
    std::uint64_t below = 0; // the last bound
    for (std::uint64_t ten = smallest;; ten *= 10) {
        for (const std::uint64_t bound : {ten, 2 * ten, 5 * ten}) {
            std::uint64_t here = 0;
            while (next < counts_.size() && upper_of(next) <= bound)
                here += counts_[next++];
            if (here > 0 || !found.empty())
                found.emplace_back(bound, here);
            below += here;
            if (below == count_)
                return found;
        }
    }
}

} // namespace weir::bench

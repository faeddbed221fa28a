// Counts of values of which percentiles are asked: exact below 256, above it in 128 steps for each
// power of two, so that what is read from it is at most 0.8 % too high. One writer; merged in the
// end.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace weir::bench {

class histogram {
public:
    void record(std::uint64_t value, std::uint64_t times = 1);
    void merge(const histogram& other);

    std::uint64_t count() const { return count_; }
    std::uint64_t max() const { return max_; }
    // The value that `share` of all values (0 to 1) do not exceed; 0 where there is none.
    std::uint64_t percentile(double share) const;
    // How many values are at most as large as each bound and larger than the one before: for
    // people, bounds 1, 2, 5, 10, … times `smallest`, without the empty ones at either end.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> steps(std::uint64_t smallest) const;

private:
    static constexpr unsigned step_bits = 7;
    static constexpr std::uint64_t steps_a_power = 1u << step_bits;
    static constexpr std::size_t most_bits = 44; // of nanoseconds: five hours

    static std::size_t index_of(std::uint64_t value);
    static std::uint64_t upper_of(std::size_t index); // the largest value that it counts

    std::array<std::uint64_t, (most_bits - step_bits + 1) * steps_a_power> counts_{};
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
};

} // namespace weir::bench

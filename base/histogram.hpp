// Histograms with fixed bounds, as Prometheus takes them: counts by value in plain relaxed
// counters. Values are whole numbers in a unit of the owner's. Read from any thread; the sum may be
// ahead of or behind the counts by what is observed meanwhile.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace weir {

enum class writers { one, many }; // one thread at a time observes, and needs no locked instruction

template <writers Who>
void bump(std::atomic<std::uint64_t>& counter, std::uint64_t by) {
    if constexpr (Who == writers::one)
        counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    else
        counter.fetch_add(by, std::memory_order_relaxed);
}

// The counts alone, for whoever keeps the sum anyway.
template <const auto& Bounds, writers Who>
class tally {
public:
    static constexpr const auto& bounds = Bounds;

    // `weight` things of this value. A value that equals a bound is at or below it.
    void observe(std::uint64_t value, std::uint64_t weight = 1) {
        const auto at = std::lower_bound(std::begin(Bounds), std::end(Bounds), value);
        bump<Who>(counts_[static_cast<std::size_t>(at - std::begin(Bounds))], weight);
    }

    std::uint64_t count_in(std::size_t bucket) const { // not cumulative; the last is above all
        return counts_[bucket].load(std::memory_order_relaxed);
    }

private:
    std::array<std::atomic<std::uint64_t>, std::size(Bounds) + 1> counts_{};
};

template <const auto& Bounds, writers Who>
class histogram : public tally<Bounds, Who> {
public:
    void observe(std::uint64_t value, std::uint64_t weight = 1) {
        tally<Bounds, Who>::observe(value, weight);
        bump<Who>(sum_, value * weight);
    }

    std::uint64_t sum() const { return sum_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> sum_{0};
};

} // namespace weir

// A histogram with fixed bounds, as Prometheus takes it: counts by value in plain relaxed counters.
// Values are whole numbers in a unit of the owner's. Read from any thread; the sum may be ahead of
// or behind the counts by what is observed meanwhile.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace weir {

enum class writers { one, many }; // one thread at a time observes, and needs no locked instruction

template <const auto& Bounds, writers Who>
class histogram {
public:
    static constexpr std::size_t buckets = std::size(Bounds) + 1; // the last is above every bound
    static constexpr const auto& bounds = Bounds;

    // `weight` things of this value. A value that equals a bound is at or below it.
    void observe(std::uint64_t value, std::uint64_t weight = 1) {
        const auto at = std::lower_bound(std::begin(Bounds), std::end(Bounds), value);
        add(counts_[static_cast<std::size_t>(at - std::begin(Bounds))], weight);
        add(sum_, value * weight);
    }

    std::uint64_t count_in(std::size_t bucket) const { // not cumulative
        return counts_[bucket].load(std::memory_order_relaxed);
    }
    std::uint64_t sum() const { return sum_.load(std::memory_order_relaxed); }

private:
    static void add(std::atomic<std::uint64_t>& to, std::uint64_t n) {
        if constexpr (Who == writers::one)
            to.store(to.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
        else
            to.fetch_add(n, std::memory_order_relaxed);
    }

    std::array<std::atomic<std::uint64_t>, buckets> counts_{};
    std::atomic<std::uint64_t> sum_{0};
};

} // namespace weir

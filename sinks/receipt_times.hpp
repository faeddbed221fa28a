// When the events that wait to be delivered in sums were received, for the time that takes. A sum
// does not know its own: the oldest are taken for those that are delivered, whichever they are.
// So each counts once and their mean is exact, and where all that waits is delivered, each time is.
//
// Bounded: where there would be more than `most` times, neighbours become one, at their mean. Used
// by one thread at a time.
#pragma once

#include "queues/batch.hpp"

#include <algorithm>
#include <deque>

namespace weir {

class receipt_times {
public:
    using time = receive_clock::time_point;
    static constexpr std::size_t most = 1024;

    void add(time when, std::uint64_t messages) {
        if (!times_.empty() && times_.back().when == when) {
            times_.back().messages += messages;
            return;
        }
        if (times_.size() == most)
            halve();
        times_.push_back({when, messages});
    }

    // Takes so many off, and calls use(when, how many).
    template <class Use>
    void take(std::uint64_t messages, Use use) {
        while (messages > 0 && !times_.empty()) {
            some& oldest = times_.front();
            const std::uint64_t taken = std::min(messages, oldest.messages);
            use(oldest.when, taken);
            messages -= taken;
            oldest.messages -= taken;
            if (oldest.messages == 0)
                times_.pop_front();
        }
    }

    std::size_t size() const { return times_.size(); }

private:
    struct some {
        time when;
        std::uint64_t messages;
    };

    void halve() {
        std::deque<some> fewer;
        for (std::size_t i = 0; i + 1 < times_.size(); i += 2) {
            const some& one = times_[i];
            const some& other = times_[i + 1];
            const std::uint64_t sum = one.messages + other.messages;
            const double part = static_cast<double>(other.messages) / static_cast<double>(sum);
            const auto later = std::chrono::duration_cast<receive_clock::duration>(
                part * std::chrono::duration<double, std::nano>(other.when - one.when));
            fewer.push_back({one.when + later, sum});
        }
        times_.swap(fewer);
    }

    std::deque<some> times_; // oldest first
};

} // namespace weir

#include "sinks/live_history.hpp"

#include <algorithm>

namespace weir {

namespace {

// The entry and the allocator's share, beside what the batch knows of itself.
std::uint64_t occupied(const batch& messages) { return messages.footprint() + 32; }

} // namespace

void live_history::take(std::uint64_t missed, std::span<const batch_ptr> fresh,
                        std::vector<entry>& gone) {
    end_ += missed;
    for (const batch_ptr& each : fresh) {
        entries_.push_back({end_, each});
        end_ += each->size();
        bytes_ += occupied(*each);
    }
    while (bytes_ > most_) {
        entry& oldest = entries_.front();
        bytes_ -= occupied(*oldest.messages);
        oldest_ = oldest.end();
        gone.push_back(std::move(oldest));
        entries_.pop_front();
    }
}

std::uint64_t live_history::listen(std::atomic<bool>& listening) {
    const std::lock_guard lock(mutex_);
    listening.store(true, std::memory_order_release);
    return end_;
}

std::uint64_t live_history::end() const {
    const std::lock_guard lock(mutex_);
    return end_;
}

live_history::slice live_history::read(std::uint64_t from, std::uint64_t until,
                                       std::size_t most) const {
    slice out;
    const std::lock_guard lock(mutex_);
    auto at = std::partition_point(entries_.begin(), entries_.end(),
                                   [from](const entry& each) { return each.end() <= from; });
    const std::uint64_t begin = at == entries_.end() ? until : std::min(until, at->first);
    out.overtaken = from < oldest_;
    if (begin > from)
        out.missed = begin - from;
    std::size_t bytes = 0;
    std::uint64_t next = std::max(begin, from);
    for (; at != entries_.end() && at->first < until && bytes < most; ++at) {
        if (at->first > next)
            break;
        next = at->end();
        bytes += at->messages->payload();
        out.entries.push_back(*at);
    }
    return out;
}

std::vector<live_history::entry> live_history::before(std::uint64_t number,
                                                      std::size_t most) const {
    std::vector<entry> out;
    {
        const std::lock_guard lock(mutex_);
        auto at = std::partition_point(entries_.begin(), entries_.end(),
                                       [number](const entry& each) { return each.first < number; });
        for (std::size_t bytes = 0; at != entries_.begin() && bytes < most;) {
            --at;
            bytes += at->messages->footprint();
            out.push_back(*at);
        }
    }
    std::reverse(out.begin(), out.end());
    return out;
}

} // namespace weir

#include "gateway/ending_reader.hpp"

#include <algorithm>
#include <utility>

namespace weir {

void ending_reader::end(const queue_reader& successor) {
    // The two began at positions that don't change, and what both have been published since differs
    // by what lies between. It is read as of one moment: when the total stood still around it.
    std::uint64_t before = source_.published();
    for (;;) {
        const std::uint64_t since = successor.published();
        const std::uint64_t after = source_.published();
        if (after == before)
            return end_at(before - since);
        before = after;
    }
}

void ending_reader::end() { end_at(source_.published()); }

void ending_reader::end_at(std::uint64_t messages) {
    end_.store(messages);
    wake();
}

bool ending_reader::at_end() const {
    const std::uint64_t end = end_.load();
    return end != never && source_.taken() + source_.missed() >= end;
}

batch_ptr ending_reader::try_take() {
    if (at_end())
        return nullptr;
    return source_.try_take();
}

// The source wakes with its own lock held: it is never asked for anything with this one held. Who
// ends it after the look at the end finds the sleeper.
bool ending_reader::park(waker& sleeper) {
    {
        const std::lock_guard lock(mutex_);
        sleeper_ = &sleeper;
    }
    if (!at_end() && source_.park(*this))
        return true;
    const std::lock_guard lock(mutex_);
    sleeper_ = nullptr;
    return false;
}

void ending_reader::unpark() {
    {
        const std::lock_guard lock(mutex_);
        sleeper_ = nullptr;
    }
    source_.unpark();
}

// By the queue, or by end(). Under the lock, so that none comes after unpark.
void ending_reader::wake() {
    const std::lock_guard lock(mutex_);
    if (waker* sleeper = std::exchange(sleeper_, nullptr))
        sleeper->wake();
}

bool ending_reader::finished() const { return at_end() || source_.finished(); }

std::uint64_t ending_reader::beyond_end() const {
    const std::uint64_t end = end_.load();
    return std::max(end, source_.taken()) - end;
}

// They are there to take, for the other has taken them, or given up by now.
void ending_reader::skip(std::uint64_t messages) {
    while (source_.taken() + source_.missed() < messages)
        if (!source_.try_take())
            break;
    const std::uint64_t taken = source_.taken();
    skipped_taken_ = taken;
    skipped_missed_ = std::max(messages, taken) - taken;
}

// With what it took before it was told to end, all of which counts here.
std::uint64_t ending_reader::published() const {
    const std::uint64_t end = end_.load();
    const std::uint64_t all = end == never ? source_.published() : std::max(end, source_.taken());
    return all - skipped_taken_ - skipped_missed_;
}

// What the queue gave up behind the end was another's to miss.
std::uint64_t ending_reader::missed() const {
    const std::uint64_t end = end_.load();
    const std::uint64_t taken = source_.taken();
    const std::uint64_t missed = source_.missed();
    const std::uint64_t own =
        end == never ? missed : std::min(missed, std::max(end, taken) - taken);
    return std::max<std::uint64_t>(own, skipped_missed_) - skipped_missed_;
}

} // namespace weir

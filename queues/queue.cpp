#include "queues/queue.hpp"

#include <algorithm>

namespace weir {

bool queue::wait_for_space(waker& sleeper, std::size_t bytes) {
    {
        const std::lock_guard lock(waiting_mutex_);
        const auto known = std::ranges::find(waiting_, &sleeper, &waiting::sleeper);
        if (known != waiting_.end())
            known->asleep = true; // in its old place
        else
            waiting_.push_back({&sleeper, bytes, true});
        somebody_waits_.store(true, std::memory_order_seq_cst);
    }
    // Space made between the failed publish and the line above would have woken nobody.
    if (!has_space(bytes))
        return true;
    const std::lock_guard lock(waiting_mutex_);
    std::ranges::find(waiting_, &sleeper, &waiting::sleeper)->asleep = false;
    return false;
}

void queue::cancel_wait(waker& sleeper) {
    const std::lock_guard lock(waiting_mutex_);
    std::erase_if(waiting_, [&](const waiting& each) { return each.sleeper == &sleeper; });
    somebody_waits_.store(!waiting_.empty(), std::memory_order_seq_cst);
    wake_next_if_space();
}

void queue::wake_waiting() {
    const std::lock_guard lock(waiting_mutex_);
    wake_next_if_space();
}

void queue::wake_all_waiting() {
    const std::lock_guard lock(waiting_mutex_);
    for (waiting& each : waiting_)
        if (std::exchange(each.asleep, false))
            each.sleeper->wake();
}

// Under the lock, so that a waker that was cancelled is never called.
void queue::wake_next_if_space() {
    const auto next = std::ranges::find(waiting_, true, &waiting::asleep);
    if (next == waiting_.end() || !has_space(next->bytes))
        return;
    next->asleep = false;
    next->sleeper->wake();
}

} // namespace weir

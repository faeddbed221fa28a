#include "queues/queue.hpp"

namespace weir {

bool queue::wait_for_space(waker& sleeper, std::size_t bytes) {
    {
        const std::lock_guard lock(waiting_mutex_);
        forget(sleeper);
        waiting_.push_back({&sleeper, bytes});
        somebody_waits_.store(true, std::memory_order_seq_cst);
    }
    // Space made between the failed publish and the line above would have woken nobody.
    if (!has_space(bytes))
        return true;
    const std::lock_guard lock(waiting_mutex_);
    forget(sleeper);
    return false;
}

void queue::cancel_wait(waker& sleeper) {
    const std::lock_guard lock(waiting_mutex_);
    forget(sleeper);
    wake_first_if_space();
}

void queue::wake_waiting() {
    const std::lock_guard lock(waiting_mutex_);
    wake_first_if_space();
}

void queue::wake_all_waiting() {
    const std::lock_guard lock(waiting_mutex_);
    for (const waiting& each : waiting_)
        each.sleeper->wake();
    waiting_.clear();
    somebody_waits_.store(false, std::memory_order_seq_cst);
}

// Under the lock, so that a waker that was cancelled is never called.
void queue::wake_first_if_space() {
    if (waiting_.empty() || !has_space(waiting_.front().bytes))
        return;
    waiting_.front().sleeper->wake();
    waiting_.pop_front();
    somebody_waits_.store(!waiting_.empty(), std::memory_order_seq_cst);
}

void queue::forget(waker& sleeper) {
    std::erase_if(waiting_, [&](const waiting& each) { return each.sleeper == &sleeper; });
    somebody_waits_.store(!waiting_.empty(), std::memory_order_seq_cst);
}

} // namespace weir

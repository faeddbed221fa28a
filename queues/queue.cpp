#include "queues/queue.hpp"

#include <algorithm>

namespace weir {

bool queue::wait_for_space(waker& sleeper) {
    {
        const std::lock_guard lock(waiting_mutex_);
        waiting_.push_back(&sleeper);
        somebody_waits_.store(true, std::memory_order_seq_cst);
    }
    // Space made between the failed publish and the line above would have woken nobody.
    if (!has_space())
        return true;
    cancel_wait(sleeper);
    return false;
}

void queue::cancel_wait(waker& sleeper) {
    const std::lock_guard lock(waiting_mutex_);
    std::erase(waiting_, &sleeper);
    somebody_waits_.store(!waiting_.empty(), std::memory_order_seq_cst);
}

void queue::wake_waiting() {
    // Under the lock, so that a waker that was cancelled is never called.
    const std::lock_guard lock(waiting_mutex_);
    for (waker* sleeper : waiting_)
        sleeper->wake();
    waiting_.clear();
    somebody_waits_.store(false, std::memory_order_seq_cst);
}

} // namespace weir

#include "base/task_group.hpp"

#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>

namespace weir {

std::shared_ptr<void> task_group::hold() {
    {
        const std::lock_guard lock(state_->mutex);
        ++state_->running;
    }
    return {nullptr, [state = state_](std::nullptr_t) {
                const std::lock_guard lock(state->mutex);
                if (--state->running == 0)
                    state->none_left.notify_all();
            }};
}

void task_group::spawn(io_executor where, task<> coroutine) {
    auto ended = [state = state_, held = hold()](std::exception_ptr fault) {
        if (!fault)
            return;
        try {
            std::rethrow_exception(fault);
        } catch (const std::exception& what) {
            component_log(state->name).error("{}", what.what());
        }
    };
    boost::asio::co_spawn(where, std::move(coroutine), std::move(ended));
}

bool task_group::wait_until(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(state_->mutex);
    return state_->none_left.wait_until(lock, deadline, [this] { return state_->running == 0; });
}

std::size_t task_group::running() const {
    const std::lock_guard lock(state_->mutex);
    return state_->running;
}

} // namespace weir

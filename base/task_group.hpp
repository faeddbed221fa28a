// The coroutines of one component, counted, so that stopping can wait until each has returned.
// spawn and hold from any thread; wait_until from a thread that runs no coroutine of the group.
#pragma once

#include "base/executor.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

namespace weir {

class task_group {
public:
    // An exception that leaves the coroutine ends it alone, and is logged under this name.
    explicit task_group(std::string name) : state_(std::make_shared<state>()) {
        state_->name = std::move(name);
    }

    void spawn(io_executor where, task<> coroutine);

    // Something that is no coroutine and counts as running until the last copy is gone.
    std::shared_ptr<void> hold();

    bool wait_until(std::chrono::steady_clock::time_point deadline); // true: none is left
    std::size_t running() const;

private:
    struct state {
        std::string name;
        std::mutex mutex;
        std::condition_variable none_left;
        std::size_t running = 0;
    };
    std::shared_ptr<state> state_;
};

} // namespace weir

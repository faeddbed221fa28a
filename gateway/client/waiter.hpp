// Every wait of `weir tail` and `weir send`: for a socket or a time, and in each of them for SIGINT
// and SIGTERM and, where asked, for stdout's reader to go away. One a process, on the main thread.
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <functional>

namespace weir::client {

// Thrown out of a wait, once: the first signal, or nobody reads stdout any more. A second signal
// ends the process at once, with status 1.
struct stopped {};

class waiter {
public:
    using clock = std::chrono::steady_clock;

    explicit waiter(bool for_stdout_too);
    ~waiter();
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;

    // Until `descriptor` is ready for `events`, as poll() has them. False: the time has come first.
    bool wait(int descriptor, short events, clock::time_point until);
    void sleep_until(clock::time_point until);

    // Calls back from within waits for anything else, whenever this one is readable.
    void watch(int descriptor, std::function<void()> when_readable);

private:
    unique_fd signalled_;
    bool for_stdout_;
    bool told_ = false;
    int watched_ = -1;
    std::function<void()> when_readable_;
};

} // namespace weir::client

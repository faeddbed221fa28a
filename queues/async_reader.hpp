// A queue's reader for coroutines: what a sink reads from. Lives on one executor, whose thread
// alone calls it; stop() comes from any thread.
#pragma once

#include "base/books.hpp"
#include "base/executor.hpp"
#include "queues/queue.hpp"

#include <chrono>
#include <memory>

namespace weir {

class pipeline; // queues/steps/pipeline.hpp

// What happens to each batch before the sink has it. What the sink does not want is passed over,
// and counted.
struct reader_filter {
    std::shared_ptr<pipeline> steps; // null: it gets all as it is
    counter* passed_over = nullptr;  // messages
};

class async_reader {
public:
    async_reader(queue_reader& source, io_executor where, reader_filter filter = {});
    ~async_reader() { source_.unpark(); }
    async_reader(const async_reader&) = delete;
    async_reader& operator=(const async_reader&) = delete;

    // The next batch if one is there; never suspends.
    batch_ptr try_take();

    // Suspends until something may be there to take, the deadline, finished() or stop().
    task<> wait(std::chrono::steady_clock::time_point until = forever);

    // try_take, or wait and try again. Null: finished or stopped.
    task<batch_ptr> take();

    bool finished() const { return stopped() || source_.finished(); }
    bool stopped() const { return signal_->stopped.load(std::memory_order_acquire); }

    // Ends every wait now and from now on: the drain timeout is over.
    void stop();

    static constexpr std::chrono::steady_clock::time_point forever =
        std::chrono::steady_clock::time_point::max();

private:
    // Shared with wakes under way, which may arrive when the reader is gone.
    struct signal final : waker, std::enable_shared_from_this<signal> {
        explicit signal(io_executor where) : executor(where), timer(where) {}
        void wake() override;
        io_executor executor;
        io_timer timer;
        std::atomic<bool> stopped{false};
    };

    queue_reader& source_;
    const reader_filter filter_;
    std::uint64_t taken_ = 0; // messages, where there are steps
    std::shared_ptr<signal> signal_;
};

} // namespace weir

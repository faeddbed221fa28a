// A queue's reader that can be told to end while the queue goes on: what a sink reads from, so that
// it can drain and go without the others noticing.
//
// Owned by the gateway beside the reader it reads. end() and the books from the main thread, or
// any; the rest as a queue_reader has it.
#pragma once

#include "queues/queue.hpp"

#include <atomic>
#include <mutex>

namespace weir {

class ending_reader final : public queue_reader, private waker {
public:
    explicit ending_reader(queue_reader& source) : source_(source) {}

    // What was published before `successor` subscribed is still for this reader, and nothing after.
    // Ends whoever waits for more.
    void end(const queue_reader& successor);
    void end(); // the same, without anyone to take over

    // When it has finished, how many messages behind that end it had taken before it was told. A
    // successor that skips as many before it runs has, with this, each message once.
    std::uint64_t beyond_end() const;
    void skip(std::uint64_t messages);

    batch_ptr try_take() override;
    bool park(waker& sleeper) override;
    void unpark() override;
    bool finished() const override;
    std::uint64_t published() const override;
    std::uint64_t taken() const override { return source_.taken() - skipped_taken_; }
    std::uint64_t missed() const override;

private:
    static constexpr std::uint64_t never = UINT64_MAX;

    void end_at(std::uint64_t messages);
    bool at_end() const;
    void wake() override;

    queue_reader& source_;
    std::atomic<std::uint64_t> end_{never}; // in messages since it subscribed
    std::atomic<std::uint64_t> skipped_taken_{0};
    std::atomic<std::uint64_t> skipped_missed_{0};
    std::mutex mutex_;
    waker* sleeper_ = nullptr;
};

} // namespace weir

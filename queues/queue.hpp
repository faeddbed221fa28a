// The queue between listeners and sinks: every listener publishes Batches into it, every sink reads
// them from a reader of its own, at its own pace.
//
// Threading: publish from any thread; each reader is used by one thread at a time; everything else
// from any thread. A reader sees what is published after it has subscribed; the queue outlives its
// readers. Nothing here blocks: who has to wait parks a waker and is told.
//
// The books, for every reader, at rest: published = taken + missed + pending.
#pragma once

#include "queues/batch.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

namespace weir {

enum class queue_kind { ring, channel, mutex_ring, mutex_array };
constexpr std::array<std::pair<std::string_view, queue_kind>, 4> choices(queue_kind) {
    return {{{"ring", queue_kind::ring},
             {"channel", queue_kind::channel},
             {"mutex-ring", queue_kind::mutex_ring},
             {"mutex-array", queue_kind::mutex_array}}};
}

enum class when_full { drop_oldest, drop_newest, block };
constexpr std::array<std::pair<std::string_view, when_full>, 3> choices(when_full) {
    return {{{"drop-oldest", when_full::drop_oldest},
             {"drop-newest", when_full::drop_newest},
             {"block", when_full::block}}};
}

struct queue_options {
    queue_kind kind = queue_kind::ring;
    std::size_t slots = 65'536;     // batches; a power of two
    std::size_t bytes = 128u << 20; // what the batches occupy
    when_full policy = when_full::drop_oldest;
};

// Told once, from the thread that made the thing happen; must not block and must not call back into
// the queue.
class waker {
public:
    virtual void wake() = 0;

protected:
    ~waker() = default;
};

enum class publish_result {
    published,
    dropped, // drop-newest and full, or larger than the whole queue: the batch is gone, and its
             // messages are the caller's to count
    full,    // block, and full: the batch is still the caller's; wait for space and try again
    closed   // the queue takes nothing more; the batch is gone, and the caller's to count
};

class queue_reader {
public:
    static constexpr std::size_t most = 16; // readers of one queue

    virtual ~queue_reader() = default;

    // The next batch, or null where there is none now.
    virtual batch_ptr try_take() = 0;

    // Asks to be woken once for the next batch or the close. False: something is there already, and
    // nobody will be woken.
    virtual bool park(waker& sleeper) = 0;
    virtual void unpark() = 0; // takes the wish back; no wake comes after it has returned

    virtual bool finished() const = 0; // closed, and nothing left to take

    // Messages, since this reader subscribed.
    virtual std::uint64_t published() const = 0;
    virtual std::uint64_t taken() const = 0;
    virtual std::uint64_t missed() const = 0; // given up by the queue before this reader took them
};

class queue {
public:
    virtual ~queue() = default;

    // Takes the batch over unless the result is `full`. `batch` must be the only reference to it.
    virtual publish_result publish(batch_ptr& fresh) = 0;
    virtual std::unique_ptr<queue_reader> subscribe() = 0; // throws std::length_error over `most`
    virtual void close() = 0; // readers get what is left, then are finished

    virtual std::uint64_t published_messages() const = 0;
    virtual std::size_t bytes() const = 0;
    virtual std::size_t batches() const = 0;

    // Under block: asks to be woken once when there may be space for this many bytes, or on close.
    // False: try again at once. Who waits longest is woken first, one at a time, and keeps its
    // place where it has to wait again. So whoever has waited calls cancel_wait when done, whether
    // published or not: that passes the turn on, and no wake comes after it has returned.
    bool wait_for_space(waker& sleeper, std::size_t bytes = 1);
    void cancel_wait(waker& sleeper);

protected:
    // For implementations: called after space was made; one load where nobody waits.
    void space_made() {
        if (somebody_waits_.load(std::memory_order_seq_cst))
            wake_waiting();
    }
    void wake_all_waiting();
    // Whether publishing this much again could get further than before.
    virtual bool has_space(std::size_t bytes) const = 0;

private:
    struct waiting {
        waker* sleeper;
        std::size_t bytes;
        bool asleep;
    };
    void wake_waiting();
    void wake_next_if_space();

    std::atomic<bool> somebody_waits_{false};
    std::mutex waiting_mutex_;
    std::deque<waiting> waiting_;
};

std::unique_ptr<queue> make_queue(const queue_options& options);

} // namespace weir

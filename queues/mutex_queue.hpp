// The other queues of the field, to choose and to compare with the ring: a deque under one mutex.
//
//     channel      bounded; when full the newest is dropped, but under block the publisher waits
//     mutex_ring   the ring's own semantics, history included: what the ring is tested against
//     mutex_array  unbounded: keeps whatever some reader has not taken yet, however much that is
#pragma once

#include "queues/queue.hpp"

namespace weir {

class mutex_queue final : public queue {
public:
    enum class history { kept, dropped }; // what everyone has taken: until room is needed, or not

    mutex_queue(std::size_t slots, std::size_t bytes, when_full policy, history taken);
    mutex_queue(const mutex_queue&) = delete;
    mutex_queue& operator=(const mutex_queue&) = delete;

    publish_result publish(batch_ptr& fresh) override;
    std::unique_ptr<queue_reader> subscribe() override;
    void close() override;

    std::uint64_t published_messages() const override;
    std::size_t bytes() const override;
    std::size_t batches() const override;

private:
    class reader;

    bool has_space(std::size_t bytes) const override;

    // With the mutex held.
    bool full_for(std::size_t bytes) const;
    bool oldest_taken_by_all() const;
    void evict_oldest();
    void forget_taken();
    void wake_readers();

    const std::size_t slots_;
    const std::size_t byte_bound_;
    const when_full policy_;
    const history history_;

    mutable std::mutex mutex_;
    std::deque<batch_ptr> kept_;
    std::uint64_t head_ = 0; // the position of kept_.front()
    std::size_t bytes_ = 0;
    std::uint64_t published_ = 0;
    bool closed_ = false;
    std::vector<reader*> readers_;
};

} // namespace weir

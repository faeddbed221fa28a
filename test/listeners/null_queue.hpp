// A queue that takes everything and keeps nothing, for tests that look at the listener alone.
#pragma once

#include "queues/queue.hpp"

namespace weir {

class null_queue final : public queue {
public:
    publish_result publish(batch_ptr& fresh) override {
        published_ += fresh->size();
        ++batches_;
        fresh = nullptr;
        return publish_result::published;
    }
    std::unique_ptr<queue_reader> subscribe() override { return nullptr; }
    void close() override {}
    std::uint64_t published_messages() const override { return published_; }
    std::size_t bytes() const override { return 0; }
    std::size_t batches() const override { return batches_; } // that were published

private:
    bool has_space(std::size_t /*bytes*/) const override { return true; }

    std::atomic<std::uint64_t> published_{0};
    std::atomic<std::size_t> batches_{0};
};

} // namespace weir

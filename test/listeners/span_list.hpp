// A recorder that keeps what it is told.
#pragma once

#include "queues/spans.hpp"

#include <atomic>
#include <mutex>
#include <vector>

namespace weir {

class span_list final : public span_recorder {
public:
    explicit span_list(bool begins = false) : begins_(begins) {}

    bool begins_here() override { return begins_; }
    void record(const trace_span& ended) override {
        const std::lock_guard lock(mutex_);
        spans_.push_back(ended);
    }
    std::vector<trace_span> all() const {
        const std::lock_guard lock(mutex_);
        return spans_;
    }

private:
    const bool begins_;
    mutable std::mutex mutex_;
    std::vector<trace_span> spans_;
};

} // namespace weir

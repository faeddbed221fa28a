// The calls of one gRPC port that go on for a while: how many there are, and those that stop ends.
// Any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace weir {

// A call that publishes. From any thread, and never under a lock of the caller's.
class grpc_publishing {
public:
    virtual void stop() = 0;     // publishes what it has taken, then ends
    virtual void stop_now() = 0; // ends, whatever waits

protected:
    ~grpc_publishing() = default;
};

class grpc_calls {
public:
    explicit grpc_calls(std::size_t most) : most_(most) {}

    // A place among the streams, given back by the last copy; null where all are taken. This
    // outlives them.
    std::shared_ptr<void> admit();

    // False where it came too late.
    bool enter(const std::shared_ptr<grpc_publishing>& call);
    void leave(grpc_publishing* call);

    bool stopping() const { return stopping_; }
    void stop();
    void stop_now();

private:
    std::vector<std::shared_ptr<grpc_publishing>> alive();

    const std::size_t most_;
    std::atomic<std::size_t> admitted_{0};
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;
    std::unordered_map<grpc_publishing*, std::weak_ptr<grpc_publishing>> live_;
};

} // namespace weir

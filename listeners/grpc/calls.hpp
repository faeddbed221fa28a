// The calls of one gRPC port: how many streams there are, and the calls that stop ends. Any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace weir {

class publish_call;

class grpc_calls {
public:
    explicit grpc_calls(std::size_t most) : most_(most) {}

    // A place among the streams, given back by the last copy; null where all are taken. This
    // outlives them.
    std::shared_ptr<void> admit();

    // False where it came too late.
    bool enter(const std::shared_ptr<publish_call>& call);
    void leave(publish_call* call);

    bool stopping() const { return stopping_; }
    void stop();
    void stop_now();

private:
    std::vector<std::shared_ptr<publish_call>> alive();

    const std::size_t most_;
    std::atomic<std::size_t> admitted_{0};
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;
    std::unordered_map<publish_call*, std::weak_ptr<publish_call>> live_;
};

} // namespace weir

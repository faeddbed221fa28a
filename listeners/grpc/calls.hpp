// The calls of one gRPC port: how many streams there are, and the calls that stop ends. Any thread.
#pragma once

#include <atomic>
#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace weir {

class publish_call;

// What a call that may be stopped is to its port.
class live_call : public boost::intrusive::list_base_hook<> {
protected:
    ~live_call() = default;

private:
    friend class grpc_calls;
    std::weak_ptr<publish_call> whole_; // itself
};

class grpc_calls {
public:
    explicit grpc_calls(std::size_t most) : most_(most) {}

    // A place among the streams, given back by the last copy; null where all are taken. This
    // outlives them.
    std::shared_ptr<void> admit();

    // False where it came too late.
    bool enter(const std::shared_ptr<publish_call>& call);
    void leave(live_call& call);

    bool stopping() const { return stopping_; }
    void stop();
    void stop_now();

private:
    std::vector<std::shared_ptr<publish_call>> alive();

    const std::size_t most_;
    std::atomic<std::size_t> admitted_{0};
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;
    boost::intrusive::list<live_call> live_;
};

} // namespace weir

// The connections that were handed to gRPC, which doesn't tell when they end. A descriptor of each
// is kept here: gRPC shuts a connection down before it closes it, and epoll says so. Looked at four
// times a second, so that its place among max-connections is given back.
//
// add on any thread; watch is a coroutine that ends after stop.
#pragma once

#include "base/executor.hpp"
#include "base/unique_fd.hpp"

#include <memory>
#include <mutex>
#include <unordered_map>

namespace weir {

class grpc_connections {
public:
    explicit grpc_connections(io_executor where) : timer_(where) {}

    void open(); // throws std::system_error
    void add(unique_fd socket, std::shared_ptr<void> admitted);

    task<> watch();
    void stop(); // on the coroutine's executor

private:
    struct held {
        unique_fd socket;
        std::shared_ptr<void> admitted;
    };
    void sweep();

    io_timer timer_;
    bool stopping_ = false;
    unique_fd set_;
    std::mutex mutex_;
    std::unordered_map<int, held> held_; // by descriptor
};

} // namespace weir

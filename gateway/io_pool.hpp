// The one pool of io threads: an io_context a thread, each with concurrency hint 1, so that nothing
// that lives on one of them needs a lock or a strand.
#pragma once

#include "base/executor.hpp"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace weir {

class io_pool final : public io_executors {
public:
    explicit io_pool(std::size_t threads);
    ~io_pool(); // stop, then join

    void start();
    void stop(); // ends the threads after the handler each runs; from any thread but theirs

    io_executor next() override;
    std::span<const io_executor> all() const override { return executors_; }

private:
    using work_guard = boost::asio::executor_work_guard<io_executor>;

    std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
    std::vector<io_executor> executors_;
    std::vector<work_guard> work_;
    std::vector<std::thread> threads_;
    std::atomic<std::size_t> next_{0};
};

} // namespace weir

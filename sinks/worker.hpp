// A thread of a sink's own, with an io_context, for what would stall the io pool: writing to disks,
// compressing, checking JSON. One sink's stuck disk is so nobody else's business. All signals are
// blocked on it. Started and destroyed by the owner's thread; post from any thread.
#pragma once

#include "base/executor.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <string>
#include <thread>
#include <utility>

namespace weir {

enum class priority { normal, low };

class worker {
public:
    worker() : guard_(context_.get_executor()) {}
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;
    ~worker() { stop(); }

    void start(const std::string& name, priority how = priority::normal);
    void stop(); // ends the thread after the handler it runs, and joins; the rest is never run
    io_executor executor() { return context_.get_executor(); }

    template <class Function>
    void post(Function&& what) {
        boost::asio::post(context_, std::forward<Function>(what));
    }

private:
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<io_executor> guard_;
    std::thread thread_;
};

} // namespace weir

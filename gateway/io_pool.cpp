#include "gateway/io_pool.hpp"

#include <csignal>
#include <pthread.h>
#include <string>

namespace weir {

io_pool::io_pool(std::size_t threads) {
    for (std::size_t i = 0; i < threads; ++i) {
        contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
        executors_.push_back(contexts_.back()->get_executor());
        work_.emplace_back(executors_.back());
        // Makes the context's reactor now: later, descriptors may have run out.
        const io_timer reactor(executors_.back());
    }
}

io_pool::~io_pool() { stop(); }

void io_pool::start() {
    // Signals belong to the main thread.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (std::size_t i = 0; i < contexts_.size(); ++i) {
        threads_.emplace_back([context = contexts_[i].get()] { context->run(); });
        pthread_setname_np(threads_.back().native_handle(),
                           ("weir-io-" + std::to_string(i)).c_str());
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void io_pool::stop() {
    for (const auto& context : contexts_)
        context->stop();
    for (std::thread& thread : threads_)
        thread.join();
    threads_.clear();
}

io_executor io_pool::next() {
    return executors_[next_.fetch_add(1, std::memory_order_relaxed) % executors_.size()];
}

} // namespace weir

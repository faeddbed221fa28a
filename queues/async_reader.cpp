#include "queues/async_reader.hpp"

#include "queues/steps/pipeline.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace weir {

async_reader::async_reader(queue_reader& source, io_executor where, reader_filter filter)
    : source_(source), filter_(std::move(filter)), signal_(std::make_shared<signal>(where)) {}

// The cancel is posted, so it always finds the timer already waiting: park and async_wait run in
// one go on the same thread.
void async_reader::signal::wake() {
    boost::asio::post(executor, [self = shared_from_this()] { self->timer.cancel(); });
}

batch_ptr async_reader::try_take() {
    if (!filter_.steps)
        return source_.try_take();
    for (;;) {
        // Asked before: what the queue gives up from now on comes behind the next batch.
        const std::uint64_t missed = source_.missed();
        batch_ptr next = source_.try_take();
        if (!next)
            return next;
        batch_ptr kept = filter_.steps->apply(next, taken_ + missed + 1);
        taken_ += next->size();
        if (filter_.passed_over)
            filter_.passed_over->add(next->size() - (kept ? kept->size() : 0));
        if (kept)
            return kept;
    }
}

task<> async_reader::wait(std::chrono::steady_clock::time_point until) {
    if (stopped())
        co_return;
    signal_->timer.expires_at(until);
    if (!source_.park(*signal_))
        co_return;
    co_await signal_->timer.async_wait(use_task_tuple);
    source_.unpark();
}

task<batch_ptr> async_reader::take() {
    for (;;) {
        if (stopped())
            co_return nullptr;
        batch_ptr next = try_take();
        if (next || source_.finished())
            co_return next;
        co_await wait();
    }
}

void async_reader::stop() {
    signal_->stopped.store(true, std::memory_order_release);
    signal_->wake();
}

} // namespace weir

// A sink with a real queue before it, as the gateway would set it up.
#pragma once

#include "queues/queue.hpp"
#include "sinks/sink.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace weir {

// True as soon as it holds; false when it did not within half a minute.
template <class Condition>
bool eventually(Condition&& holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

template <class Sink, class Options>
class sink_rig {
public:
    explicit sink_rig(const Options& options, queue_options with = {},
                      std::shared_ptr<pipeline> steps = {}, span_recorder* spans = nullptr)
        : queue_(make_queue(with)), reader_(queue_->subscribe()),
          sink_(options, {executors_, *reader_, books_, std::move(steps), nullptr, spans}) {
        sink_.open();
        sink_.start();
    }
    ~sink_rig() {
        if (sink_.tasks().running() > 0) {
            queue_->close();
            sink_.stop_now();
            sink_.tasks().wait_until(std::chrono::steady_clock::time_point::max());
        }
    }

    void publish(const std::vector<std::string>& messages, batch_origin origin = 1) {
        batch_builder builder(std::move(origin));
        for (const std::string& message : messages)
            builder.append(message);
        batch_ptr fresh = builder.finish();
        BOOST_REQUIRE((queue_->publish(fresh) == publish_result::published));
    }

    // Closes the queue and waits until the sink has written everything.
    void drain() {
        queue_->close();
        BOOST_REQUIRE(ended());
        check_books();
        BOOST_TEST(pending() == 0u);
    }
    void stop_now() {
        queue_->close();
        sink_.stop_now();
        BOOST_REQUIRE(ended());
        check_books();
    }

    std::uint64_t delivered() const { return books_.delivered_messages.value(); }
    std::uint64_t lost(loss why) const { return books_.lost_messages[why].value(); }
    std::uint64_t filtered() const { return books_.filtered_messages.value(); }
    std::uint64_t missed() const { return books_.missed_messages.value(); }
    std::uint64_t published() const { return reader_->published(); }
    std::uint64_t pending() const {
        return reader_->published() - reader_->taken() - reader_->missed();
    }
    const sink_books& books() const { return books_; }
    const std::string& target() const { return books_.target; }
    queue_reader& reader() { return *reader_; }
    Sink& operator*() { return sink_; }
    Sink* operator->() { return &sink_; }

private:
    struct no_executors final : io_executors {
        io_executor next() override { throw std::logic_error("needs no io thread"); }
        std::span<const io_executor> all() const override { return {}; }
    };

    bool ended() {
        return sink_.tasks().wait_until(std::chrono::steady_clock::now() +
                                        std::chrono::seconds(60));
    }
    // Whatever was delivered is timed.
    void check_books() {
        std::uint64_t timed = 0;
        for (std::size_t i = 0; i < delivery_bounds.size() + 1; ++i)
            timed += books_.delivery_times.count_in(i);
        BOOST_TEST(timed == delivered());
        BOOST_TEST(reader_->taken() == delivered() + filtered() + books_.lost_messages.total());
    }

    no_executors executors_;
    std::unique_ptr<queue> queue_;
    std::unique_ptr<queue_reader> reader_;
    sink_books books_;
    Sink sink_;
};

} // namespace weir

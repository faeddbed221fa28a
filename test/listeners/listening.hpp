// A listener of its own kind on loopback, with a pool, a real queue and one reader behind it.
#pragma once

#include "base/options.hpp"
#include "gateway/io_pool.hpp"
#include "listeners/listener.hpp"
#include "queues/queue.hpp"
#include "test/listeners/stream_client.hpp"

#include <boost/asio/post.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

template <class Listener, class Options>
class listening {
public:
    explicit listening(std::string_view options, const queue_options& how = {})
        : pool_(2), queue_(make_queue(how)), reader_(queue_->subscribe()),
          listener_({pool_, *queue_, books, 7}, parse_options<Options>(options)) {}
    ~listening() {
        if (running_) {
            stop();
            listener_.stop_now();
            queue_->close();
            ended();
        }
        pool_.stop();
    }

    listening& open() {
        listener_.open();
        listener_.listen();
        return *this;
    }
    listening& run() {
        listener_.start();
        pool_.start();
        running_ = true;
        return *this;
    }
    void stop() { listener_.stop(); }
    void stop_now() { listener_.stop_now(); }
    bool ended() {
        return listener_.tasks().wait_until(std::chrono::steady_clock::now() +
                                            std::chrono::seconds(20));
    }
    std::size_t running() { return listener_.tasks().running(); }
    std::string bound() const { return listener_.bound(); }
    queue& destination() { return *queue_; }
    io_pool& pool() { return pool_; }

    // Waits until so many have come, received or refused.
    bool settled(std::uint64_t messages) {
        return eventually([&] {
            return books.received_messages.value() + books.refused_messages.total() >= messages;
        });
    }

    // What the queue holds now.
    std::vector<std::string> take() {
        std::vector<std::string> messages;
        while (const batch_ptr next = reader_->try_take()) {
            ++batches;
            messages.insert(messages.end(), next->begin(), next->end());
        }
        return messages;
    }

    // Stops, waits for the end, and takes all.
    std::vector<std::string> rest() {
        stop();
        if (!ended())
            throw std::runtime_error("stop does not end");
        return take();
    }

    listener_books books;
    std::size_t batches = 0; // that take has seen

private:
    io_pool pool_;
    std::unique_ptr<queue> queue_;
    std::unique_ptr<queue_reader> reader_;
    Listener listener_;
    bool running_ = false;
};

// Runs it on each io thread in turn, and adds up what it gives.
template <class Function>
std::size_t sum_over_threads(io_pool& pool, Function function) {
    std::size_t sum = 0;
    for (const io_executor& each : pool.all()) {
        std::promise<std::size_t> result;
        boost::asio::post(each, [&] { result.set_value(function()); });
        sum += result.get_future().get();
    }
    return sum;
}

} // namespace weir

// A queue, the live stream's sink on io threads, and clients on loopback TCP.
#pragma once

#include "gateway/io_pool.hpp"
#include "sinks/broadcast.hpp"
#include "test/sinks/live_client.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

namespace weir::test {

inline constexpr auto far_too_long = std::chrono::seconds(60);

struct broadcast_fixture {
    explicit broadcast_fixture(std::string_view options = ":0", broadcast_times times = {}) {
        sink = std::make_unique<broadcast_sink>(sink_setting{pool, *source, books, {}, &names},
                                                parse_options<broadcast_options>(options), times);
        sink->open();
        sink->start();
        live = sink->routes().at(0);
        events = sink->routes().at(1);
        pool.start();
    }
    ~broadcast_fixture() {
        fifo->close();
        sink->stop_now();
        BOOST_TEST(ended());
    }

    live_client connect(int buffer = 0, std::string query = "") {
        return live_client(live, pool.next(), buffer, std::move(query));
    }
    live_client stream(std::string query = "", std::string last_event_id = "") {
        return live_client(events, pool.next(), 0, std::move(query), std::move(last_event_id));
    }

    void await_clients(std::int64_t n) {
        const auto patience = std::chrono::steady_clock::now() + far_too_long;
        while (books.clients.value() != n && std::chrono::steady_clock::now() < patience)
            std::this_thread::yield();
        BOOST_TEST_REQUIRE(books.clients.value() == n);
    }

    void publish(std::uint64_t first, std::uint64_t count, std::size_t size) {
        batch_builder builder(0);
        for (std::uint64_t i = first; i < first + count; ++i) {
            std::string message = std::to_string(i) + ":";
            message.resize(size, 'x');
            builder.append(message);
        }
        publish(builder.finish());
    }
    void publish(const std::vector<std::string>& messages) {
        batch_builder builder(0);
        for (const std::string& message : messages)
            builder.append(message);
        publish(builder.finish());
    }
    void publish(batch_ptr fresh) {
        BOOST_TEST_REQUIRE((fifo->publish(fresh) == publish_result::published));
    }

    bool ended() {
        return sink->tasks().wait_until(std::chrono::steady_clock::now() + far_too_long);
    }

    io_pool pool{2};
    std::vector<std::string> names{"udp 127.0.0.1:9"}; // of the listeners
    std::unique_ptr<queue> fifo = make_queue({});
    std::unique_ptr<queue_reader> source = fifo->subscribe();
    sink_books books;
    std::unique_ptr<broadcast_sink> sink;
    http_route live;
    http_route events;
};

} // namespace weir::test

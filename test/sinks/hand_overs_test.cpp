// When the sink hands what over, on contexts that the test runs by hand.
#include "sinks/broadcast.hpp"
#include "test/sinks/live_client.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace weir::test;

namespace {

struct by_hand final : io_executors {
    io_executor next() override { return executors[0]; }
    std::span<const io_executor> all() const override { return executors; }

    boost::asio::io_context first{1};
    boost::asio::io_context second{1};
    std::array<io_executor, 2> executors{first.get_executor(), second.get_executor()};
};

constexpr auto never = std::chrono::hours(24);
constexpr int very_long = 1'000'000'000; // times the nanoseconds that a send takes

struct fixture {
    void start(std::chrono::steady_clock::duration coalesce, queue_options options = {}) {
        fifo = make_queue(options);
        source = fifo->subscribe();
        broadcast_times times;
        times.coalesce = coalesce;
        times.rest = very_long;
        sink = std::make_unique<broadcast_sink>(sink_setting{io, *source, books},
                                                broadcast_options(), times);
        sink->start();
        run();
    }
    ~fixture() { stop(); }

    std::size_t stop() { // what runs on
        sink->stop_now();
        run();
        return sink->tasks().running();
    }

    // The sink's coroutine runs on the first; so does one of the shards.
    void run() {
        run(io.first);
        run(io.second);
        run(io.first);
    }
    static void run(boost::asio::io_context& each) {
        each.restart();
        each.poll();
    }

    void publish(std::string_view message) {
        batch_builder builder(0);
        builder.append(message);
        batch_ptr fresh = builder.finish();
        fifo->publish(fresh);
    }

    by_hand io;
    std::unique_ptr<queue> fifo;
    std::unique_ptr<queue_reader> source;
    sink_books books;
    std::unique_ptr<broadcast_sink> sink;
};

} // namespace

BOOST_AUTO_TEST_SUITE(hand_overs)

BOOST_FIXTURE_TEST_CASE(the_first_event_goes_at_once_and_more_are_gathered, fixture) {
    start(never);
    live_client client(sink->routes().at(0), io.executors[1]);
    run();
    publish("first");
    run();
    BOOST_TEST(client.wait()->payload == "first");
    for (int i = 0; i < 100; ++i) {
        publish("second");
        run();
    }
    BOOST_TEST(!client.frame());
    BOOST_TEST(source->taken() == 1u); // the queue gathers, within its bounds
    BOOST_TEST(stop() == 1u);          // for that pause has no end
}

BOOST_FIXTURE_TEST_CASE(a_busy_shard_leaves_events_in_the_queue, fixture) {
    start(std::chrono::seconds(0));
    live_client near(sink->routes().at(0), io.executors[0]);
    live_client far(sink->routes().at(0), io.executors[1]);
    run();
    for (int i = 0; i < 50; ++i) {
        publish(std::to_string(i));
        run(io.first); // the second is busy
    }
    BOOST_TEST(source->taken() == 2u);
    BOOST_TEST(near.wait()->payload == "0");
    BOOST_TEST(near.wait()->payload == "1");
    BOOST_TEST(!near.frame());
    run();
    run();
    for (int i = 0; i < 50; ++i)
        BOOST_TEST(far.wait()->payload == std::to_string(i));
    for (int i = 2; i < 50; ++i)
        BOOST_TEST(near.wait()->payload == std::to_string(i));
    BOOST_TEST(books.delivered_messages.value() == 50u);
    BOOST_TEST(stop() == 0u);
}

BOOST_FIXTURE_TEST_CASE(what_the_queue_gave_up_is_told, fixture) {
    start(std::chrono::seconds(0), {.kind = queue_kind::mutex_ring, .slots = 16});
    live_client client(sink->routes().at(0), io.executors[0]);
    run();
    for (int i = 0; i < 100; ++i)
        publish(std::to_string(i));
    const std::uint64_t missed = source->missed();
    BOOST_TEST(missed > 0u);
    run();
    const auto notice = client.wait();
    BOOST_TEST_REQUIRE(notice->is_gap());
    BOOST_TEST(notice->missed() == missed);
    for (std::uint64_t i = missed; i < 100; ++i)
        BOOST_TEST(client.wait()->payload == std::to_string(i));
    publish("next");
    run();
    BOOST_TEST(client.wait()->payload == "next");    // told once
    BOOST_TEST(books.missed_messages.value() == 0u); // nobody was slow
}

BOOST_AUTO_TEST_SUITE_END()

// Queue, sink, io threads and clients on loopback TCP.
#include "test/sinks/broadcast_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

using fixture = broadcast_fixture;

struct skipping_fixture : fixture {
    skipping_fixture() : fixture(":0,client-buffer=64KiB") {}
};
struct closing_fixture : fixture {
    closing_fixture() : fixture(":0,client-buffer=64KiB,slow=close") {}
};
struct impatient_fixture : fixture {
    impatient_fixture() : fixture(":0", impatient()) {}
    static broadcast_times impatient() {
        broadcast_times times;
        times.ping = times.sweep = std::chrono::milliseconds(5);
        times.dead = std::chrono::milliseconds(200);
        return times;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(broadcast)

BOOST_FIXTURE_TEST_CASE(it_offers_the_live_path, fixture) {
    BOOST_TEST((live.kind == route_kind::live));
    BOOST_TEST(live.path == "/live");
    BOOST_TEST(!live.open);
    BOOST_TEST(!live.get);
    boost::asio::io_context elsewhere;
    live_client stray(live, elsewhere.get_executor());
    BOOST_TEST(!stray.wait());
    BOOST_TEST(stray.ended());
}

BOOST_FIXTURE_TEST_CASE(what_nobody_hears_is_delivered_too, fixture) {
    publish(0, 1000, 10);
    fifo->close();
    BOOST_TEST(ended());
    BOOST_TEST(books.delivered_messages.value() == 1000u);
    BOOST_TEST(books.delivered_bytes.value() == 10'000u);
}

// The others are kept in step, so that none of them may be told of a gap, however slow the machine.
BOOST_FIXTURE_TEST_CASE(one_stopped_among_a_hundred, skipping_fixture) {
    live_client stopped = connect(4096);
    std::vector<live_client> others;
    for (int i = 0; i < 99; ++i)
        others.push_back(connect());
    await_clients(100);
    constexpr std::uint64_t events = 2000;
    constexpr std::uint64_t step = 50;
    for (std::uint64_t sent = 0; sent < events; sent += step) {
        publish(sent, step, 500);
        for (live_client& each : others)
            for (std::uint64_t i = sent; i < sent + step; ++i) {
                const auto got = each.wait();
                BOOST_TEST_REQUIRE(got.has_value());
                BOOST_TEST_REQUIRE(!got->is_gap());
                BOOST_TEST_REQUIRE(std::stoull(got->payload) == i);
            }
    }
    std::uint64_t next = 0;
    std::uint64_t told = 0;
    while (next < events) {
        const auto got = stopped.wait();
        BOOST_TEST_REQUIRE(got.has_value());
        if (got->is_gap()) {
            next += got->missed();
            told += got->missed();
        } else {
            BOOST_TEST_REQUIRE(std::stoull(got->payload) == next++);
        }
    }
    BOOST_TEST(told > 0u);
    BOOST_TEST(books.missed_messages.value() == told);
    publish(events, 1, 10);
    for (live_client& each : others)
        BOOST_TEST(std::stoull(each.wait()->payload) == events);
    BOOST_TEST(std::stoull(stopped.wait()->payload) == events);
    BOOST_TEST(books.delivered_messages.value() == events + 1);
    BOOST_TEST(books.lost_messages.total() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_slow_client_is_closed, closing_fixture) {
    live_client stopped = connect(4096);
    live_client fine = connect();
    await_clients(2);
    for (std::uint64_t i = 0; i < 1000; ++i) {
        publish(i, 1, 1000);
        BOOST_TEST_REQUIRE(std::stoull(fine.wait()->payload) == i);
    }
    std::uint64_t next = 0;
    while (const auto got = stopped.wait()) {
        if (got->op == opcode::close) {
            BOOST_TEST(got->close_code() == 1008u);
            break;
        }
        BOOST_TEST_REQUIRE(std::stoull(got->payload) == next++);
    }
    stopped.shut();
    await_clients(1);
    BOOST_TEST(next < 1000u);
    BOOST_TEST(books.missed_messages.value() == 0u);
}

BOOST_FIXTURE_TEST_CASE(clients_ping_close_and_babble, fixture) {
    live_client pinging = connect();
    live_client closing = connect();
    live_client babbling = connect();
    live_client leaving = connect();
    await_clients(4);
    pinging.send(opcode::ping, "hello");
    BOOST_TEST(pinging.wait()->payload == "hello");
    closing.send(opcode::close, "\x03\xe8");
    BOOST_TEST(closing.wait()->close_code() == 1000u);
    BOOST_TEST(!closing.wait());
    closing.shut();
    babbling.send("GET / HTTP/1.1\r\n\r\n");
    BOOST_TEST(babbling.wait()->close_code() == 1002u);
    babbling.shut();
    { const live_client gone(std::move(leaving)); }
    await_clients(1);
    publish(0, 1, 10);
    BOOST_TEST(std::stoull(pinging.wait()->payload) == 0u);
}

BOOST_FIXTURE_TEST_CASE(the_silent_are_pinged_and_dropped, impatient_fixture) {
    live_client silent = connect();
    BOOST_TEST((silent.wait()->op == opcode::ping));
    BOOST_TEST(!silent.wait());
    await_clients(0);
}

BOOST_FIXTURE_TEST_CASE(the_end_drains_and_says_goodbye, fixture) {
    std::vector<live_client> clients;
    for (int i = 0; i < 10; ++i)
        clients.push_back(connect());
    await_clients(10);
    publish(0, 1000, 100);
    publish(1000, 1000, 100);
    fifo->close();
    for (live_client& each : clients) {
        for (std::uint64_t i = 0; i < 2000; ++i)
            BOOST_TEST_REQUIRE(std::stoull(each.wait()->payload) == i);
        BOOST_TEST(each.wait()->close_code() == 1001u);
        BOOST_TEST(!each.wait());
        each.shut();
    }
    BOOST_TEST(ended());
    BOOST_TEST(books.clients.value() == 0);
    BOOST_TEST(books.delivered_messages.value() == 2000u);
    BOOST_TEST(source->taken() == 2000u);
}

BOOST_FIXTURE_TEST_CASE(stopping_now_waits_for_nobody, fixture) {
    live_client stopped = connect(4096);
    await_clients(1);
    for (std::uint64_t i = 0; i < 100; ++i)
        publish(i, 10, 10'000);
    sink->stop_now();
    BOOST_TEST(ended());
    BOOST_TEST(books.clients.value() == 0);
    // What was taken was delivered; the rest is still the queue's to account for.
    BOOST_TEST(books.delivered_messages.value() == source->taken());
}

BOOST_AUTO_TEST_SUITE_END()

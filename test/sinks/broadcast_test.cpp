#include "test/sinks/shard_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace weir::test;

namespace {

struct closing_fixture : shard_fixture {
    closing_fixture() : shard_fixture(":0,slow=close,client-buffer=64KiB") {}
};
struct skipping_fixture : shard_fixture {
    skipping_fixture() : shard_fixture(":0,slow=skip,client-buffer=64KiB") {}
};

} // namespace

BOOST_AUTO_TEST_SUITE(broadcast)

BOOST_AUTO_TEST_CASE(options_are_read_and_secrets_hidden) {
    const auto o = parse_options<broadcast_options>(
        ":9100,client-buffer=64KiB,slow=close,origins=https://a.example,https://b.example,"
        "token=hush,max-connections=7,allow=::1");
    BOOST_TEST(o.listen.port == 9100);
    BOOST_TEST(o.client_buffer.bytes == 65'536u);
    BOOST_TEST((o.slow == slow_client::close));
    BOOST_TEST(o.origins.size() == 2u);
    BOOST_TEST(o.max_connections == 7u);
    BOOST_TEST(show_options(o).find("hush") == std::string::npos);
    BOOST_CHECK_THROW(parse_options<broadcast_options>(":9100,slow=stop"), usage_error);
}

BOOST_FIXTURE_TEST_CASE(everybody_gets_every_event_at_once, shard_fixture) {
    far_end one = connect();
    far_end two = connect();
    BOOST_TEST(books.clients.value() == 2);
    BOOST_TEST(shard->listening());
    push("first");
    far_end late = connect();
    push("\xff");
    for (far_end* each : {&one, &two}) {
        const auto first = each->frame();
        BOOST_TEST_REQUIRE(first.has_value());
        BOOST_TEST(first->payload == "first");
        BOOST_TEST((each->frame()->op == opcode::binary));
        BOOST_TEST(!each->frame());
    }
    BOOST_TEST(late.frame()->payload == "\xff");
    BOOST_TEST(shard->backlog().begin() == shard->backlog().end()); // nothing is kept
}

BOOST_FIXTURE_TEST_CASE(a_slow_client_skips_and_is_told, skipping_fixture) {
    far_end stopped = connect();
    far_end fine = connect();
    const std::string event(1000, 'e');
    std::uint64_t pushed = 0;
    for (int i = 0; i < 300; ++i) {
        push(event, 3);
        pushed += 3;
        BOOST_TEST(shard->backlog().end() - shard->backlog().begin() <= 64u * 1024 + 3100);
        for (int k = 0; k < 3; ++k)
            BOOST_TEST(fine.frame()->payload.size() == 1000u);
    }
    BOOST_TEST(!fine.frame());
    const std::uint64_t missed = books.missed_messages.value();
    BOOST_TEST(missed > 0u);
    // It wakes up, asks, and reads: events, one notice, what it can have, and its pong.
    stopped.send(opcode::ping, "still here");
    std::uint64_t accounted = 0;
    std::uint64_t told = 0;
    std::size_t notices = 0;
    std::size_t pongs = 0;
    for (int i = 0; i < 300; ++i) {
        run();
        while (const auto next = stopped.frame()) {
            if (next->is_gap()) {
                ++notices;
                told += next->missed();
            } else if (next->op == opcode::pong) {
                ++pongs;
            } else {
                ++accounted;
            }
        }
    }
    BOOST_TEST(notices == 1u);
    BOOST_TEST(pongs == 1u);
    BOOST_TEST(told == missed);
    BOOST_TEST(accounted + told == pushed);
    BOOST_TEST(books.missed_messages.value() == missed);
    push("newest");
    BOOST_TEST(stopped.frame()->payload == "newest");
    BOOST_TEST(shard->backlog().begin() == shard->backlog().end());
}

BOOST_FIXTURE_TEST_CASE(one_message_larger_than_everything_arrives, skipping_fixture) {
    far_end client = connect();
    const std::string large(1 << 20, 'L');
    push(large);
    push("missed");
    push("missed");
    std::vector<received_frame> got;
    for (int i = 0; i < 1000 && got.size() < 2; ++i) {
        run();
        while (const auto next = client.frame())
            got.push_back(*next);
    }
    BOOST_TEST_REQUIRE(got.size() >= 2u);
    BOOST_TEST(got[0].payload == large);
    BOOST_TEST(got[1].payload == "missed"); // it was within client-buffer again
}

BOOST_FIXTURE_TEST_CASE(a_slow_client_is_closed, closing_fixture) {
    far_end stopped = connect();
    far_end fine = connect();
    const std::string event(1000, 'e');
    for (int i = 0; i < 300; ++i) {
        push(event);
        BOOST_TEST(fine.frame()->payload.size() == 1000u);
    }
    BOOST_TEST(books.missed_messages.value() == 0u);
    std::optional<received_frame> last;
    for (int i = 0; i < 100; ++i) {
        run();
        while (auto next = stopped.frame())
            last = std::move(next);
    }
    BOOST_TEST(last->close_code() == 1008u);
    shard->sweep(shard->now() + broadcast_times().close);
    BOOST_TEST(books.clients.value() == 1);
}

BOOST_FIXTURE_TEST_CASE(at_the_end_clients_get_the_rest_and_a_close, shard_fixture) {
    far_end fine = connect();
    far_end behind = connect();
    const std::string event(1000, 'e');
    for (int i = 0; i < 100; ++i) {
        push(event);
        BOOST_TEST(fine.frame()->payload.size() == 1000u);
    }
    shard->finish();
    BOOST_TEST(fine.frame()->close_code() == 1001u);
    std::size_t events = 0;
    std::optional<received_frame> last;
    for (int i = 0; i < 100; ++i) {
        run();
        while (auto next = behind.frame()) {
            events += next->op == opcode::text;
            last = std::move(next);
        }
    }
    BOOST_TEST(events == 100u);
    BOOST_TEST(last->close_code() == 1001u);
    BOOST_TEST(tasks.running() == 3u);
    for (far_end* each : {&fine, &behind})
        ::shutdown(each->fd, SHUT_WR);
    run();
    BOOST_TEST(books.clients.value() == 0);
    BOOST_TEST(tasks.running() == 0u);
    far_end late = connect();
    BOOST_TEST(!late.receive());
}

BOOST_FIXTURE_TEST_CASE(the_end_waits_for_nobody_for_long, shard_fixture) {
    far_end stopped = connect();
    push(std::string(100'000, 'x'));
    shard->finish();
    run();
    BOOST_TEST(tasks.running() == 2u);
    shard->sweep(broadcast_shard::clock::now() + broadcast_times().flush);
    run();
    BOOST_TEST(tasks.running() == 0u);
    BOOST_TEST(books.clients.value() == 0);
}

BOOST_FIXTURE_TEST_CASE(stop_closes_at_once, shard_fixture) {
    far_end one = connect();
    far_end two = connect();
    push(std::string(100'000, 'x'));
    shard->stop();
    run();
    BOOST_TEST(tasks.running() == 0u);
    BOOST_TEST(books.clients.value() == 0);
    while (one.frame()) {
    }
    BOOST_TEST(!one.receive());
    push("nobody");
}

BOOST_AUTO_TEST_SUITE_END()

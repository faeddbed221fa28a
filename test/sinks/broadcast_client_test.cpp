#include "test/sinks/shard_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace weir::test;

BOOST_AUTO_TEST_SUITE(broadcast_client)

BOOST_FIXTURE_TEST_CASE(a_ping_is_answered, shard_fixture) {
    far_end client = connect();
    client.send(opcode::text, "ignored");
    client.send(opcode::ping, "hello");
    run();
    const auto pong = client.frame();
    BOOST_TEST_REQUIRE(pong.has_value());
    BOOST_TEST((pong->op == opcode::pong));
    BOOST_TEST(pong->payload == "hello");
}

BOOST_FIXTURE_TEST_CASE(what_came_early_is_heard, shard_fixture) {
    std::string early;
    append_masked_frame(early, opcode::ping, true, "early", {9, 8, 7, 6});
    far_end client = connect(early.substr(0, 7));
    BOOST_TEST(!client.frame());
    client.send(early.substr(7));
    run();
    BOOST_TEST(client.frame()->payload == "early");
}

BOOST_FIXTURE_TEST_CASE(frames_may_come_in_any_pieces, shard_fixture) {
    std::string bytes;
    append_masked_frame(bytes, opcode::text, false, std::string(300, 'x'), {1, 0, 1, 0});
    append_masked_frame(bytes, opcode::ping, true, "amid", {9, 8, 7, 6});
    append_masked_frame(bytes, opcode::continuation, true, "end", {1, 0, 1, 0});
    far_end client = connect();
    for (char byte : bytes) {
        client.send({&byte, 1});
        run();
    }
    BOOST_TEST(client.frame()->payload == "amid");
    BOOST_TEST(!client.frame());
    BOOST_TEST(books.clients.value() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_client_closes, shard_fixture) {
    far_end client = connect();
    far_end other = connect();
    client.send(opcode::close, "\x03\xe8");
    run();
    BOOST_TEST(client.frame()->close_code() == 1000u);
    BOOST_TEST(!client.receive()); // our side is shut
    push("not for it");
    BOOST_TEST(!client.frame());
    ::shutdown(client.fd, SHUT_WR);
    run();
    BOOST_TEST(books.clients.value() == 1);
    BOOST_TEST(other.frame()->payload == "not for it");
}

BOOST_FIXTURE_TEST_CASE(a_client_is_gone, shard_fixture) {
    far_end other = connect();
    connect(); // and closes
    push("event");
    run();
    BOOST_TEST(books.clients.value() == 1);
    BOOST_TEST(tasks.running() == 2u); // the other's place, and the shard
    BOOST_TEST(other.frame()->payload == "event");
}

BOOST_FIXTURE_TEST_CASE(garbage_ends_that_client_alone, shard_fixture) {
    far_end other = connect();
    far_end unmasked = connect();
    unmasked.send("\x81\x03xyz");
    far_end http = connect();
    http.send("GET / HTTP/1.1\r\n\r\n");
    far_end large = connect();
    large.send(opcode::text, std::string(10'000, 'x'));
    far_end pings = connect();
    for (int i = 0; i < 200; ++i)
        pings.send(opcode::ping, "");
    run();
    BOOST_TEST(unmasked.frame()->close_code() == 1002u);
    BOOST_TEST(http.frame()->close_code() == 1002u);
    BOOST_TEST(large.frame()->close_code() == 1009u);
    std::optional<received_frame> last;
    while (const auto next = pings.frame())
        last = next;
    BOOST_TEST((last->op == opcode::close));
    BOOST_TEST(last->close_code() == 1008u);
    push("event");
    BOOST_TEST(other.frame()->payload == "event");
    // Who is told and does not go is made to.
    shard->sweep(shard->now() + broadcast_times().close);
    run();
    BOOST_TEST(books.clients.value() == 1);
}

BOOST_FIXTURE_TEST_CASE(silence_is_pinged_then_dropped, shard_fixture) {
    far_end dead = connect();
    far_end alive = connect();
    const auto begin = shard->now();
    const auto beyond_jitter = broadcast_times().ping + 8 * broadcast_times().sweep;
    shard->sweep(begin + broadcast_times().ping / 2);
    BOOST_TEST(!dead.frame());
    shard->sweep(begin + beyond_jitter);
    shard->sweep(begin + beyond_jitter + broadcast_times().sweep); // one ping is enough
    for (far_end* each : {&dead, &alive}) {
        BOOST_TEST((each->frame()->op == opcode::ping));
        BOOST_TEST(!each->frame());
    }
    alive.send(opcode::pong, "");
    run();
    shard->sweep(begin + broadcast_times().dead);
    BOOST_TEST(books.clients.value() == 1);
    BOOST_TEST(!dead.receive());
    BOOST_TEST((alive.frame()->op == opcode::ping)); // its silence has begun anew
    push("event");
    BOOST_TEST(alive.frame()->payload == "event");
}

BOOST_AUTO_TEST_SUITE_END()

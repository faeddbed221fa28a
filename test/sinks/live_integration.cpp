// What clients of the live stream may ask for, over real sockets.
#include "test/sinks/broadcast_fixture.hpp"

#include <atomic>
#include <boost/json/parse.hpp>

using namespace weir;
using namespace weir::test;

namespace {

using fixture = broadcast_fixture;

std::string event(std::string_view type, std::uint64_t number) {
    return R"({"type":")" + std::string(type) + R"(","n":)" + std::to_string(number) + "}";
}

std::uint64_t number_of(const received_frame& envelope) {
    const auto value = boost::json::parse({envelope.payload.data(), envelope.payload.size()});
    return value.at("seq").to_number<std::uint64_t>();
}

struct quiet_fixture : fixture {
    quiet_fixture() : fixture(":0", quiet()) {}
    static broadcast_times quiet() {
        broadcast_times times;
        times.sweep = std::chrono::milliseconds(5);
        times.comment = std::chrono::milliseconds(10);
        return times;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(live)

BOOST_FIXTURE_TEST_CASE(a_client_gets_what_was_before_it, fixture) {
    publish({"1", "2", "3"});
    live_client all = connect(0, "since=0");
    for (const std::string expected : {"1", "2", "3"})
        BOOST_TEST(all.wait()->payload == expected);
    live_client last = connect(0, "last=1");
    live_client since = connect(0, "since=1");
    live_client plain = connect();
    await_clients(4);
    publish({"4"});
    for (const std::string expected : {"3", "4"})
        BOOST_TEST(last.wait()->payload == expected);
    for (const std::string expected : {"2", "3", "4"})
        BOOST_TEST(since.wait()->payload == expected);
    BOOST_TEST(all.wait()->payload == "4");
    BOOST_TEST(plain.wait()->payload == "4");
    live_client other = connect(0, "since=77");
    BOOST_TEST(other.wait()->payload == restart_notice);
    BOOST_TEST(other.wait()->payload == "1");
}

BOOST_FIXTURE_TEST_CASE(topics_and_envelopes, fixture) {
    live_client one = connect(0, "topic=a");
    live_client two = connect(0, "topic=a*,!ab&meta=1");
    await_clients(2);
    publish({event("b", 1), event("a", 2), event("ab", 3), event("ac", 4)});
    BOOST_TEST(one.wait()->payload == event("a", 2));
    const auto first = two.wait();
    const auto value = boost::json::parse({first->payload.data(), first->payload.size()});
    BOOST_TEST(value.at("seq") == 2);
    BOOST_TEST(value.at("listener") == "udp 127.0.0.1:9");
    BOOST_TEST(value.at("topic") == "a");
    BOOST_TEST(value.at("data").at("n") == 2);
    BOOST_TEST(number_of(two.wait().value()) == 4u);
    publish({event("a", 5)});
    BOOST_TEST(one.wait()->payload == event("a", 5));
    BOOST_TEST(number_of(two.wait().value()) == 5u);
    BOOST_TEST(books.missed_messages.value() == 0u);
}

BOOST_FIXTURE_TEST_CASE(what_is_asked_wrong_is_refused, fixture) {
    BOOST_TEST(live.admits({"/live", "since=1&meta=1"}).status == 200u);
    BOOST_TEST(live.admits({"/live", "since=x"}).status == 400u);
    BOOST_TEST(events.admits({"/events", "topic=,"}).status == 400u);
    BOOST_TEST(events.admits({"/events", ""}).content_type == "text/event-stream");
    BOOST_TEST(events.admits({"/events", "raw"}).content_type == "application/x-ndjson");
    live_client never = connect(0, "since=x");
    BOOST_TEST(!never.wait());
    BOOST_TEST(never.ended());
}

BOOST_FIXTURE_TEST_CASE(channels_are_bounded_and_go_with_their_clients, fixture) {
    std::vector<live_client> clients;
    for (std::size_t i = 1; i < live_channels::most; ++i)
        clients.push_back(connect(0, "topic=t" + std::to_string(i)));
    await_clients(live_channels::most - 1);
    BOOST_TEST(live.admits({"/live", "topic=one-more"}).status == 503u);
    BOOST_TEST(live.admits({"/live", "topic=t1"}).status == 200u);
    BOOST_TEST(live.admits({"/live", ""}).status == 200u);
    live_client refused = connect(0, "topic=one-more");
    BOOST_TEST(!refused.wait());
    BOOST_TEST(refused.ended());
    clients.clear();
    await_clients(0);
    const auto patience = std::chrono::steady_clock::now() + far_too_long;
    while (live.admits({"/live", "topic=one-more"}).status != 200 &&
           std::chrono::steady_clock::now() < patience)
        std::this_thread::yield();
    live_client admitted = connect(0, "topic=one-more");
    await_clients(1);
    publish({event("one-more", 1)});
    BOOST_TEST(admitted.wait()->payload == event("one-more", 1));
}

// Cut a hundred times while events flow, and again from where it was: nothing is lost, nothing
// twice.
BOOST_FIXTURE_TEST_CASE(a_hundred_cuts_lose_and_repeat_nothing, fixture) {
    live_client steady = connect();
    await_clients(1);
    std::atomic<bool> enough{false};
    std::atomic<std::uint64_t> published{0};
    std::atomic<std::uint64_t> seen{0};
    std::thread publishing([&] {
        while (!enough) {
            if (published > seen + 20'000) { // never further ahead than what the history holds
                std::this_thread::yield();
                continue;
            }
            publish({event("a", published + 1), event("b", published + 2)});
            published += 2;
            while (steady.frame()) {
            }
        }
    });
    bool in_order = true;
    for (int cut = 0; cut < 100; ++cut) {
        live_client client = connect(0, "meta=1&since=" + std::to_string(seen));
        for (int i = 0; i < 1 + cut * 37 % 101; ++i) {
            const auto got = client.wait();
            in_order = in_order && got && number_of(*got) == seen + 1;
            ++seen;
        }
    }
    enough = true;
    publishing.join();
    BOOST_TEST(in_order);
    live_client rest = connect(0, "meta=1&since=" + std::to_string(seen));
    while (in_order && seen < published) {
        const auto got = rest.wait();
        in_order = got && number_of(*got) == seen + 1;
        ++seen;
    }
    BOOST_TEST(in_order);
    BOOST_TEST(seen == published);
}

BOOST_FIXTURE_TEST_CASE(server_sent_events_and_lines, fixture) {
    publish({"1", "2"});
    live_client first = connect(0, "since=0"); // when it has them they are behind the stream
    BOOST_TEST(first.wait()->payload == "1");
    BOOST_TEST(first.wait()->payload == "2");
    first.shut();
    await_clients(0);
    live_client sse = stream("since=1");
    BOOST_TEST(sse.text("\n\n") == "id: 2\ndata: 2\n\n");
    live_client lines = stream("raw&last=1");
    BOOST_TEST(lines.text("\n") == "2\n");
    publish({"two\nlines"});
    BOOST_TEST(sse.text("\n\n") == "id: 3\ndata: two\ndata: lines\n\n");
    BOOST_TEST(lines.text("\n") == "{\"weir\":\"escaped\",\"data\":\"two\\nlines\"}\n");
    live_client again = stream("since=1", "2");
    BOOST_TEST(again.text("\n\n") == "id: 3\ndata: two\ndata: lines\n\n");
    sse.send(std::string_view("what it says is ignored"));
    publish({"4"});
    BOOST_TEST(sse.text("\n\n") == "id: 4\ndata: 4\n\n");
    lines.shut(); // an end is an end
    await_clients(2);
    fifo->close();
    BOOST_TEST(again.text("the end\n\n") == "id: 4\ndata: 4\n\n: the end\n\n");
    BOOST_TEST(again.text("more") == "");
}

BOOST_FIXTURE_TEST_CASE(silence_is_broken_by_a_comment, quiet_fixture) {
    live_client sse = stream();
    BOOST_TEST(sse.text("\n\n") == ":\n\n");
    BOOST_TEST(sse.text("\n\n") == ":\n\n");
    publish({"1"});
    while (true) {
        const std::string next = sse.text("\n\n");
        if (next == ":\n\n")
            continue;
        BOOST_TEST(next == "id: 1\ndata: 1\n\n");
        break;
    }
}

// A replay of far more than the socket takes, beside a stream that goes on.
BOOST_FIXTURE_TEST_CASE(a_slow_replay_catches_up, fixture) {
    constexpr std::uint64_t before = 20'000;
    for (std::uint64_t i = 0; i < before; i += 100)
        publish(i, 100, 500);
    while (books.delivered_messages.value() < before)
        std::this_thread::yield();
    live_client slow = connect(4096, "since=0");
    live_client fine = connect();
    await_clients(2);
    for (std::uint64_t i = 0; i < before; ++i) {
        if (i % 100 == 0)
            publish(before + i, 100, 500);
        if (i % 100 == 0)
            for (std::uint64_t k = 0; k < 100; ++k)
                BOOST_TEST_REQUIRE(std::stoull(fine.wait()->payload) == before + i + k);
        const auto got = slow.wait();
        BOOST_TEST_REQUIRE(got.has_value());
        BOOST_TEST_REQUIRE(!got->is_gap());
        BOOST_TEST_REQUIRE(std::stoull(got->payload) == i);
    }
    for (std::uint64_t i = before; i < 2 * before; ++i)
        BOOST_TEST_REQUIRE(std::stoull(slow.wait()->payload) == i);
    BOOST_TEST(books.missed_messages.value() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

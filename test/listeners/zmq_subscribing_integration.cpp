// The listener and a real ZeroMQ publisher on loopback.
#include "listeners/zmq_sub.hpp"
#include "queues/topics.hpp"
#include "test/listeners/listening.hpp"
#include "wire/msgpack.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include <zmq.hpp>

using namespace weir;

namespace {

using subscribed = listening<zmq_sub_listener, zmq_sub_options>;
using topic_and_message = std::pair<std::string, std::string>;

// An XPUB, which hears of a subscription before it has to publish.
class publisher {
public:
    explicit publisher(const std::string& endpoint = "tcp://127.0.0.1:*")
        : socket_(context_, zmq::socket_type::xpub) {
        socket_.set(zmq::sockopt::linger, 0);
        socket_.set(zmq::sockopt::sndhwm, 0);
        socket_.set(zmq::sockopt::rcvtimeo, 30'000);
        socket_.bind(endpoint);
    }
    std::string address() const {
        return socket_.get(zmq::sockopt::last_endpoint).substr(std::string("tcp://").size());
    }
    std::string subscription() {
        zmq::message_t said;
        return socket_.recv(said) ? said.to_string() : "none";
    }
    void send(const std::string& frame) { socket_.send(zmq::buffer(frame)); }
    void send_parts(const std::vector<std::string>& parts) {
        for (const std::string& part : parts)
            socket_.send(zmq::buffer(part),
                         &part == &parts.back() ? zmq::send_flags::none : zmq::send_flags::sndmore);
    }

private:
    zmq::context_t context_;
    zmq::socket_t socket_;
};

struct pair_of {
    explicit pair_of(const std::string& options = "") : with(from.address() + options) {
        reader = with.destination().subscribe();
        with.open().run();
        BOOST_REQUIRE(from.subscription() != "none");
    }
    // What came, once `settled` are received or refused.
    std::vector<topic_and_message> take(std::uint64_t settled) {
        BOOST_REQUIRE(with.settled(settled));
        std::vector<topic_and_message> all;
        while (const batch_ptr next = reader->try_take()) {
            const batch_topics& topics = topics_of(*next);
            std::size_t index = 0;
            for (const std::string_view message : *next)
                all.emplace_back(topics[index++], message);
        }
        return all;
    }
    std::uint64_t refused(refusal why) { return with.books.refused_messages[why].value(); }

    publisher from;
    subscribed with;
    std::unique_ptr<queue_reader> reader;
};

} // namespace

BOOST_AUTO_TEST_SUITE(zmq_subscribing)

BOOST_AUTO_TEST_CASE(every_message_keeps_its_topic) {
    pair_of both;
    const std::vector<topic_and_message> sent{
        {"order", R"({"type":"order","n":1})"}, // its own
        {"user", R"({"type":"user"})"},
        {"told", R"({"type":"user"})"}, // another than its own
        {"told", "no json"},
        {"order", R"({"type":"order","n":2})"},
        {"told", "no json"},
        {"", "none"},
        {"two words", "a\nb"},
    };
    for (const auto& [topic, message] : sent)
        both.from.send((topic == "two words" ? "two%20words" : topic) + " " + message);
    const auto got = both.take(sent.size());
    BOOST_REQUIRE(got.size() == sent.size());
    for (std::size_t i = 0; i < sent.size(); ++i) {
        BOOST_TEST(got[i].first == sent[i].first);
        BOOST_TEST(got[i].second == sent[i].second);
    }
    BOOST_TEST(both.with.bound() == both.from.address());
}

BOOST_AUTO_TEST_CASE(many_arrive_whole_and_in_order) {
    pair_of both;
    constexpr int count = 20'000;
    for (int i = 0; i < count; ++i)
        both.from.send((i / 7 % 2 == 0 ? "a " : "b ") + std::to_string(i));
    const auto got = both.take(count);
    BOOST_REQUIRE(got.size() == count);
    for (int i = 0; i < count; ++i) {
        BOOST_TEST_REQUIRE(got[static_cast<std::size_t>(i)].second == std::to_string(i));
        BOOST_TEST_REQUIRE(got[static_cast<std::size_t>(i)].first == (i / 7 % 2 == 0 ? "a" : "b"));
    }
}

BOOST_AUTO_TEST_CASE(the_listener_s_own_topic_wins) {
    pair_of both(",topic=mine");
    both.from.send(R"(order {"type":"order"})");
    both.from.send("user x");
    for (const auto& [topic, message] : both.take(2))
        BOOST_TEST(topic == "mine");
}

BOOST_AUTO_TEST_CASE(what_is_malformed_is_counted_and_the_next_arrives) {
    pair_of both(",max-message=10B");
    both.from.send("nospace");
    both.from.send("");
    both.from.send_parts({"topic", "payload"});
    both.from.send_parts({"topic with space", "b", "c"});
    both.from.send("t 12345678901");
    both.from.send("t ");
    both.from.send("t 1234567890");
    both.from.send("t  two\n");
    const auto got = both.take(8);
    BOOST_TEST(both.refused(refusal::bad_frame) == 4u);
    BOOST_TEST(both.refused(refusal::oversize) == 1u);
    BOOST_TEST(both.refused(refusal::empty) == 1u);
    BOOST_REQUIRE(got.size() == 2);
    BOOST_TEST(got[0].second == "1234567890");
    BOOST_TEST(got[1].second == " two\n");
}

BOOST_AUTO_TEST_CASE(messagepack_becomes_json) {
    pair_of both(",format=msgpack,max-message=40B");
    std::string frame = "order ";
    append_msgpack(frame, R"({"type": "order", "n": [1, 2.5]})");
    both.from.send(frame);
    both.from.send("raw \xa7no json");
    both.from.send("broken \x92\x01");
    both.from.send("broken {}");
    both.from.send("longer \xdc" + std::string("\0\x10", 2) +
                   std::string(16, '\xc0')); // 81 as JSON
    const auto got = both.take(5);
    BOOST_REQUIRE(got.size() == 2);
    BOOST_TEST(got[0].first == "order");
    BOOST_TEST(got[0].second == R"({"type":"order","n":[1,2.5]})");
    BOOST_TEST(got[1].first == "raw");
    BOOST_TEST(got[1].second == "no json");
    BOOST_TEST(both.refused(refusal::bad_frame) == 2u);
    BOOST_TEST(both.refused(refusal::oversize) == 1u);
}

BOOST_AUTO_TEST_CASE(only_the_topics_that_were_asked_for_are_subscribed_to) {
    publisher from;
    subscribed with(from.address() + ",topics=order,two words");
    with.open().run();
    BOOST_TEST(from.subscription() == "\x01order");
    BOOST_TEST(from.subscription() == "\x01two%20words");
    from.send("user 1");
    from.send("orders 2");
    from.send("two%20words%20more 3");
    BOOST_TEST(with.settled(2));
    BOOST_TEST(with.rest() == (std::vector<std::string>{"2", "3"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_publisher_may_come_later_and_come_back) {
    const std::string path =
        (std::filesystem::temp_directory_path() / ("weir-zmq-" + std::to_string(::getpid())))
            .string();
    subscribed with("unix:" + path);
    with.open().run();
    for (std::uint64_t round = 1; round <= 2; ++round) {
        publisher from("ipc://" + path);
        BOOST_TEST(from.subscription() == "\x01");
        from.send("t " + std::to_string(round));
        BOOST_TEST(with.settled(round));
    }
    BOOST_TEST(with.rest() == (std::vector<std::string>{"1", "2"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_full_queue_that_blocks_holds_it_back_and_its_end_lets_go) {
    publisher from;
    queue_options small;
    small.bytes = 1u << 20;
    small.policy = when_full::block;
    subscribed with(from.address(), small);
    with.open().run();
    from.subscription();
    for (int i = 0; i < 100; ++i)
        from.send("t " + std::string(100'000, 'x'));
    BOOST_TEST(with.settled(1)); // how many fit depends on how they came
    with.destination().close();
    const counter& let_go = with.books.refused_messages[refusal::closing];
    BOOST_TEST(eventually([&] { return let_go.value() > 0; }));
    with.stop();
    BOOST_TEST(with.ended());
    BOOST_TEST(with.books.received_messages.value() < 20u);
    BOOST_TEST(with.books.refused_messages[refusal::queue_full].value() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

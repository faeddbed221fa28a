#include "queues/topics.hpp"

#include "test/queues/queue_helpers.hpp"

#include <thread>

using namespace weir;
using namespace weir::test;
using strings = std::vector<std::string>;

namespace {

strings topics_in(const weir::batch& of) {
    strings all;
    for (std::size_t i = 0; i < of.size(); ++i)
        all.emplace_back(topics_of(of)[i]);
    return all;
}

batch_ptr of_topic(const char* topic, std::initializer_list<std::string_view> messages) {
    batch_origin origin(7);
    origin.topic = std::make_shared<const std::string>(topic);
    batch_builder builder(origin);
    for (std::string_view each : messages)
        builder.append(each);
    return builder.finish();
}

constexpr auto a = R"({"type":"a"})";
constexpr auto b = R"({"type":"b"})";
constexpr auto split = "{\"type\":\n\"b\"}"; // one message, though it has a newline

} // namespace

BOOST_AUTO_TEST_SUITE(topics)

BOOST_AUTO_TEST_CASE(each_message_has_its_own) {
    BOOST_TEST(topics_in(*make_batch({a, "text", b, b, split, a})) ==
                   (strings{"a", "", "b", "b", "b", "a"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_the_listener_was_told_comes_first) {
    BOOST_TEST(topics_in(*of_topic("mine", {a, "text"})) == (strings{"mine", "mine"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(they_are_found_once_whoever_asks_first) {
    const batch_ptr shared = make_batch({a, b});
    const batch_topics* found[2];
    std::thread other([&] { found[0] = &topics_of(*shared); });
    found[1] = &topics_of(*shared);
    other.join();
    BOOST_TEST(found[0] == found[1]);
    BOOST_TEST(found[0] == &topics_of(*shared));
}

BOOST_AUTO_TEST_SUITE_END()

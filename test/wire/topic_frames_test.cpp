#include "wire/topic_frame.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace std::string_literals;

namespace {

std::string framed(std::string_view topic, std::string_view payload) {
    std::string out;
    append_frame_topic(out, topic);
    return out.append(payload);
}

} // namespace

BOOST_AUTO_TEST_SUITE(topic_frames)

BOOST_AUTO_TEST_CASE(a_topic_a_space_and_the_payload) {
    BOOST_TEST(framed("order", "{}") == "order {}");
    BOOST_TEST(framed("", "text") == " text");
    BOOST_TEST(framed("user logged in", "x") == "user%20logged%20in x");
}

BOOST_AUTO_TEST_CASE(both_come_back) {
    for (const std::string& topic : {""s, "order"s, "a b"s, " "s, "  a  "s, "a/b\nc"s, "ü%"s})
        for (const std::string& payload : {""s, "{}"s, " two  spaces "s, "\0\xff\n"s}) {
            const std::string frame = framed(topic, payload);
            const auto found = parse_topic_frame(frame);
            BOOST_TEST_REQUIRE(found.has_value());
            BOOST_TEST(found->topic == topic);
            BOOST_TEST(found->payload == payload);
        }
}

BOOST_AUTO_TEST_CASE(without_a_space_it_is_no_frame) {
    BOOST_TEST(!parse_topic_frame("").has_value());
    BOOST_TEST(!parse_topic_frame("order").has_value());
    BOOST_TEST(!parse_topic_frame("order\t{}").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

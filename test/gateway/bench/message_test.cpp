#include "gateway/bench/message.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace weir::bench;

namespace {

constexpr std::uint64_t some_time = 1'763'000'000'123'456'789;

// What is to be read again from a message of this size.
stamp kept(const message_layout& layout, stamp whole) {
    if (!layout.timed)
        whole.time = 0;
    return whole;
}

} // namespace

BOOST_AUTO_TEST_SUITE(message)

BOOST_AUTO_TEST_CASE(every_size_is_read_as_it_was_made) {
    const stamp stamps[] = {{0, 0, some_time},
                            {7, 9, some_time},
                            {42, 10, some_time},
                            {999, 12'345'678, some_time},
                            {9999, 999'999'999'999, some_time}};
    for (std::size_t size = smallest_numbered; size <= 300; ++size) {
        const message_layout layout(size);
        for (const stamp& each : stamps) {
            const std::string text = make_message(layout, each);
            BOOST_REQUIRE_EQUAL(text.size(), size);
            BOOST_REQUIRE(text.find('\n') == text.npos);
            const auto read = read_stamp(text, size);
            BOOST_REQUIRE(read.has_value());
            BOOST_REQUIRE(*read == kept(layout, each));
            BOOST_REQUIRE(read_stamp(text.substr(0, stamp_end), size) == read);
        }
    }
}

BOOST_AUTO_TEST_CASE(from_96_bytes_on_it_is_json) {
    for (std::size_t size = smallest_timed; size <= 300; ++size) {
        const std::string text = make_message(message_layout(size), {3, 12, some_time});
        const boost::json::object parsed = boost::json::parse(text).as_object();
        BOOST_TEST(parsed.size() == 4u);
        BOOST_TEST(parsed.at("from").as_int64() == 3);
        BOOST_TEST(parsed.at("n").as_int64() == 12);
        BOOST_TEST(parsed.at("t").to_number<std::uint64_t>() == some_time);
        BOOST_TEST(parsed.at("pad").as_string().find_first_not_of('x') == std::string_view::npos);
    }
}

BOOST_AUTO_TEST_CASE(below_it_is_text) {
    BOOST_TEST(make_message(message_layout(20), {3, 12, some_time}) == "003 000000000012xxxx");
    BOOST_TEST(make_message(message_layout(16), {1234, 12, some_time}) == "1234000000000012");
    BOOST_TEST(make_message(message_layout(15), {3, 12, some_time}) == "xxxxxxxxxxxxxxx");
    BOOST_TEST(make_message(message_layout(1), {}) == "x");
}

BOOST_AUTO_TEST_CASE(what_is_none_of_ours_has_no_stamp) {
    const std::string json(200, 'x');
    BOOST_TEST(!read_stamp(json, json.size()).has_value());
    BOOST_TEST(!read_stamp("", 0).has_value());
    BOOST_TEST(!read_stamp("xxxxxxxxxxxxxxx", 15).has_value());
    BOOST_TEST(!read_stamp("003 00000000001x", 16).has_value());
    BOOST_TEST(!read_stamp("    000000000012", 16).has_value());
    const std::string whole = make_message(message_layout(100), {3, 12, some_time});
    BOOST_TEST(!read_stamp(whole.substr(0, stamp_end - 1), 100).has_value());
    BOOST_TEST(!read_stamp(whole, 95).has_value()); // text of that size begins otherwise
    std::string other = whole;
    other[2] = 'x';
    BOOST_TEST(!read_stamp(other, 100).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

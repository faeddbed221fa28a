#include "wire/record.hpp"

#include "wire/base64.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <random>

using namespace weir;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(record)

BOOST_AUTO_TEST_CASE(text_becomes_a_json_string) {
    BOOST_TEST(escape_record("a\r\n\"\\\t\b\f\x01\x1f\x7f grün") ==
               R"({"weir":"escaped","data":"a\r\n\"\\\t\b\f\u0001\u001f)"
               "\x7f grün\"}");
}

BOOST_AUTO_TEST_CASE(what_is_not_utf8_becomes_base64) {
    BOOST_TEST(escape_record("\xff\n") == R"({"weir":"escaped","base64":"/wo="})");
}

BOOST_AUTO_TEST_CASE(every_message_with_a_newline_comes_back) {
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        std::string message = "\n";
        for (auto n = random() % 40; n > 0; --n) {
            const auto byte = random() % (round % 2 == 0 ? 256 : 128);
            message.insert(message.begin() + static_cast<std::ptrdiff_t>(random() % message.size()),
                           static_cast<char>(byte));
        }
        const std::string line = escape_record(message);
        BOOST_TEST(line.find('\n') == line.npos);
        const auto back = unescape_record(line);
        BOOST_TEST_REQUIRE(back.has_value());
        BOOST_TEST(*back == message);

        const auto parsed = boost::json::parse(line).as_object();
        BOOST_TEST(parsed.at("weir").as_string() == "escaped");
        const auto* data = parsed.if_contains("data");
        const std::string_view value = data ? data->as_string() : parsed.at("base64").as_string();
        BOOST_TEST(((data ? std::string(value) : from_base64(value)) == message));
    }
}

BOOST_AUTO_TEST_CASE(every_other_line_is_itself) {
    for (const std::string& line : {
             ""s,
             "plain"s,
             R"({"weir":"escaped"})"s,
             R"({"weir":"escaped","data":"})"s,
             R"({"weir":"escaped","data":""})"s,
             R"({"weir":"escaped","data":"no newline"})"s,
             R"({"weir":"escaped","data":"a\n"} )"s,
             R"({"weir":"escaped","data":"a\n""})"s,
             R"({"weir":"escaped","data":"a\n\"})"s,
             R"({"weir":"escaped","data":"a\n\u000a"})"s,
             R"({"weir":"escaped","data":"a\n\u00"})"s,
             R"({"weir":"escaped","data":"a\n\u001F"})"s,
             R"({"weir":"escaped","data":"a\n\x"})"s,
             R"({"weir": "escaped","data":"a\n"})"s,
             R"({"weir":"escaped","base64":"YQo"})"s,
             R"({"weir":"escaped","base64":"YQp="})"s,
             R"({"weir":"escaped","base64":"YQo="})"s, // UTF-8: would have been written as data
             R"({"weir":"escaped","base64":"/w=="})"s,
         }) {
        BOOST_TEST(!unescape_record(line).has_value(), line);
    }
}

BOOST_AUTO_TEST_SUITE_END()

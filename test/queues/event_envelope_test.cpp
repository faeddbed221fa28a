#include "queues/event_envelope.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

const receive_clock::time_point moment{std::chrono::microseconds(1'795'581'012'000'042)};

std::string envelope(std::string_view message, std::string_view topic = "t") {
    std::string out;
    event_envelope(moment, "udp 127.0.0.1:9000").append(out, 7, topic, message);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_envelope)

BOOST_AUTO_TEST_CASE(json_stands_as_it_came) {
    BOOST_TEST(envelope(R"({"a": [1,2]})") ==
               R"({"seq":7,"time":"2026-11-25T04:30:12.000042Z","listener":"udp 127.0.0.1:9000",)"
               R"("topic":"t","data":{"a": [1,2]}})");
    BOOST_TEST(envelope("17").ends_with(R"("data":17})"));
    BOOST_TEST(envelope("{\n\"a\":\r\n1}").ends_with(R"("data":{ "a":  1}})"));
}

BOOST_AUTO_TEST_CASE(text_is_a_string_and_the_rest_base64) {
    BOOST_TEST(envelope("a \"b\"\\\n\x01").ends_with(R"("data":"a \"b\"\\\n\u0001"})"));
    BOOST_TEST(envelope("").ends_with(R"("data":""})"));
    BOOST_TEST(envelope("{\"half\":").ends_with(R"("data":"{\"half\":"})"));
    BOOST_TEST(envelope("\xff\xfe").ends_with(R"("data":"//4=","encoding":"base64"})"));
}

BOOST_AUTO_TEST_CASE(every_byte_makes_one_line_of_json) {
    for (int c = 0; c < 256; ++c)
        for (const std::string before : {"", "{\"a\":\"", "[1,"}) {
            std::string message = before;
            message += static_cast<char>(c);
            const std::string out = envelope(message, message);
            BOOST_TEST(out.find('\n') == out.npos);
            boost::json::error_code fault;
            const auto value = boost::json::parse({out.data(), out.size()}, fault);
            BOOST_TEST_REQUIRE(!fault);
            BOOST_TEST(value.at("seq") == 7);
        }
}

BOOST_AUTO_TEST_CASE(times_are_rfc_3339) {
    const auto at = [](std::int64_t micros) {
        return rfc3339(receive_clock::time_point(std::chrono::microseconds(micros)));
    };
    BOOST_TEST(at(0) == "1970-01-01T00:00:00.000000Z");
    BOOST_TEST(at(951'782'399'999'999) == "2000-02-28T23:59:59.999999Z");
    BOOST_TEST(at(951'782'400'000'000) == "2000-02-29T00:00:00.000000Z");
}

BOOST_AUTO_TEST_SUITE_END()

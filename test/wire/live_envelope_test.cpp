#include "wire/live_envelope.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

std::string event(std::string_view envelope) {
    const auto read = read_live_envelope(envelope);
    return read ? std::to_string(read->seq) + ":" + read->event() : "none";
}

// As the live stream writes it.
std::string around(const std::string& data) {
    return R"({"seq":7,"time":"2026-11-20T18:45:01.123Z","listener":"udp","topic":"a","data":)" +
           data + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(live_envelope)

BOOST_AUTO_TEST_CASE(json_stays_as_it_is) {
    for (const char* json : {R"({"a":[1,{"b":"}]\""}], "c":1.50})", "[]", "{}", "1e3", "true",
                             "null", R"([ 1 , "," ])"})
        BOOST_TEST(event(around(json)) == "7:" + std::string(json));
}

BOOST_AUTO_TEST_CASE(strings_lose_their_quotes_and_escapes) {
    BOOST_TEST(event(around(R"("plain")")) == "7:plain");
    BOOST_TEST(event(around(R"("a\"b\\c\n\u00e9")")) == "7:a\"b\\c\n\u00e9");
    BOOST_TEST(event(around(R"("")")) == "7:");
}

BOOST_AUTO_TEST_CASE(base64_is_decoded_wherever_it_is_said) {
    BOOST_TEST(event(around(R"("/w==","encoding":"base64")")) == "7:\xff");
    BOOST_TEST(event(R"({"seq":7,"time":1,"encoding":"base64","data":"/w=="})") == "7:\xff");
    BOOST_TEST(event(around(R"("no base64!","encoding":"base64")")) == "7:no base64!");
}

BOOST_AUTO_TEST_CASE(spaces_and_other_members_do_no_harm) {
    BOOST_TEST(
        event(R"( { "seq" : 18446744073709551615 , "time" : 1 , "data" : [1] , "x" : {} } )") ==
        "18446744073709551615:[1]");
}

BOOST_AUTO_TEST_CASE(what_is_no_envelope_is_none) {
    for (const char* text : {"", "{}", "plain", "[1]", R"({"seq":1})", R"({"seq":1,"data":2})",
                             R"({"seq":"1","time":1,"data":2})", R"({"time":1,"seq":1,"data":2})",
                             R"({"seq":-1,"time":1,"data":2})", R"({"seq":1,"time":1,"data":2)",
                             R"({"seq":1,"time":1,"data":[2})", R"({"seq":1,"time":1,"data":2} {})",
                             R"({"seq":1,"time":1,"data":"2})", R"({"seq":1,"time":1,"data":})",
                             R"({"seq":1,,"time":1,"data":2})", R"({"seq":1,"time":1,"data":2,})",
                             R"({"seq":99999999999999999999,"time":1,"data":2})"})
        BOOST_TEST(event(text) == "none", text);
}

BOOST_AUTO_TEST_CASE(notices_are_told_from_events) {
    const auto gap = read_live_notice(R"({"weir":"gap","missed":12})");
    BOOST_REQUIRE(gap);
    BOOST_TEST((gap->what == live_notice::kind::gap));
    BOOST_TEST(gap->missed == 12u);
    const auto restart = read_live_notice(R"({"weir":"restart"})");
    BOOST_REQUIRE(restart);
    BOOST_TEST((restart->what == live_notice::kind::restart));
    for (const char* text : {"", "{}", R"({"weir":"gap"})", R"({"weir":"gap","missed":"12"})",
                             R"({"missed":12})", R"({"weir":"escaped","data":"a\nb"})",
                             R"({"a":1,"weir":"gap","missed":12})", R"({"weir":"gap","missed":12)"})
        BOOST_TEST(!read_live_notice(text), text);
}

BOOST_AUTO_TEST_SUITE_END()

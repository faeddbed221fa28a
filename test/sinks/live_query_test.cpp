#include "sinks/live_query.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace weir;

namespace {

live_query websocket(std::string_view query) {
    return parse_live_query(live_format::websocket, {"/live", query});
}
live_query sse(std::string_view query, std::string_view last_event_id = {}) {
    return parse_live_query(live_format::sse, {"/events", query, last_event_id});
}

} // namespace

BOOST_AUTO_TEST_SUITE(live_query)

BOOST_AUTO_TEST_CASE(nothing_asked_is_the_plain_stream) {
    for (const std::string_view query : {"", "access_token=x", "&&", "meta=0", "raw=off&other"}) {
        const auto got = websocket(query);
        BOOST_TEST(got.fault == "");
        BOOST_TEST((got.key == live_key{}));
        BOOST_TEST(!got.from.last);
        BOOST_TEST(!got.from.since);
    }
}

BOOST_AUTO_TEST_CASE(everything_is_read) {
    const auto got = websocket("topic=b,a*,%21c,b&meta=1&last=18446744073709551615");
    BOOST_TEST(got.fault == "");
    BOOST_TEST(got.key.meta);
    BOOST_TEST((got.key.topics == std::vector<std::string>{"!c", "a*", "b"}));
    BOOST_TEST(got.from.last.value() == 18446744073709551615u);
    BOOST_TEST(websocket("since=0").from.since.value() == 0u);
}

BOOST_AUTO_TEST_CASE(the_order_of_topics_makes_no_other_channel) {
    BOOST_TEST((websocket("topic=a,b&meta").key == websocket("meta=on&topic=b,a,b").key));
    BOOST_TEST((websocket("topic=a").key != websocket("topic=b").key));
    BOOST_TEST((websocket("").key != sse("").key));
}

BOOST_AUTO_TEST_CASE(raw_is_lines) {
    BOOST_TEST((sse("").key.format == live_format::sse));
    BOOST_TEST((sse("raw").key.format == live_format::lines));
    BOOST_TEST((sse("raw=1").key.format == live_format::lines));
    BOOST_TEST((websocket("raw").key.format == live_format::websocket));
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_a_fault) {
    for (const std::string_view query : {"last=",
                                         "last=-1",
                                         "last=1x",
                                         "last= 1",
                                         "last=18446744073709551616",
                                         "since=x",
                                         "since=1.5",
                                         "last=1&since=1",
                                         "meta=yes%20please",
                                         "meta=2",
                                         "raw=maybe",
                                         "topic=",
                                         "topic=a,,b",
                                         "topic=!",
                                         "topic=a*b",
                                         "topic=*a",
                                         "topic=a,",
                                         "last=%zz",
                                         "topic=%2c",
                                         "meta=%31%"})
        BOOST_TEST(websocket(query).fault != "", query);
    std::string many = "topic=a0";
    for (int i = 1; i < 100; ++i)
        many += ",a" + std::to_string(i);
    BOOST_TEST(websocket(many).fault.find("at most 64") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(any_bytes_are_taken_or_a_fault) {
    std::mt19937 random(4711);
    constexpr std::string_view pieces[] = {"last", "since", "topic", "meta", "raw", "=",  "&",
                                           ",",    "%",     "2",     "*",    "!",   "\0", "\xff"};
    for (int round = 0; round < 20'000; ++round) {
        std::string query;
        for (auto i = random() % 12; i > 0; --i)
            query += pieces[random() % std::size(pieces)];
        const auto got = sse(query, query);
        BOOST_TEST_REQUIRE((got.fault != "" || !(got.from.last && got.from.since)));
        for (const std::string& topic : got.key.topics)
            BOOST_TEST_REQUIRE((got.fault != "" || !topic.empty()));
    }
}

BOOST_AUTO_TEST_CASE(the_last_event_id_comes_first) {
    BOOST_TEST(sse("since=3", "7").from.since.value() == 7u);
    BOOST_TEST(!sse("last=3", "7").from.last);
    BOOST_TEST(sse("last=3", "another's").from.last.value() == 3u);
    BOOST_TEST(sse("", "another's").fault == "");
}

BOOST_AUTO_TEST_SUITE_END()

#include "gateway/top/view.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace weir::top;

namespace {

constexpr std::string_view page = R"(# TYPE weir_received_messages_total counter
weir_received_messages_total{listener="udp",address="127.0.0.1:9000"} 1000
weir_received_bytes_total{listener="udp",address="127.0.0.1:9000"} 20480
weir_refused_messages_total{listener="udp",address="127.0.0.1:9000",reason="oversize"} 3
weir_refused_messages_total{listener="udp",address="127.0.0.1:9000",reason="busy"} 0
weir_connections{listener="udp",address="127.0.0.1:9000"} 2
weir_delivered_messages_total{sink="post",target="http://a/"} 900
weir_lost_messages_total{sink="post",target="http://a/",reason="gave_up"} 40
weir_pending_messages{sink="post",target="http://a/"} 60
weir_retries_total{sink="post",target="http://a/"} 5
weir_delivery_seconds_bucket{sink="post",target="http://a/",le="0.001"} 400
weir_delivery_seconds_bucket{sink="post",target="http://a/",le="0.01"} 880
weir_delivery_seconds_bucket{sink="post",target="http://a/",le="+Inf"} 900
weir_published_messages_total 1000
weir_queue_bytes 2048
weir_queue_batches 7
process_start_time_seconds 1000
weir_build_info{version="9.9",compiler="x"} 1
)";

bool has(const std::vector<std::string>& lines, std::string_view text) {
    for (const std::string& line : lines)
        if (line.find(text) != line.npos)
            return true;
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(top)

BOOST_AUTO_TEST_CASE(a_page_is_read) {
    const auto read = read_snapshot(page);
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->version == "9.9");
    BOOST_TEST(read->published == 1000);
    BOOST_TEST(read->queue_batches == 7);
    const flow& udp = read->listeners.at({"udp", "127.0.0.1:9000"});
    BOOST_TEST(udp.messages == 1000);
    BOOST_TEST(udp.connections == 2);
    BOOST_TEST(udp.given_up() == 3);
    const flow& post = read->sinks.at({"post", "http://a/"});
    BOOST_TEST(post.messages == 900);
    BOOST_TEST(post.pending == 60);
    BOOST_TEST(post.given_up() == 40);
    BOOST_TEST(!post.clients.has_value());
    BOOST_TEST(post.delivery.size() == 3u);
}

BOOST_AUTO_TEST_CASE(what_is_no_weir_is_not_taken_for_one) {
    BOOST_TEST(!read_snapshot("").has_value());
    BOOST_TEST(!read_snapshot("<html>hello</html>").has_value());
    BOOST_TEST(!read_snapshot("node_load1 1\n").has_value());
}

BOOST_AUTO_TEST_CASE(quantiles_are_of_what_came_since) {
    const snapshot now = *read_snapshot(page);
    const flow& post = now.sinks.begin()->second;
    BOOST_TEST(*delivery_quantile(post, nullptr, 0.4) == 0.001);
    BOOST_TEST(*delivery_quantile(post, nullptr, 0.5) == 0.01);
    BOOST_TEST(std::isinf(*delivery_quantile(post, nullptr, 0.99)));
    flow before = post;
    BOOST_TEST(!delivery_quantile(post, &before, 0.5).has_value());
    before.delivery = {{0.001, 400}, {0.01, 870}, {before.delivery[2].first, 890}};
    BOOST_TEST(*delivery_quantile(post, &before, 0.99) == 0.01);
    BOOST_TEST(!delivery_quantile(flow(), nullptr, 0.5).has_value());
}

BOOST_AUTO_TEST_CASE(the_table_has_rates_where_there_are_two_looks) {
    look at{*read_snapshot(page), nullptr, 0, 1090, ""};
    const auto first = table_of(at, "http://w/metrics");
    BOOST_TEST(first.at(0) == "weir 9.9 at http://w/metrics  up 1m30s");
    BOOST_TEST(has(first, "queue 7 batches, 2.0KiB"));
    BOOST_TEST(has(first, "udp 127.0.0.1:9000      -       -   1.0k     2       3"));
    BOOST_TEST(has(first, "post http://a/          -       -    900      60     40       5"));
    BOOST_TEST(has(first, "refused udp 127.0.0.1:9000: 3 oversize"));
    BOOST_TEST(has(first, "lost post http://a/: 40 gave_up"));
    BOOST_TEST(!has(first, "busy"));
    snapshot before = at.now;
    before.listeners.begin()->second.messages = 600;
    before.sinks.begin()->second.messages = 2000; // it was started anew
    at.before = &before;
    at.seconds = 2;
    const auto second = table_of(at, "http://w/metrics");
    BOOST_TEST(has(second, "udp 127.0.0.1:9000    200      0B"));
    BOOST_TEST(has(second, "post http://a/          -"));
}

BOOST_AUTO_TEST_CASE(what_matters_most_stays_in_a_small_window) {
    look at{*read_snapshot(page), nullptr, 0, 1090, "it is away; trying again"};
    for (int port = 10; port < 30; ++port)
        at.now.listeners[{"ws", "127.0.0.1:90" + std::to_string(port)}];
    for (int number = 10; number < 20; ++number)
        at.now.sinks[{"file", "idle" + std::to_string(number)}];
    const auto all = table_of(at, "http://w/metrics");
    BOOST_TEST(all.size() == 2u + 2 + 1 + 22 + 1 + 12 + 1 + 2);
    for (const std::size_t columns : {40u, 60u, 80u, 200u}) {
        const auto lines = table_of(at, "http://w/metrics", {columns, 14});
        BOOST_TEST(lines.at(0) == at.trouble);
        BOOST_TEST(lines.size() <= 15u); // of the reasons one is below
        BOOST_TEST(has(lines, "REFUSED"));
        BOOST_TEST(has(lines, "LOST"));
        BOOST_TEST(has(lines, "refused udp"));
        BOOST_TEST(has(lines, "udp 127.0.0.1:9000 ")); // whose name is whole, and which is not idle
        BOOST_TEST(has(lines, "... 20 more"));
        BOOST_TEST(has(lines, "post http://a/ "));
        BOOST_TEST(has(lines, "... 10 more"));
        BOOST_TEST(has(lines, "p50") == (columns >= 80));
        for (std::size_t i = 4; i < lines.size() - 2; ++i)
            BOOST_TEST(lines[i].size() <= columns);
    }
    BOOST_TEST(!has(all, "more"));
    // Where there is more room, some of them come back, each in its place.
    const auto larger = table_of(at, "http://w/metrics", {80, 16});
    BOOST_TEST(has(larger, "... 19 more"));
    BOOST_TEST(has(larger, "... 9 more"));
    BOOST_TEST(larger.at(11).starts_with("file idle10"));
    for (std::size_t columns = 0; columns < 40; ++columns)
        for (std::size_t rows = 0; rows < 10; ++rows)
            BOOST_TEST(table_of(at, "w", {columns, rows}).size() >= 10u); // the screen cuts
}

BOOST_AUTO_TEST_CASE(busy_rows_that_do_not_fit_are_counted_as_well) {
    snapshot now;
    for (int number = 10; number < 30; ++number)
        now.sinks[{"file", std::to_string(number)}].messages = 1;
    const auto lines = table_of({now, nullptr, 0, 0, ""}, "w", {80, 12});
    BOOST_TEST(lines.size() == 12u);
    BOOST_TEST(has(lines, "file 10"));
    BOOST_TEST(lines.back() == "... 15 more");
}

BOOST_AUTO_TEST_CASE(lines_are_cut_between_characters_and_hold_no_control_characters) {
    BOOST_TEST(cut_to("abc", 2) == "ab");
    BOOST_TEST(cut_to("äöü", 2) == "äö");
    BOOST_TEST(cut_to("a\033[2Jb\x7f", 80) == "a?[2Jb?");
    BOOST_TEST(cut_to("", 0) == "");
}

BOOST_AUTO_TEST_SUITE_END()

#include "wire/scrape_event.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <limits>

using namespace weir;

namespace {

using namespace std::chrono_literals;

scrape_outcome outcome() {
    scrape_outcome out;
    out.begun = std::chrono::sys_days(std::chrono::year(2026) / 2 / 3) + 4h + 5min + 6789ms;
    out.duration = 12'600us;
    out.target = "http://h:1/metrics";
    return out;
}

prometheus_sample sample(std::string_view name, double value) {
    prometheus_sample out;
    out.name = name;
    out.value = value;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scrape_event)

BOOST_AUTO_TEST_CASE(one_that_is_up_has_its_metrics) {
    weir::scrape_event event;
    prometheus_sample counted = sample("a_total", 1.5);
    counted.type = metric_type::counter;
    counted.labels = {{"b", "c\n\"\\\x01gr\xc3\xbcn"}, {"d", ""}};
    counted.timestamp = 1395066363123;
    event.add(counted);
    event.add(sample("e", 3));
    scrape_outcome with = outcome();
    with.samples = 7;
    BOOST_TEST(event.finish(with) ==
               R"({"time":"2026-02-03T04:05:06.789Z","target":"http://h:1/metrics","up":1,)"
               R"("duration":0.013,"samples":7,"metrics":[)"
               R"({"name":"a_total","type":"counter","labels":{"b":"c\n\"\\\u0001)"
               "gr\xc3\xbcn"
               R"(","d":""},"value":1.5,"timestamp":1395066363.123},)"
               R"({"name":"e","type":"unknown","labels":{},"value":3}]})");
}

BOOST_AUTO_TEST_CASE(one_that_is_down_says_why) {
    weir::scrape_event event;
    event.add(sample("a", 1));
    scrape_outcome with = outcome();
    with.error = "status 503 \"\xff\"";
    with.samples = with.parse_errors = 1;
    BOOST_TEST(event.finish(with) ==
               R"({"time":"2026-02-03T04:05:06.789Z","target":"http://h:1/metrics","up":0,)"
               "\"duration\":0.013,\"error\":\"status 503 \\\"\xef\xbf\xbd\\\"\"}");
    BOOST_TEST(up_line("http://h", false) == "up{target=\"http://h\"} 0");
    BOOST_TEST(up_line("http://h", true) == "up{target=\"http://h\"} 1");
}

BOOST_AUTO_TEST_CASE(wrong_lines_are_counted_in_it) {
    scrape_outcome with = outcome();
    with.parse_errors = 2;
    with.parse_error = "line 3: a timestamp that is no time";
    const std::string text = weir::scrape_event().finish(with);
    BOOST_TEST(text.find(R"("samples":0,"parse_errors":2,)"
                         R"("parse_error":"line 3: a timestamp that is no time","metrics":[]})") !=
               text.npos);
}

BOOST_AUTO_TEST_CASE(every_value_is_json) {
    constexpr double inf = std::numeric_limits<double>::infinity();
    weir::scrape_event event;
    for (const double value : {std::numeric_limits<double>::quiet_NaN(), inf, -inf, -0.0, 1e21,
                               std::numeric_limits<double>::max(), 5e-324, 0.1, -2e-7})
        event.add(sample("a", value));
    for (const std::int64_t time :
         {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
          std::numeric_limits<std::int64_t>::max()}) {
        prometheus_sample timed = sample("t", 0);
        timed.timestamp = time;
        event.add(timed);
    }
    const std::string text = event.finish(outcome());
    const auto parsed = boost::json::parse(text);
    const auto& metrics = parsed.at("metrics").as_array();
    BOOST_TEST(metrics.at(0).at("value").as_string() == "NaN");
    BOOST_TEST(metrics.at(1).at("value").as_string() == "+Inf");
    BOOST_TEST(metrics.at(2).at("value").as_string() == "-Inf");
    BOOST_TEST(text.find("\"value\":-0}") != text.npos);
    BOOST_TEST(text.find("\"value\":1e+21}") != text.npos);
    BOOST_TEST(metrics.at(5).at("value").as_double() == std::numeric_limits<double>::max());
    BOOST_TEST(metrics.at(6).at("value").as_double() == 5e-324);
    BOOST_TEST(metrics.at(7).at("value").as_double() == 0.1);
    BOOST_TEST(text.find("\"timestamp\":0.000}") != text.npos);
    BOOST_TEST(text.find("\"timestamp\":-0.001}") != text.npos);
    BOOST_TEST(text.find("\"timestamp\":-9223372036854775.808}") != text.npos);
    BOOST_TEST(text.find("\"timestamp\":9223372036854775.807}") != text.npos);
}

BOOST_AUTO_TEST_SUITE_END()

#include "listeners/scrape.hpp"
#include "test/listeners/listening.hpp"
#include "test/listeners/logged.hpp"
#include "test/sinks/certificate.hpp"
#include "test/sinks/post_server.hpp"
#include "test/sinks/scratch.hpp"
#include "test/zipped.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace weir;
using boost::beast::http::field;
using request = post_server::request;

namespace {

using scraping = listening<scrape_listener, scrape_options>;

const std::string once = ",every=1h";
const std::string often = ",every=500ms"; // which is also the patience with an answer
const std::string page = "# TYPE a_total counter\na_total{b=\"c\"} 1.5 1395066363000\nd NaN\n";

post_server::script always(const post_server::reply& reply) {
    return [reply](const request&, std::size_t) { return reply; };
}

boost::json::object event_of(const std::string& message) {
    return boost::json::parse(message).as_object();
}

std::int64_t number_of(const boost::json::object& event, const char* member) {
    return event.at(member).as_int64();
}

std::string text_of(const boost::json::object& event, const char* member) {
    const auto& text = event.at(member).as_string();
    return {text.begin(), text.end()};
}

// The event of the first scrape.
boost::json::object scraped(const std::string& options) {
    scraping with(options + once);
    with.open().run();
    BOOST_REQUIRE(with.settled(1));
    const auto messages = with.rest();
    BOOST_REQUIRE(messages.size() == 1u);
    return event_of(messages[0]);
}

boost::json::object scrape_page_of(const post_server::reply& reply,
                                   const std::string& options = "") {
    post_server server(always(reply));
    return scraped(server.url() + options);
}

std::string error_of(const boost::json::object& event) {
    BOOST_TEST(number_of(event, "up") == 0);
    BOOST_TEST(!event.contains("metrics"));
    return text_of(event, "error");
}

std::string names_of(const boost::json::object& event) {
    BOOST_TEST(number_of(event, "up") == 1);
    std::string names;
    for (const auto& metric : event.at("metrics").as_array())
        names += text_of(metric.as_object(), "name") + " ";
    return names;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scrape)

BOOST_AUTO_TEST_CASE(a_page_is_an_event) {
    post_server server(always(post_server::answer(200, "", page)));
    scraping with(server.url("/metrics?key=s3cret") + ",topic=numbers,user=u,password=p" + once);
    with.open().run();
    BOOST_REQUIRE(with.settled(1));
    BOOST_TEST(eventually([&] { return with.books.scrapes.up.value() == 1; }));
    const auto messages = with.rest();
    BOOST_REQUIRE(messages.size() == 1u);
    const boost::json::object event = event_of(messages[0]);
    BOOST_TEST(text_of(event, "target") == server.url("/metrics"));
    BOOST_TEST(number_of(event, "up") == 1);
    BOOST_TEST(number_of(event, "samples") == 2);
    BOOST_TEST(text_of(event, "time").size() == 24u);
    BOOST_TEST(!event.contains("parse_errors"));
    BOOST_TEST(
        messages[0].find(R"("metrics":[{"name":"a_total","type":"counter","labels":{"b":"c"},)"
                         R"("value":1.5,"timestamp":1395066363.000},)"
                         R"({"name":"d","type":"unknown","labels":{},"value":"NaN"}]})") !=
        std::string::npos);
    BOOST_TEST(messages[0].find("s3cret") == std::string::npos);
    const std::vector<request> asked = server.requests();
    BOOST_REQUIRE(asked.size() == 1u);
    BOOST_TEST(asked[0].method_string() == "GET");
    BOOST_TEST(asked[0].target() == "/metrics?key=s3cret");
    BOOST_TEST(asked[0][field::authorization] == "Basic dTpw");
    BOOST_TEST(asked[0][field::user_agent] == "weir/" WEIR_VERSION);
    BOOST_TEST(with.bound() == server.url("/metrics"));
    BOOST_TEST(with.books.received_messages.value() == 1u);
    BOOST_TEST(with.books.scrapes.done.value() == 1u);
    BOOST_TEST(with.books.scrapes.failed.value() == 0u);
    BOOST_TEST(with.books.scrapes.up.value() == -1); // stopped, and nobody knows
}

BOOST_AUTO_TEST_CASE(a_name_stands_in_place_of_the_url) {
    const logged log;
    post_server server([](const request& asked, std::size_t) {
        return asked.target() == "/?a" ? post_server::answer(200, "", page)
                                       : post_server::answer(500);
    });
    for (const std::string format : {"json", "lines"}) {
        scraping with(server.url("/?a") + ",name=first,format=" + format + once);
        with.open().run();
        BOOST_REQUIRE(with.settled(1));
        const std::string message = with.rest().at(0);
        if (format == "json")
            BOOST_TEST(text_of(event_of(message), "target") == "first");
        else
            BOOST_TEST(message == "up{target=\"first\"} 1");
    }
    BOOST_TEST(text_of(scraped(server.url("/?b") + ",name=second"), "target") == "second");
    BOOST_TEST(log.count("second: status 500") == 1u);
}

BOOST_AUTO_TEST_CASE(only_the_metrics_that_were_asked_for_are_in_it) {
    const std::string three = "a_x 1\na_y 2\nb 3\n";
    const auto event =
        scrape_page_of(post_server::answer(200, "", three), ",metrics=a_*|b,metrics=!a_y");
    BOOST_TEST(names_of(event) == "a_x b ");
    BOOST_TEST(number_of(event, "samples") == 3);
}

BOOST_AUTO_TEST_CASE(lines_are_the_page_s_own_behind_whether_it_is_up) {
    post_server server([](const request&, std::size_t n) {
        return n == 0 ? post_server::answer(200, "", page) : post_server::answer(500);
    });
    scraping with(server.url() + ",format=lines,metrics=!e" + often);
    with.open().run();
    BOOST_REQUIRE(with.settled(4));
    auto messages = with.rest();
    messages.resize(4);
    const std::string up = "up{target=\"" + server.url() + "\"} ";
    BOOST_TEST(messages == (std::vector<std::string>{up + "1", "a_total{b=\"c\"} 1.5 1395066363000",
                                                     "d NaN", up + "0"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(pages_come_zipped_in_chunks_and_until_the_end) {
    const std::string newer = "a 1\nb 2\n# EOF\n";
    BOOST_TEST(names_of(scrape_page_of(post_server::answer(
                   200, "Content-Encoding: gzip\r\nContent-Type: application/openmetrics-text\r\n",
                   zipped(newer)))) == "a b ");
    BOOST_TEST(
        names_of(scrape_page_of({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "3\r\na 1\r\n6;x=y\r\n\nb 2\nc\r\n2\r\n 3\r\n0\r\nT: 1\r\n\r\n",
                                 false})) == "a b c ");
    BOOST_TEST(names_of(scrape_page_of(post_server::cut("HTTP/1.0 200 OK\r\n\r\na 1\nb 2"))) ==
               "a b ");
}

BOOST_AUTO_TEST_CASE(what_is_no_page_says_why) {
    const auto answered = [](int status, const std::string& head, const std::string& body,
                             const std::string& options = "") {
        return error_of(scrape_page_of(post_server::answer(status, head, body), options));
    };
    BOOST_TEST(answered(503, "", "a 1\n") == "status 503");
    BOOST_TEST(answered(301, "Location: /other\r\n", "") ==
               "status 301, and redirects are not followed");
    BOOST_TEST(answered(200, "", "<html>\n</html>\n") ==
               "no line of the page is a sample; line 1: a metric's name is expected");
    BOOST_TEST(answered(200, "", std::string(101, '\n'), ",max-size=100B") ==
               "larger than max-size");
    BOOST_TEST(answered(200, "Content-Encoding: gzip\r\n", zipped(std::string(101, '\n')),
                        ",max-size=100B") == "larger than max-size");
    BOOST_TEST(answered(200, "Content-Encoding: gzip\r\n", "a 1\n") == "the body is not gzip");
    BOOST_TEST(error_of(scrape_page_of({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
                                            std::string("65\r\n") + std::string(101, '\n') +
                                            "\r\n0\r\n\r\n",
                                        false},
                                       ",max-size=100B")) == "larger than max-size");
    for (const char* broken : {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na 1\nb",
                               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\na 1\nb",
                               "no HTTP at all\r\n\r\n", "HTTP/1.1 20", " "})
        BOOST_TEST(error_of(scrape_page_of(post_server::cut(broken))) != "", broken);
    BOOST_TEST(error_of(scraped("http://127.0.0.1:1/")) == "Connection refused");
    BOOST_TEST(error_of(scrape_page_of(post_server::hang(), ",timeout=30ms")) != "");
    const std::string slow = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na 1\n"; // and no more
    BOOST_TEST(error_of(scrape_page_of({slow, false}, ",timeout=30ms")) != "");
}

BOOST_AUTO_TEST_CASE(wrong_lines_are_counted_and_the_others_stay) {
    const logged log;
    post_server server(always(post_server::answer(200, "", "a 1\nb s3cret\nc 3\n-\n")));
    scraping with(server.url() + once);
    with.open().run();
    BOOST_REQUIRE(with.settled(1));
    const boost::json::object event = event_of(with.rest().at(0));
    BOOST_TEST(names_of(event) == "a c ");
    BOOST_TEST(number_of(event, "parse_errors") == 2);
    BOOST_TEST(text_of(event, "parse_error") == "line 2: a value that is no number");
    BOOST_TEST(with.books.scrapes.wrong_lines.value() == 2u);
    BOOST_TEST(with.books.scrapes.failed.value() == 0u);
    BOOST_TEST(log.count("line 2") == 1u);
    BOOST_TEST(log.count("s3cret") == 0u);
}

BOOST_AUTO_TEST_CASE(a_target_that_was_down_is_asked_again_over_one_connection) {
    const logged log;
    post_server server([](const request&, std::size_t n) {
        return n < 2 ? post_server::answer(500) : post_server::answer(200, "", page);
    });
    scraping with(server.url() + often);
    with.open().run();
    BOOST_REQUIRE(with.settled(4));
    BOOST_TEST(eventually([&] { return with.books.scrapes.up.value() == 1; }));
    const auto messages = with.rest();
    for (std::size_t i = 0; i < messages.size(); ++i)
        BOOST_TEST(number_of(event_of(messages[i]), "up") == (i < 2 ? 0 : 1));
    BOOST_TEST(with.books.scrapes.failed.value() == 2u);
    BOOST_TEST(with.books.scrapes.done.value() == messages.size());
    BOOST_TEST(server.connections() == 1u);
    BOOST_TEST(log.count("status 500") == 1u); // the second is held back
    BOOST_TEST(log.count("is up again") == 1u);
}

BOOST_AUTO_TEST_CASE(a_slow_target_is_passed_over_and_never_asked_twice_at_once) {
    post_server server(always(post_server::hang()));
    scraping with(server.url() + ",every=20ms");
    with.open().run();
    BOOST_REQUIRE(with.settled(3));
    BOOST_TEST(with.books.scrapes.skipped.value() > 0u);
    with.rest();
    BOOST_TEST(with.books.scrapes.failed.value() == with.books.scrapes.done.value());
    BOOST_TEST(server.requests().size() <= with.books.scrapes.done.value() + 1);
}

BOOST_AUTO_TEST_CASE(stopping_calls_a_scrape_off) {
    post_server server(always(post_server::hang()));
    scraping with(server.url() + ",timeout=1h" + once);
    with.open().run();
    BOOST_REQUIRE(eventually([&] { return server.requests().size() == 1; }));
    BOOST_TEST(with.rest().empty());
    BOOST_TEST(with.books.scrapes.done.value() == 0u);
}

BOOST_AUTO_TEST_CASE(https_needs_a_certificate_that_is_trusted) {
    const scratch folder;
    const certificate right = make_certificate("localhost");
    spill(folder / "ca.pem", right.certificate_pem);
    spill(folder / "other.pem", make_certificate("localhost").certificate_pem);
    auto tls = server_tls(right);
    post_server server(always(post_server::answer(200, "", page)), &tls);
    BOOST_TEST(names_of(scraped(server.url() + ",ca-file=" + folder / "ca.pem")) == "a_total d ");
    BOOST_TEST(names_of(scraped(server.url() + ",insecure")) == "a_total d ");
    BOOST_TEST(error_of(scraped(server.url() + ",ca-file=" + folder / "other.pem")) != "");
    BOOST_TEST(error_of(scraped(server.url())) != "");
    BOOST_TEST(server.requests().size() == 2u);
    scraping missing(server.url() + ",ca-file=" + folder / "nowhere");
    BOOST_CHECK_THROW(missing.open(), startup_error);
}

BOOST_AUTO_TEST_CASE(a_large_page_arrives_whole_and_in_order) {
    std::string large;
    std::vector<std::string> expected;
    for (int i = 0; i < 50'000; ++i) {
        expected.push_back("a{n=\"" + std::to_string(i) + "\"} " + std::to_string(i));
        large += expected.back() + "\n";
    }
    post_server server(always(post_server::answer(200, "", large)));
    scraping with(server.url() + ",format=lines" + once);
    with.open().run();
    BOOST_REQUIRE(with.settled(expected.size() + 1));
    auto messages = with.rest();
    messages.erase(messages.begin());
    BOOST_TEST((messages == expected));
    BOOST_TEST(with.batches > 1u);
}

BOOST_AUTO_TEST_CASE(a_full_queue_that_blocks_holds_it_back_and_its_end_lets_go) {
    std::string large;
    for (int i = 0; i < 100; ++i)
        large += "a{n=\"" + std::string(50'000, 'x') + "\"} 1\n";
    post_server server(always(post_server::answer(200, "", large)));
    queue_options small;
    small.bytes = 1u << 20;
    small.policy = when_full::block;
    scraping with(server.url() + ",format=lines" + often, small);
    with.open().run();
    BOOST_TEST(with.settled(1));
    with.destination().close();
    const counter& let_go = with.books.refused_messages[refusal::closing];
    BOOST_TEST(eventually([&] { return let_go.value() > 0; }));
    with.stop();
    BOOST_TEST(with.ended());
    BOOST_TEST(with.books.refused_messages[refusal::queue_full].value() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

#include "gateway/io_pool.hpp"
#include "listeners/scrape.hpp"
#include "listeners/steady_ticks.hpp"
#include "test/listeners/null_queue.hpp"
#include "test/zipped.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace std::chrono_literals;
using boost::beast::http::field;

namespace {

scrape_options options(const std::string& text) { return parse_options<scrape_options>(text); }

std::string fault_of(const std::string& text) {
    io_pool pool(1);
    null_queue destination;
    listener_books books;
    try {
        const scrape_listener made({pool, destination, books, 0}, options(text));
    } catch (const usage_error& fault) {
        return fault.what();
    }
    return {};
}

bool has_field(const scrape_options& of, const std::string& line) {
    return scrape_request(of).find("\r\n" + line + "\r\n") != std::string::npos;
}

http_response response(unsigned status, std::string body = {}) {
    http_response out;
    out.status = status;
    out.body = std::move(body);
    out.whole = true;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scrape_parts)

BOOST_AUTO_TEST_CASE(it_has_its_defaults_and_hides_its_secrets) {
    BOOST_TEST(show_options(options("http://h/metrics")) ==
               "http://h/metrics,every=5s,timeout=0,format=json,max-size=16MiB,insecure=off");
    const std::string shown = show_options(
        options("https://u:s3cret@h/m?key=s3cret,password=s3cret,token=s3cret,metrics=a|b,!c"));
    BOOST_TEST(shown.find("s3cret") == shown.npos);
    BOOST_TEST(shown.find(",metrics=a|b,metrics=!c,") != shown.npos);
}

BOOST_AUTO_TEST_CASE(a_scrape_takes_no_longer_than_its_clock_unless_told) {
    BOOST_TEST((options("http://h").time_limit() == 5s));
    BOOST_TEST((options("http://h,every=1m").time_limit() == 10s));
    BOOST_TEST((options("http://h,every=100ms").time_limit() == 100ms));
    BOOST_TEST((options("http://h,every=1m,timeout=30s").time_limit() == 30s));
}

BOOST_AUTO_TEST_CASE(what_can_not_be_is_named) {
    BOOST_TEST(fault_of("http://h") == "");
    BOOST_TEST(fault_of("http://h,every=0").find("option every") == 0u);
    BOOST_TEST(fault_of("http://h,max-size=0B").find("option max-size") == 0u);
    BOOST_TEST(fault_of("http://h,max-size=65MiB").find("option max-size") == 0u);
    BOOST_TEST(fault_of("http://h,timeout=6s").find("option timeout") == 0u); // every is 5s
    BOOST_TEST(fault_of("http://h,every=6s,timeout=6s") == "");
    BOOST_TEST(fault_of("http://h,user=a:b").find("option user") == 0u);
    BOOST_TEST(fault_of("http://h,password=b").find("option password") == 0u);
    BOOST_TEST(fault_of("http://h,user=a,password=b") == "");
    BOOST_TEST(fault_of("http://u@h,user=a").find("only one") != std::string::npos);
    BOOST_TEST(fault_of("http://u@h,password=a").find("in the URL") != std::string::npos);
    BOOST_TEST(fault_of("http://h,user=a,token=b").find("only one") != std::string::npos);
    BOOST_TEST(fault_of("http://h,metrics=") == "option metrics: a name is missing in ''");
    BOOST_TEST(fault_of("http://u@h,token=a").find("only one") != std::string::npos);
    BOOST_TEST(fault_of("http://h,token=a\nb").find("option token") == 0u);
    BOOST_TEST(fault_of("http://h,insecure").find("https") != std::string::npos);
    BOOST_TEST(fault_of("http://h,ca-file=x").find("https") != std::string::npos);
    BOOST_TEST(fault_of("https://h,ca-file=x,insecure").find("exclude") != std::string::npos);
    BOOST_TEST(fault_of("http://h,metrics=a||b").find("name is missing") != std::string::npos);
    BOOST_TEST(fault_of("ftp://h").find("http://") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_asks_as_prometheus_does) {
    const scrape_options plain = options("http://h:9100/metrics?x=1,timeout=1500ms");
    BOOST_TEST(scrape_request(plain).starts_with("GET /metrics?x=1 HTTP/1.1\r\n"));
    BOOST_TEST(scrape_request(plain).ends_with("\r\n\r\n"));
    BOOST_TEST(has_field(plain, "Host: h:9100"));
    BOOST_TEST(has_field(plain, "User-Agent: weir/" WEIR_VERSION));
    BOOST_TEST(has_field(plain, "Accept-Encoding: gzip"));
    BOOST_TEST(has_field(plain, "X-Prometheus-Scrape-Timeout-Seconds: 1.5"));
    BOOST_TEST(scrape_request(plain).find("Accept: application/openmetrics-text;version=1.0.0,") !=
               std::string::npos);
    BOOST_TEST(scrape_request(plain).find("Authorization") == std::string::npos);
    BOOST_TEST(has_field(options("http://u:p%40@h"), "Authorization: Basic dTpwQA=="));
    BOOST_TEST(has_field(options("http://h,user=u,password=p@"), "Authorization: Basic dTpwQA=="));
    BOOST_TEST(has_field(options("http://h,user=u"), "Authorization: Basic dTo="));
    BOOST_TEST(has_field(options("http://h,token=t0k"), "Authorization: Bearer t0k"));
}

BOOST_AUTO_TEST_CASE(only_a_whole_page_is_one) {
    http_response good = response(200, "a 1\n");
    good.head.set(field::content_type, "application/openmetrics-text; version=1.0.0");
    const scrape_page page = page_of(std::move(good), 100);
    BOOST_TEST(page.error == "");
    BOOST_TEST(page.text == "a 1\n");
    BOOST_TEST((page.format == prometheus_format::openmetrics));
    BOOST_TEST(page_of(response(204), 100).error == "status 204");
    BOOST_TEST(page_of(response(503, "a 1\n"), 100).error == "status 503");
    BOOST_TEST(page_of(response(302), 100).error == "status 302, and redirects are not followed");
}

BOOST_AUTO_TEST_CASE(a_page_may_be_zipped_within_its_limit) {
    const auto coded = [](std::string body, const char* encoding = "gzip") {
        http_response out = response(200, std::move(body));
        out.head.set(field::content_encoding, encoding);
        return out;
    };
    const std::string text(1000, 'x');
    BOOST_TEST(page_of(coded(zipped(text)), 1000).text == text);
    BOOST_TEST((page_of(coded(zipped(text)), 1000).format == prometheus_format::text));
    BOOST_TEST(page_of(coded(zipped(text)), 999).error == "larger than max-size");
    BOOST_TEST(page_of(coded(text), 1000).error == "the body is not gzip");
    BOOST_TEST(page_of(coded(zipped(text).substr(0, 12)), 1000).error == "the body is not gzip");
    BOOST_TEST(page_of(coded(text, "br"), 1000).error.find("Content-Encoding") !=
               std::string::npos);
    BOOST_TEST(page_of(coded(text, "identity"), 1000).text == text);
}

BOOST_AUTO_TEST_CASE(ticks_do_not_drift_and_are_never_caught_up_with) {
    const steady_ticks::clock::time_point begin{1h};
    steady_ticks ticks(begin, 10s);
    BOOST_TEST((ticks.due() == begin));
    BOOST_TEST(ticks.advance(begin + 3s) == 0u);
    BOOST_TEST((ticks.due() == begin + 10s));
    BOOST_TEST(ticks.advance(begin + 19999ms) == 0u); // began late, and took long
    BOOST_TEST((ticks.due() == begin + 20s));
    BOOST_TEST(ticks.advance(begin + 30s) == 0u); // ended when the next was due
    BOOST_TEST((ticks.due() == begin + 30s));
    BOOST_TEST(ticks.advance(begin + 95s) == 6u);
    BOOST_TEST((ticks.due() == begin + 100s));
    BOOST_TEST(ticks.advance(begin + 110s + 1ns) == 1u);
    BOOST_TEST((ticks.due() == begin + 120s));
}

BOOST_AUTO_TEST_SUITE_END()

#include "wire/beacon.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

constexpr std::chrono::sys_time<std::chrono::milliseconds>
    moment(std::chrono::milliseconds(1'767'323'045'067)); // 2026-01-02T03:04:05.067Z

std::string event(std::string_view query, std::string_view path = "/r/shop/acme/view",
                  const browser& from = {}) {
    return beacon_event(parse_beacon_path(path).value(), query, from, moment);
}

// What joins data behind the browser.
std::string joined(std::string_view query) {
    const std::string whole = event(query);
    const std::size_t begin = whole.find("\"os\":\"Other\"}") + 13;
    return whole.substr(begin, whole.size() - 2 - begin);
}

std::string parts(std::string_view path) {
    const auto p = parse_beacon_path(path);
    if (!p)
        return "";
    return std::string(p->app) + "|" + std::string(p->account) + "|" + std::string(p->type);
}

} // namespace

BOOST_AUTO_TEST_SUITE(beacon)

BOOST_AUTO_TEST_CASE(the_path) {
    BOOST_TEST(parts("/r/a/b/c") == "a|b|c");
    BOOST_TEST(parts("/r/a%2Fx/b/c.gif") == "a%2Fx|b|c.gif");
    for (const char* none :
         {"", "/", "/r", "/r/", "/r/a", "/r/a/b", "/r/a/b/", "/r//b/c", "/r/a//c", "/r/a/b/c/",
          "/r/a/b/c/d", "/R/a/b/c", "r/a/b/c", "//r/a/b/c"})
        BOOST_TEST(parts(none) == "", none);
}

BOOST_AUTO_TEST_CASE(an_event) {
    BOOST_TEST(event("", "/r/shop/acme/view", {"Chrome", "131.0.0", "Windows"}) ==
               R"({"time":"2026-01-02T03:04:05.067Z","type":"view","data":{"app":"shop",)"
               R"("account":"acme","browser":{"name":"Chrome","version":"131.0.0",)"
               R"("os":"Windows"}}})");
}

BOOST_AUTO_TEST_CASE(parameters_join_data) {
    BOOST_TEST(joined("") == "");
    BOOST_TEST(joined("a=1&b=two+words&c=%22%0A%5C&d") ==
               R"(,"a":"1","b":"two words","c":"\"\n\\","d":"")");
    BOOST_TEST(joined("type=x&time=y") == R"(,"type":"x","time":"y")"); // data's own
}

BOOST_AUTO_TEST_CASE(the_first_value_counts) {
    BOOST_TEST(joined("a=1&a=2&%61=3&b=&b=4") == R"(,"a":"1","b":"")");
}

BOOST_AUTO_TEST_CASE(what_data_has_already_stays) {
    BOOST_TEST(joined("app=x&account=y&browser=z&%61pp=x&App=1&ua=u&u%61=v") == R"(,"App":"1")");
}

BOOST_AUTO_TEST_CASE(invalid_utf8_is_replaced) {
    BOOST_TEST(joined("a=%ff%C3%BC&%fe=1&%ff=2") ==
               ",\"a\":\"\xef\xbf\xbd\xc3\xbc\",\"\xef\xbf\xbd\":\"1\"");
    const std::string whole = event("\xff=\xc3", "/r/%ff/\xe2\x82/%22%0a%00", {"\xff", "\"", "\n"});
    const auto parsed = boost::json::parse({whole.data(), whole.size()}).as_object();
    BOOST_TEST(parsed.at("type").as_string() == boost::json::string_view("\"\n\0", 3));
    BOOST_TEST(parsed.at("data").as_object().at("app").as_string() == "\xef\xbf\xbd");
    BOOST_TEST(whole.find('\n') == whole.npos);
}

BOOST_AUTO_TEST_CASE(the_path_is_decoded) {
    const std::string whole = event("", "/r/my%20shop/a+b/%C3%BC%2Fx");
    BOOST_TEST(whole.find(R"("type":"ü/x","data":{"app":"my shop","account":"a+b")") != whole.npos);
}

BOOST_AUTO_TEST_CASE(who_the_browser_is_taken_for) {
    BOOST_TEST(!beacon_user_agent("").has_value());
    BOOST_TEST(!beacon_user_agent("xua=1&uax=2&UA=3").has_value());
    BOOST_TEST(beacon_user_agent("a=1&u%61=Fire+fox%2F1&ua=2").value() == "Fire fox/1");
    BOOST_TEST(beacon_user_agent("ua").value() == "");
}

BOOST_AUTO_TEST_CASE(many_parameters_are_read_in_time) {
    std::string query;
    for (int n = 0; n < 100'000; ++n)
        query += "&" + std::to_string(n);
    const std::string whole = event(query);
    BOOST_TEST(boost::json::parse({whole.data(), whole.size()}).at("data").as_object().size() ==
               100'003u);
}

BOOST_AUTO_TEST_CASE(the_pixel) {
    BOOST_TEST(beacon_pixel.size() == 26u);
    BOOST_TEST(beacon_pixel.starts_with("GIF89a"));
}

BOOST_AUTO_TEST_SUITE_END()

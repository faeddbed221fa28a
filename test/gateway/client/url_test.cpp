#include "gateway/client/url.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace weir::client;

namespace {

std::string fault(std::string_view text) {
    try {
        parse_url(text);
    } catch (const usage_error& wrong) {
        return wrong.what();
    }
    return "none";
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(schemes_say_whether_there_is_tls) {
    BOOST_TEST((parse_url("https://h").scheme == protocol::http));
    BOOST_TEST(parse_url("https://h").tls);
    BOOST_TEST((parse_url("wss://h").scheme == protocol::ws));
    BOOST_TEST(parse_url("wss://h").tls);
    BOOST_TEST(!parse_url("http://h").tls);
    BOOST_TEST(!parse_url("tcp://h:1").tls);
}

BOOST_AUTO_TEST_CASE(ports_may_be_the_schemes_own) {
    BOOST_TEST(parse_url("http://h/x").where.port == 80);
    BOOST_TEST(parse_url("wss://h?x").where.port == 443);
    BOOST_TEST(parse_url("wss://[::1]").where.port == 443);
    BOOST_TEST(parse_url("wss://[::1]").where.host == "::1");
    BOOST_TEST(parse_url("https://h:8443/").where.port == 8443);
    BOOST_TEST(has(fault("tcp://h"), "is no address"));
    BOOST_TEST(has(fault("http://h:0/"), "no port"));
}

BOOST_AUTO_TEST_CASE(the_host_header_names_other_ports) {
    BOOST_TEST(parse_url("http://h:80/").host_header() == "h");
    BOOST_TEST(parse_url("https://h:80/").host_header() == "h:80");
    BOOST_TEST(parse_url("ws://[::1]:8080").host_header() == "[::1]:8080");
    BOOST_TEST(parse_url("tcp://unix:/run/weir.sock").host_header() == "localhost");
    BOOST_TEST(parse_url("ws://[::1]").host_header() == "[::1]");
    BOOST_TEST(parse_url("ws://:8080").host_header() == "localhost:8080");
}

BOOST_AUTO_TEST_CASE(what_may_be_secret_is_not_shown) {
    BOOST_TEST(parse_url("http://h:1/x?access_token=s3cret").shown() == "http://h:1/x");
    for (const char* text : {"http://joe:s3cret@h/", "http://h:x/?access_token=s3cret",
                             "upd://h:1/?access_token=s3cret", "http://h/?token=s3cret#x"}) {
        BOOST_TEST(fault(text) != "none");
        BOOST_TEST(!has(fault(text), "s3cret"), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

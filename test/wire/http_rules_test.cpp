#include "wire/http_head.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace std::string_literals;

namespace {

struct example {
    std::string what;
    std::string head; // without the empty line
    unsigned status;  // 0: fine
};
std::ostream& operator<<(std::ostream& out, const example& e) { return out << e.what; }

std::string many_fields(int n) {
    std::string head = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 1; i < n; ++i)
        head += "X: y\r\n";
    return head;
}

const std::string post = "POST / HTTP/1.1\r\nHost: h\r\n";

const std::vector<example> examples{
    {"a plain request", "GET / HTTP/1.1\r\nHost: h\r\n", 0},
    {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n", 0},
    {"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n", 0},
    {"a v6 Host", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n", 0},
    {"a tab around a value", "GET / HTTP/1.1\r\nHost: h\r\nA:\tb\t\r\n", 0},
    {"bytes over 0x7f in a value", "GET / HTTP/1.1\r\nHost: h\r\nA: \xc3\xa4\r\n", 0},
    {"Content-Length", post + "Content-Length: 5\r\n", 0},
    {"chunked", post + "Transfer-Encoding: chunked\r\n", 0},
    {"100 fields", many_fields(100), 0},

    {"101 fields", many_fields(101), 431},
    {"no Host", "GET / HTTP/1.1\r\nA: b\r\n", 400},
    {"two Hosts", "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n", 400},
    {"two Hosts in 1.0", "GET / HTTP/1.0\r\nHost: h\r\nhOST: h\r\n", 400},
    {"a Host with a path", "GET / HTTP/1.1\r\nHost: h/x\r\n", 400},
    {"a Host with a user", "GET / HTTP/1.1\r\nHost: a@h\r\n", 400},
    {"two names in one Host", "GET / HTTP/1.1\r\nHost: a, b\r\n", 400},
    {"obs-fold", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n", 400},
    {"obs-fold with a tab", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\tc\r\n", 400},
    {"a folded first field", "GET / HTTP/1.1\r\n Host: h\r\n", 400},
    {"whitespace before the colon", "GET / HTTP/1.1\r\nHost : h\r\n", 400},
    {"no colon", "GET / HTTP/1.1\r\nHost: h\r\nA\r\n", 400},
    {"no name", "GET / HTTP/1.1\r\nHost: h\r\n: b\r\n", 400},
    {"a name that is no token", "GET / HTTP/1.1\r\nHost: h\r\nA(: b\r\n", 400},
    {"NUL in a value", "GET / HTTP/1.1\r\nHost: h\r\nA: b\0c\r\n"s, 400},
    {"NUL in a name", "GET / HTTP/1.1\r\nHost: h\r\nA\0: b\r\n"s, 400},
    {"CR alone in a value", "GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n", 400},
    {"LF alone", "GET / HTTP/1.1\r\nHost: h\nA: b\r\n", 400},
    {"LF alone behind the request line", "GET / HTTP/1.1\nHost: h\r\n", 400},
    {"CR CR LF", "GET / HTTP/1.1\r\nHost: h\r\r\n", 400},
    {"two Content-Lengths", post + "Content-Length: 5\r\nContent-Length: 5\r\n", 400},
    {"two lengths in one", post + "Content-Length: 5, 5\r\n", 400},
    {"a signed length", post + "Content-Length: +5\r\n", 400},
    {"a negative length", post + "Content-Length: -5\r\n", 400},
    {"a length in hex", post + "Content-Length: 0x5\r\n", 400},
    {"a length of nothing", post + "Content-Length:\r\n", 400},
    {"a length that overflows", post + "Content-Length: 18446744073709551617\r\n", 400},
    {"both lengths", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
    {"both lengths, turned", post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400},
    {"gzip, chunked", post + "Transfer-Encoding: gzip, chunked\r\n", 400},
    {"chunked, identity", post + "Transfer-Encoding: chunked, identity\r\n", 400},
    {"xchunked", post + "Transfer-Encoding: xchunked\r\n", 400},
    {"identity", post + "Transfer-Encoding: identity\r\n", 400},
    {"an empty encoding", post + "Transfer-Encoding:\r\n", 400},
    {"chunked in another case", post + "Transfer-Encoding: Chunked\r\n", 400},
    {"chunked in quotes", post + "Transfer-Encoding: \"chunked\"\r\n", 400},
    {"chunked with a parameter", post + "Transfer-Encoding: chunked;a=b\r\n", 400},
    {"chunked with a vertical tab", post + "Transfer-Encoding: \vchunked\r\n", 400},
    {"chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
    {"chunked and then not", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", 400},
    {"chunked in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", 400},
    {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: h\r\n", 400},
    {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: h\r\n", 400},
    {"no version", "GET /\r\nHost: h\r\n", 400},
    {"http in lower case", "GET / http/1.1\r\nHost: h\r\n", 400},
    {"a request line with two spaces", "GET  / HTTP/1.1\r\nHost: h\r\n", 400},
    {"a target with a space", "GET /a b HTTP/1.1\r\nHost: h\r\n", 400},
    {"a target without a slash", "GET a HTTP/1.1\r\nHost: h\r\n", 400},
    {"a target with a fragment", "GET /a#b HTTP/1.1\r\nHost: h\r\n", 400},
    {"an asterisk for GET", "GET * HTTP/1.1\r\nHost: h\r\n", 400},
    {"an absolute target without a host", "GET http:///a HTTP/1.1\r\nHost: h\r\n", 400},
    {"two Origins", "GET / HTTP/1.1\r\nHost: h\r\nOrigin: a\r\nOrigin: b\r\n", 400},
    {"two Authorizations", "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: a\r\nAuthorization: b\r\n",
     400},
    {"an empty request line", "\r\nHost: h\r\n", 400},
};

http_head parsed(const std::string& head) {
    http_head into;
    const auto fault = parse_http_head(head, into);
    BOOST_TEST_INFO(head);
    BOOST_TEST(!fault.has_value());
    return into;
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_rules)

BOOST_DATA_TEST_CASE(table, boost::unit_test::data::make(examples), e) {
    http_head into;
    const auto fault = parse_http_head(e.head + "\r\n", into);
    BOOST_TEST((fault ? fault->status : 0) == e.status, (fault ? fault->reason : "accepted"));
}

BOOST_AUTO_TEST_CASE(a_head_is_read) {
    const std::string text = "POST /in/a%20b?split=lines&x HTTP/1.1\r\nHost: h:80\r\n"
                             "Content-Type: text/plain\r\nContent-Encoding: gzip\r\n"
                             "Content-Length: 12\r\nOrigin: http://h:80\r\nExpect: 100-Continue\r\n"
                             "Authorization: Bearer t\r\n\r\n";
    const http_head head = parsed(text);
    BOOST_TEST((head.method == http_method::post));
    BOOST_TEST(head.path == "/in/a%20b");
    BOOST_TEST(head.query == "split=lines&x");
    BOOST_TEST(head.host == "h:80");
    BOOST_TEST(head.origin == "http://h:80");
    BOOST_TEST(head.content_type == "text/plain");
    BOOST_TEST(head.content_encoding == "gzip");
    BOOST_TEST(head.authorization == "Bearer t");
    BOOST_TEST(head.content_length.value() == 12u);
    BOOST_TEST(head.expects_continue);
    BOOST_TEST(head.keep_alive);
    BOOST_TEST(!head.wants_websocket);
}

BOOST_AUTO_TEST_CASE(keep_alive_follows_version_and_connection) {
    BOOST_TEST(parsed("GET / HTTP/1.1\r\nHost: h\r\n\r\n").keep_alive);
    BOOST_TEST(!parsed("GET / HTTP/1.1\r\nHost: h\r\nConnection: a, close\r\n\r\n").keep_alive);
    BOOST_TEST(!parsed("GET / HTTP/1.0\r\n\r\n").keep_alive);
    BOOST_TEST(parsed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

BOOST_AUTO_TEST_CASE(an_upgrade_needs_both_fields_and_http_1_1) {
    const std::string upgrade = "Upgrade: websocket\r\n";
    const std::string connection = "Connection: keep-alive, Upgrade\r\n";
    const std::string get = "GET / HTTP/1.1\r\nHost: h\r\n";
    BOOST_TEST(parsed(get + upgrade + connection + "\r\n").wants_websocket);
    BOOST_TEST(!parsed(get + upgrade + "\r\n").wants_websocket);
    BOOST_TEST(!parsed(get + connection + "\r\n").wants_websocket);
    BOOST_TEST(!parsed(get + connection + "Upgrade: h2c\r\n\r\n").wants_websocket);
    BOOST_TEST(!parsed("GET / HTTP/1.0\r\n" + upgrade + connection + "\r\n").wants_websocket);
}

BOOST_AUTO_TEST_CASE(an_absolute_target_brings_its_own_host) {
    const std::string text = "GET http://other:81/a?b HTTP/1.1\r\nHost: h\r\n\r\n";
    const http_head head = parsed(text);
    BOOST_TEST(head.host == "other:81");
    BOOST_TEST(head.path == "/a");
    BOOST_TEST(head.query == "b");
    const std::string bare = "GET http://other?b HTTP/1.1\r\nHost: h\r\n\r\n";
    BOOST_TEST(parsed(bare).path == "/");
    BOOST_TEST(parsed(bare).query == "b");
    BOOST_TEST(parsed("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").path == "*");
}

BOOST_AUTO_TEST_CASE(percent_escapes) {
    BOOST_TEST(percent_decoded("/a%2Fb%c3%A4").value() == "/a/b\xc3\xa4");
    BOOST_TEST(percent_decoded("").value() == "");
    for (const char* broken : {"%", "%4", "a%4", "%zz", "%4g"})
        BOOST_TEST(!percent_decoded(broken).has_value());
}

BOOST_AUTO_TEST_CASE(queries) {
    BOOST_TEST(query_value("a=1&split=lines&b", "split").value() == "lines");
    BOOST_TEST(query_value("a=1&b", "b").value() == "");
    BOOST_TEST(query_value("a=1&a=2", "a").value() == "1");
    BOOST_TEST(!query_value("xsplit=lines", "split").has_value());
    BOOST_TEST(!query_value("", "split").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

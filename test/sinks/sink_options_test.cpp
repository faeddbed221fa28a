#include "sinks/file_options.hpp"
#include "sinks/post_options.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

template <class Options>
std::string error_of(const std::string& text) {
    try {
        parse_options<Options>(text);
    } catch (const usage_error& wrong) {
        return wrong.what();
    }
    return "parsed";
}

} // namespace

BOOST_AUTO_TEST_SUITE(sink_options)

BOOST_AUTO_TEST_CASE(a_file_has_everything_from_its_text) {
    const std::string text = "a/b.ndjson,framing=octet-counting,rotate=1GiB,rotate-every=1d,keep=7,"
                             "compress=zstd,fsync=10s,mode=0640";
    const auto o = parse_options<file_options>(text);
    BOOST_TEST(o.path == "a/b.ndjson");
    BOOST_TEST((o.framing == file_framing::octet_counting));
    BOOST_TEST(o.rotate.bytes == 1u << 30);
    BOOST_TEST(o.keep == 7u);
    BOOST_TEST((o.compress == compression::zstd));
    BOOST_TEST(o.fsync.every.count() == 10'000);
    BOOST_TEST(o.mode.bits == 0640u);
    BOOST_TEST(show_options(o) == text);
}

BOOST_AUTO_TEST_CASE(a_file_s_defaults) {
    const auto o = parse_options<file_options>("-");
    BOOST_TEST(o.path == "-");
    BOOST_TEST(!o.rotates());
    BOOST_TEST(show_options(o) == "-,framing=newline,rotate=0,rotate-every=0,keep=0,"
                                  "compress=none,fsync=none,mode=0644");
    BOOST_TEST(parse_options<file_options>("-,fsync=batch").fsync.batch);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
    BOOST_TEST(error_of<file_options>("f,mode=rw").starts_with("option mode: 'rw'"));
    BOOST_TEST(error_of<file_options>("f,mode=0999").starts_with("option mode: '0999'"));
    BOOST_TEST(error_of<file_options>("f,mode=0444").find("write") != std::string::npos);
    BOOST_TEST(error_of<file_options>("f,fsync=often").starts_with("option fsync: 'often'"));
    BOOST_TEST(error_of<file_options>("f,compress=gz").find("did you mean 'gzip'") !=
               std::string::npos);
    BOOST_TEST(error_of<file_options>("f,framing=nul").starts_with("option framing: 'nul'"));
    BOOST_TEST(error_of<post_options>("http://h,format=json").starts_with("option format: 'json'"));
}

BOOST_AUTO_TEST_CASE(urls_are_taken_apart) {
    const http_url plain = parse_http_url("http://example.org");
    BOOST_TEST(!plain.tls);
    BOOST_TEST(plain.host == "example.org");
    BOOST_TEST(plain.port == 80);
    BOOST_TEST(plain.target == "/");
    BOOST_TEST(plain.host_header() == "example.org");
    const http_url full = parse_http_url("https://a%40b:p%3aw@[::1]:8443/in/x?key=1");
    BOOST_TEST(full.tls);
    BOOST_TEST(full.host == "::1");
    BOOST_TEST(full.port == 8443);
    BOOST_TEST(full.target == "/in/x?key=1");
    BOOST_TEST(full.host_header() == "[::1]:8443");
    BOOST_TEST(full.authorization == "Basic YUBiOnA6dw==");
    BOOST_TEST(parse_http_url("https://h?q").target == "/?q");
    BOOST_TEST(parse_http_url("https://h").port == 443);
    BOOST_TEST(parse_http_url("http://u@h").authorization == "Basic dTo=");
}

BOOST_AUTO_TEST_CASE(broken_urls_are_refused_without_showing_a_secret) {
    for (const char* text :
         {"ftp://h", "h", "http://", "http:///x", "http://s3cret@", "http://s3cret@h:0",
          "http://s3cret@h:99999", "http://s3cret@h:8o", "http://[::1", "http://[::1]x/",
          "http://h/a b", "http://h/a\r\nb", "http://h/#s3cret", "http://s3cret%2@h",
          "http://s3cret%zz@h", "http://h\xc3\xa4/", "http://a_b,c/x"}) {
        try {
            parse_http_url(text);
            BOOST_ERROR(std::string("taken: ") + text);
        } catch (const usage_error& wrong) {
            BOOST_TEST(std::string(wrong.what()).find("s3cret") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(no_secret_of_a_post_is_shown) {
    const auto o = parse_options<post_options>(
        "https://user:s3cret@h/path?token=s3cret,header=Authorization: Bearer s3cret");
    const std::string shown = show_options(o);
    BOOST_TEST(shown.find("s3cret") == shown.npos);
    BOOST_TEST(shown.starts_with("https://***@h/path?***,"));
    BOOST_TEST(shown.find("header=Authorization: ***") != shown.npos);
    BOOST_TEST(o.url.shown() == "https://h/path");
    BOOST_TEST(o.header.at(0).value == "Bearer s3cret");
}

BOOST_AUTO_TEST_CASE(headers_that_would_break_the_request_are_refused) {
    for (const char* header : {"nonsense", "A b: c", ": c", "A: b\r\nEvil: c", "content-length: 1",
                               "Transfer-Encoding: chunked", "Connection: close"})
        BOOST_TEST(error_of<post_options>("http://h,header=" + std::string(header)) != "parsed",
                   header);
    BOOST_TEST(parse_options<post_options>("http://h,header=A:  b ").header.at(0).value == "b");
}

BOOST_AUTO_TEST_SUITE_END()

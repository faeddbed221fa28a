#include "wire/http_request.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

const std::string head = "POST /a HTTP/1.1\r\nHost: h\r\n";
const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";

std::string sized(std::string_view body) {
    return head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

// What came out of a stream: "PATH=BODY;" a request, and "!STATUS" a fault.
std::string read(std::string_view stream, std::size_t piece, http_limits limits = {},
                 bool skip = false) {
    http_request_reader reader(limits);
    std::string said;
    while (!stream.empty()) {
        // A buffer of its own, so that a view into bytes that are gone is found by the sanitizer.
        const std::string owned(stream.substr(0, piece));
        stream.remove_prefix(owned.size());
        std::string_view bytes = owned;
        while (!bytes.empty() || reader.under_way() != http_request_reader::phase::idle) {
            const http_step step = reader.next(bytes);
            if (step == http_step::fault)
                return said + "!" + std::to_string(reader.fault().status);
            if (step == http_step::head && skip)
                reader.skip_body();
            if (step == http_step::request)
                said += std::string(reader.head().path) + "=" + std::string(reader.body()) + ";";
            if (step == http_step::more)
                break;
        }
    }
    return said;
}

void check(const std::string& stream, const std::string& expected, http_limits limits = {}) {
    for (std::size_t piece : {stream.size(), std::size_t(1), std::size_t(2), std::size_t(7)})
        BOOST_TEST(read(stream, piece, limits) == expected);
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_request)

BOOST_AUTO_TEST_CASE(requests_come_out_however_they_are_cut) {
    const std::string get = "GET /b HTTP/1.1\r\nHost: h\r\n\r\n";
    const std::string stream = sized("one") + get + sized("") + chunked +
                               "3;x=\"y\"\r\nab\n\r\n00002\r\nc;\r\n0\r\nA: b\r\n\r\n" +
                               sized("four");
    for (std::size_t piece = 1; piece <= stream.size(); ++piece)
        BOOST_TEST(read(stream, piece) == "/a=one;/b=;/a=;/a=ab\nc;;/a=four;");
}

BOOST_AUTO_TEST_CASE(every_split_in_two) {
    const std::string stream = sized("one") + chunked + "3\r\ntwo\r\n0\r\n\r\n" + sized("three");
    for (std::size_t at = 1; at < stream.size(); ++at) {
        http_request_reader reader({});
        std::string said;
        for (const std::string& part : {stream.substr(0, at), stream.substr(at)}) {
            std::string_view bytes = part;
            for (http_step step = http_step::head; step != http_step::more;) {
                step = reader.next(bytes);
                BOOST_REQUIRE((step != http_step::fault));
                if (step == http_step::request)
                    said += std::string(reader.body()) + ";";
            }
        }
        BOOST_TEST(said == "one;two;three;");
    }
}

BOOST_AUTO_TEST_CASE(empty_lines_before_a_request_are_skipped) {
    check("\r\n\r\n" + sized("one") + "\r\n" + sized("two"), "/a=one;/a=two;");
}

BOOST_AUTO_TEST_CASE(a_fault_ends_the_stream) {
    check(sized("one") + "\x16\x03\x01", "/a=one;!400");
    check(sized("one") + "GET / HTTP/1.1\nHost: h\n\n", "/a=one;!400");
    check(sized("one") + "garbage\r\n\r\n" + sized("two"), "/a=one;!400");
}

BOOST_AUTO_TEST_CASE(lengths) {
    check(head + "\r\n", "!411");
    check("PUT /a HTTP/1.1\r\nHost: h\r\n\r\n", "!411");
    check(sized("12345"), "/a=12345;", {1024, 5});
    check(sized("123456"), "!413", {1024, 5});
    check(chunked + "2\r\n12\r\n3\r\n345\r\n0\r\n\r\n", "/a=12345;", {1024, 5});
    check(chunked + "2\r\n12\r\n4\r\n", "!413", {1024, 5});
    check(chunked + "fffffffffffffff\r\n", "!413");
}

BOOST_AUTO_TEST_CASE(a_too_large_body_is_known_by_its_head) {
    http_request_reader reader({1024, 5});
    const std::string stream = sized("123456");
    std::string_view bytes = stream;
    BOOST_TEST((reader.next(bytes) == http_step::head));
    BOOST_TEST(reader.length_fault().value().status == 413u);
}

BOOST_AUTO_TEST_CASE(heads_are_bounded) {
    const std::string get = "GET /b HTTP/1.1\r\nHost: h\r\n\r\n";
    check(get, "/b=;", {get.size(), 5});
    check(get, "!431", {get.size() - 1, 5});
    check("GET /" + std::string(100'000, 'a'), "!431");
}

BOOST_AUTO_TEST_CASE(chunks_are_strict) {
    for (const char* bad : {"g\r\n",
                            "\r\n",
                            ";\r\n",
                            " 1\r\n",
                            "1 \r\n",
                            "0x1\r\n",
                            "-1\r\n",
                            "+1\r\n",
                            "1\n",
                            "1\r\r\n",
                            "1;a\nb\r\n",
                            "1;a\rb",
                            "1\r\na\n",
                            "1\r\nab",
                            "1\r\na\rb",
                            "1;\x01\r\n",
                            "1000000000000000\r\n",
                            "0\r\nA\r\n\r\n",
                            "0\r\nA : b\r\n\r\n",
                            "0\r\n A: b\r\n\r\n",
                            "0\r\nA: b\n\r\n",
                            "0\r\n\n"})
        check(chunked + bad + "\r\n\r\n", "!400");
}

BOOST_AUTO_TEST_CASE(extensions_and_trailers_are_bounded) {
    const std::string most(8192, 'x');
    check(chunked + "1;" + most + "\r\na\r\n0\r\n\r\n", "/a=a;");
    check(chunked + "1;" + most + "x\r\na\r\n0\r\n\r\n", "!400");
    std::string many = chunked;
    for (int i = 0; i < 8193; ++i)
        many += "1;x\r\na\r\n";
    check(many, "!400");
    const std::string trailer = "A: " + std::string(8192 - 7, 'x') + "\r\n\r\n"; // 8192 in all
    check(chunked + "0\r\n" + trailer, "/a=;");
    check(chunked + "0\r\nB: " + trailer, "!400");
}

BOOST_AUTO_TEST_CASE(a_skipped_body_is_framed_all_the_same) {
    const std::string stream = sized("one") + chunked + "3\r\ntwo\r\n0\r\n\r\n" + sized("three");
    for (std::size_t piece = 1; piece <= stream.size(); ++piece)
        BOOST_TEST(read(stream, piece, {}, true) == "/a=;/a=;/a=;");
}

BOOST_AUTO_TEST_SUITE_END()

#include "test/zipped.hpp"
#include "wire/http_encoding.hpp"

#include <boost/test/unit_test.hpp>
#include <zstd.h>

using namespace weir;

namespace {

std::string zstded(std::string_view text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return out;
}

struct form {
    content_encoding encoding;
    std::string (*encode)(std::string_view);
};
const form forms[] = {
    {content_encoding::gzip, [](std::string_view text) { return zipped(text); }},
    {content_encoding::deflate, [](std::string_view text) { return zipped(text, 15); }},
    {content_encoding::deflate, [](std::string_view text) { return zipped(text, -15); }},
    {content_encoding::zstd, zstded},
};

unsigned status(content_encoding from, std::string_view body, std::size_t limit) {
    std::string out;
    const auto fault = decode_content(from, body, limit, out);
    BOOST_TEST(out.size() <= limit + 1); // a bomb costs no more
    return fault ? fault->status : 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_encoding)

BOOST_AUTO_TEST_CASE(names) {
    BOOST_TEST((content_encoding_from("") == content_encoding::identity));
    BOOST_TEST((content_encoding_from("GZip") == content_encoding::gzip));
    BOOST_TEST((content_encoding_from("deflate") == content_encoding::deflate));
    BOOST_TEST((content_encoding_from("zstd") == content_encoding::zstd));
    for (const char* other : {"br", "gzip, gzip", "compress", "gzip;q=1"})
        BOOST_TEST(!content_encoding_from(other).has_value());
}

BOOST_AUTO_TEST_CASE(what_was_encoded_comes_back) {
    std::string large;
    for (int i = 0; i < 50'000; ++i)
        large += std::to_string(i * 7919);
    for (const form& each : forms)
        for (const std::string& text : {std::string("a"), std::string("hello\nworld"), large}) {
            std::string out = "left over";
            BOOST_TEST(!decode_content(each.encoding, each.encode(text), text.size(), out));
            BOOST_TEST((out == text));
        }
}

BOOST_AUTO_TEST_CASE(the_limit_is_on_what_comes_out) {
    const std::string text(10'000, 'x');
    for (const form& each : forms) {
        BOOST_TEST(status(each.encoding, each.encode(text), 10'000) == 0u);
        BOOST_TEST(status(each.encoding, each.encode(text), 9'999) == 413u);
    }
}

BOOST_AUTO_TEST_CASE(bombs) {
    const std::string zeros(64u << 20, '\0');
    for (const form& each : forms)
        BOOST_TEST(status(each.encoding, each.encode(zeros), 1u << 20) == 413u);
}

BOOST_AUTO_TEST_CASE(damaged_bodies) {
    for (const form& each : forms) {
        const std::string whole = each.encode("some text that is long enough to be cut anywhere");
        for (std::size_t size = 0; size < whole.size(); ++size)
            BOOST_TEST(status(each.encoding, whole.substr(0, size), 4096) == 400u);
        BOOST_TEST(status(each.encoding, whole + "x", 4096) == 400u);
        BOOST_TEST(status(each.encoding, "no such thing", 4096) == 400u);
    }
}

BOOST_AUTO_TEST_CASE(several_members_are_one_body) {
    std::string out;
    const std::string two = zipped("one ") + zipped("two");
    BOOST_TEST(!decode_content(content_encoding::gzip, two, 100, out));
    BOOST_TEST(out == "one two");
    BOOST_TEST(!decode_content(content_encoding::zstd, zstded("one ") + zstded("two"), 100, out));
    BOOST_TEST(out == "one two");
    BOOST_TEST(status(content_encoding::gzip, two, 6) == 413u);
}

BOOST_AUTO_TEST_SUITE_END()

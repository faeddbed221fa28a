#include "wire/msgpack.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace weir;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

std::string packed(std::string_view message) {
    std::string out = "before";
    append_msgpack(out, message);
    BOOST_TEST(out.starts_with("before"));
    return out.substr(6);
}

// "refused" where it is; what was there before must stay in either case.
std::string unpacked(std::string_view value) {
    std::string out = "before";
    const bool taken = append_from_msgpack(out, value);
    BOOST_TEST(out.starts_with("before"));
    if (taken)
        return out.substr(6);
    BOOST_TEST(out == "before");
    return "refused";
}

std::string repeated(std::string_view what, std::size_t times, std::string_view between = "") {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out.append(i > 0 ? between : "").append(what);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(msgpack)

BOOST_AUTO_TEST_CASE(every_kind_has_its_shortest_form_and_comes_back) {
    const std::vector<std::pair<std::string, std::string>> known{
        {"null", "\xc0"},
        {"false", "\xc2"},
        {"true", "\xc3"},
        {"0", "\0"s},
        {"127", "\x7f"},
        {"128", "\xcc\x80"},
        {"255", "\xcc\xff"},
        {"256", "\xcd\x01\0"s},
        {"65535", "\xcd\xff\xff"},
        {"65536", "\xce\0\x01\0\0"s},
        {"4294967295", "\xce\xff\xff\xff\xff"},
        {"4294967296", "\xcf\0\0\0\x01\0\0\0\0"s},
        {"9223372036854775808", "\xcf\x80\0\0\0\0\0\0\0"s},
        {"18446744073709551615", "\xcf\xff\xff\xff\xff\xff\xff\xff\xff"},
        {"-1", "\xff"},
        {"-32", "\xe0"},
        {"-33", "\xd0\xdf"},
        {"-128", "\xd0\x80"},
        {"-129", "\xd1\xff\x7f"},
        {"-32768", "\xd1\x80\0"s},
        {"-32769", "\xd2\xff\xff\x7f\xff"},
        {"-2147483648", "\xd2\x80\0\0\0"s},
        {"-2147483649", "\xd3\xff\xff\xff\xff\x7f\xff\xff\xff"},
        {"-9223372036854775808", "\xd3\x80\0\0\0\0\0\0\0"s},
        {"1.5", "\xcb\x3f\xf8\0\0\0\0\0\0"s},
        {"-0.0", "\xcb\x80\0\0\0\0\0\0\0"s},
        {"100.0", "\xcb\x40\x59\0\0\0\0\0\0"s},
        {"[]", "\x90"},
        {"{}", "\x80"},
        {"[1,[2,\"three\"],{}]", "\x93\x01\x92\x02\xa5three\x80"},
        {R"({"a":1,"b":{"":null}})", "\x82\xa1"
                                     "a\x01\xa1"
                                     "b\x81\xa0\xc0"},
    };
    for (const auto& [json, value] : known) {
        BOOST_TEST(packed(json) == value, json);
        BOOST_TEST(unpacked(value) == json, json);
    }
}

BOOST_AUTO_TEST_CASE(lengths_grow_with_what_they_count) {
    const auto text = [](std::size_t size) { return "[\"" + std::string(size, 'x') + "\"]"; };
    const auto list = [](std::size_t size) { return "[" + repeated("1", size, ",") + "]"; };
    const auto object = [](std::size_t size) {
        std::string out = "{";
        for (std::size_t i = 0; i < size; ++i)
            out += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":0";
        return out + "}";
    };
    BOOST_TEST(packed(text(31)).substr(0, 2) == "\x91\xbf");
    BOOST_TEST(packed(text(32)).substr(0, 3) == "\x91\xd9\x20");
    BOOST_TEST(packed(text(255)).substr(0, 3) == "\x91\xd9\xff");
    BOOST_TEST(packed(text(256)).substr(0, 4) == "\x91\xda\x01\0"sv);
    BOOST_TEST(packed(text(65536)).substr(0, 6) == "\x91\xdb\0\x01\0\0"sv);
    BOOST_TEST(packed(list(15)).substr(0, 2) == "\x9f\x01");
    BOOST_TEST(packed(list(16)).substr(0, 4) == "\xdc\0\x10\x01"sv);
    BOOST_TEST(packed(list(65536)).substr(0, 6) == "\xdd\0\x01\0\0\x01"sv);
    BOOST_TEST(packed(object(15)).substr(0, 1) == "\x8f");
    BOOST_TEST(packed(object(16)).substr(0, 3) == "\xde\0\x10"sv);
    BOOST_TEST(packed(object(65536)).substr(0, 5) == "\xdf\0\x01\0\0"sv);
    for (const std::size_t size : {0, 15, 16, 31, 32, 255, 256, 65535, 65536})
        for (const std::string& json : {text(size), list(size), object(size)})
            BOOST_TEST((unpacked(packed(json)) == json), size);
    // A long one within another that is short, and the other way round.
    const std::string nested = "[" + list(16) + ",{\"a\":" + list(70'000) + "},7]";
    BOOST_TEST((unpacked(packed(nested)) == nested));
}

BOOST_AUTO_TEST_CASE(numbers_keep_every_bit_they_can) {
    for (const char* json : {"0.1", "0.30000000000000004", "2.2250738585072014e-308", "5e-324",
                             "1.7976931348623157e+308", "9007199254740993.5", "1e+23",
                             "0.6046602879796196", "123456789.12345679"}) {
        std::string bits;
        append_msgpack(bits, json);
        std::string expected = "\xcb";
        const double value = std::strtod(json, nullptr);
        std::uint64_t raw = 0;
        static_assert(sizeof raw == sizeof value);
        std::memcpy(&raw, &value, sizeof raw);
        for (int shift = 56; shift >= 0; shift -= 8)
            expected.push_back(static_cast<char>(raw >> shift & 0xff));
        BOOST_TEST((bits == expected), json);
        BOOST_TEST(std::strtod(unpacked(bits).c_str(), nullptr) == value, json);
    }
    BOOST_TEST(unpacked(packed("1e5")) == "1e+05");
    BOOST_TEST(unpacked(packed("18446744073709551616")) == "18446744073709551616.0");
    BOOST_TEST(unpacked(packed("1e400")) == "null"); // infinite, which JSON can't say
    BOOST_TEST(unpacked("\xcb\x7f\xf8\0\0\0\0\0\0"sv) == "null");
    BOOST_TEST(unpacked("\xca\x3d\xcc\xcc\xcd"sv) == "0.1"); // float 32
}

BOOST_AUTO_TEST_CASE(text_keeps_its_characters) {
    const std::string json = R"(["a\"b\\c\/\b\f\n\r\tü\u00fc\u20ac\ud83d\ude00 \u0000"])";
    const std::string value = packed(json);
    BOOST_TEST(value == "\x91\xb8"
                        "a\"b\\c/\b\f\n\r\tüü€😀 \0"s);
    BOOST_TEST(unpacked(value) == R"(["a\"b\\c/\b\f\n\r\tüü€😀 \u0000"])");
    BOOST_TEST(unpacked(packed(" {\"k\\n\" : [ 1 , 2 ] } ")) == R"({"k\n":[1,2]})");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_comes_back_as_it_was) {
    const std::vector<std::string> messages{"hello",
                                            "{\"a\":1",
                                            "[1] [2]",
                                            "01",
                                            "nul",
                                            "{\"a\" 1}",
                                            "\xff\xfe",
                                            "[\"\xff\"]",
                                            "two\nlines",
                                            "",
                                            " ",
                                            "[[1, 2, 3], \"half",
                                            std::string(300, 'x'),
                                            std::string(300, '\x80'),
                                            std::string(70'000, 'x'),
                                            std::string(70'000, '\x80')};
    for (const std::string& message : messages)
        BOOST_TEST((unpacked(packed(message)) == message), message.substr(0, 20));
    BOOST_TEST(packed("hello") == "\xa5hello");
    BOOST_TEST(packed("\xff\xfe") == "\xc4\x02\xff\xfe");
    // The price: a JSON string alone loses its quotes.
    BOOST_TEST(unpacked(packed("\"hello\"")) == "hello");
}

BOOST_AUTO_TEST_CASE(what_json_has_not_becomes_what_it_has) {
    BOOST_TEST(unpacked("\x91\xc4\x02\xff\xfe") == "[\"//4=\"]");
    BOOST_TEST(unpacked("\x91\xc5\0\x01x"sv) == "[\"eA==\"]");
    BOOST_TEST(unpacked("\x91\xc6\0\0\0\x01x"sv) == "[\"eA==\"]");
    BOOST_TEST(unpacked("\x91\xa2\xff\xfe") == "[\"//4=\"]");
    BOOST_TEST(unpacked("\x82\x07\x01\xff\x02") == R"({"7":1,"-1":2})");
    BOOST_TEST(unpacked("\x81\xcd\x01\0\xc0"sv) == R"({"256":null})");
    // Longer forms than there need be are taken too.
    BOOST_TEST(unpacked("\xcf\0\0\0\0\0\0\0\x05"sv) == "5");
    BOOST_TEST(unpacked("\xd3\0\0\0\0\0\0\0\x05"sv) == "5");
    BOOST_TEST(unpacked("\xdd\0\0\0\0"sv) == "[]");
    BOOST_TEST(unpacked("\xdf\0\0\0\x01\xdb\0\0\0\x01k\xc2"sv) == R"({"k":false})");
}

BOOST_AUTO_TEST_CASE(levels_are_bounded_both_ways) {
    const auto lists = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
    BOOST_TEST(unpacked(packed(lists(200))) == lists(200));
    BOOST_TEST(packed(lists(201)).front() == '\xda'); // no longer JSON: a str
    BOOST_TEST(unpacked(packed(lists(201))) == lists(201));
    BOOST_TEST(unpacked(std::string(199, '\x91') + "\x90") == lists(200));
    BOOST_TEST(unpacked(std::string(200, '\x91') + "\x90") == "refused");
    BOOST_TEST(unpacked(repeated("\x81\x01", 200) + "\x80") == "refused");
    BOOST_TEST(unpacked(std::string(1'000'000, '\x91')) == "refused");
}

BOOST_AUTO_TEST_CASE(what_is_broken_is_refused_at_every_byte) {
    const std::string value = packed(
        R"({"a":[1,-1,300,-300,70000,-70000,5000000000,-5000000000,1.5,true,null],"b":{"c":"d"}})");
    BOOST_TEST(unpacked(value) != "refused");
    for (std::size_t size = 0; size < value.size(); ++size)
        BOOST_TEST(unpacked(std::string_view(value).substr(0, size)) == "refused", size);
    BOOST_TEST(unpacked(value + "\xc0") == "refused");
    for (const std::string_view broken :
         {"\xc1"sv,
          "\xa5"
          "four"sv,
          "\xdb\xff\xff\xff\xff"sv, "\xdd\xff\xff\xff\xff\x01"sv, "\xdf\xff\xff\xff\xff\x01\x01"sv,
          "\x81\xc0\x01"sv, "\x81\x90\x01"sv, "\x81\xc4\x01k\x01"sv, "\xd4\x01\x02"sv,
          "\xd6\xff\0\0\0\0"sv, "\xc7\x01\x05x"sv, "\x05\x05"sv})
        BOOST_TEST(unpacked(broken) == "refused");
}

BOOST_AUTO_TEST_SUITE_END()

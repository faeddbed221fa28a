#include "wire/http_split.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace weir;

namespace {

std::string lines(std::string_view body, std::size_t messages) {
    std::string arena(body.size() + 1, '?');
    const compacted_lines done = compact_lines(body, arena.data());
    BOOST_TEST(done.messages == messages);
    return arena.substr(0, done.bytes);
}

std::string elements(std::string_view json) {
    const auto found = split_json_array(json);
    if (!found)
        return "none";
    std::string said;
    for (std::string_view element : *found)
        said += "<" + std::string(element) + ">";
    return said;
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_split)

BOOST_AUTO_TEST_CASE(a_message_a_line) {
    BOOST_TEST(lines("", 0) == "");
    BOOST_TEST(lines("a", 1) == "a\n");
    BOOST_TEST(lines("a\n", 1) == "a\n");
    BOOST_TEST(lines("a\nb", 2) == "a\nb\n");
    BOOST_TEST(lines("\n\r\na\r\n\n\nb\rc\r\n\r", 3) == "a\nb\rc\n\r\n");
    BOOST_TEST(lines("\n\n\r\n", 0) == "");
}

BOOST_AUTO_TEST_CASE(a_message_an_element) {
    BOOST_TEST(elements("[]") == "");
    BOOST_TEST(elements(" [ \n] ") == "");
    BOOST_TEST(elements("[1]") == "<1>");
    BOOST_TEST(elements(R"([1, "a,]\"[" ,{"b":[1,{"c":"}"}]}, [[],[2]],null ,-1e5])") ==
               R"(<1><"a,]\"["><{"b":[1,{"c":"}"}]}><[[],[2]]><null><-1e5>)");
    BOOST_TEST(elements("[{\n\"a\": 1\n},\r\n\t2]") == "<{\n\"a\": 1\n}><2>");
    BOOST_TEST(elements(R"(["\\","\\\""])") == R"(<"\\"><"\\\"">)");
    BOOST_TEST(elements("[\"\xc3\xa4\"]") == "<\"\xc3\xa4\">");
}

BOOST_AUTO_TEST_CASE(what_is_no_array) {
    for (const char* text :
         {"",     " ",         "{}",    "1",         "\"[]\"",   "[",          "]",      "[1",
          "[1,]", "[,1]",      "[1 2]", "[1]]",      "[1] x",    "[1][2]",     "[nul]",  "[\"a]",
          "[{]",  "[{\"a\"}]", "[01]",  "[\"\\x\"]", "[\"\n\"]", "[\"\xff\"]", "[/**/1]"})
        BOOST_TEST(elements(text) == "none", text);
    BOOST_TEST(elements(std::string(100'000, '[')) == "none");
    BOOST_TEST(elements(std::string(1000, '[') + std::string(1000, ']')) == "none");
}

BOOST_AUTO_TEST_SUITE_END()

#include "wire/json_text.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

std::string json(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_text)

BOOST_AUTO_TEST_CASE(what_has_to_be_escaped) {
    BOOST_TEST(json("") == R"("")");
    BOOST_TEST(json("a\"b\\c/d") == R"("a\"b\\c/d")");
    BOOST_TEST(json("\b\t\n\f\r") == R"("\b\t\n\f\r")");
    BOOST_TEST(json(std::string("\0\x1f\x7f", 3)) == "\"\\u0000\\u001f\x7f\"");
    BOOST_TEST(json("grün €") == "\"grün €\"");
}

BOOST_AUTO_TEST_CASE(what_is_not_utf8_is_replaced) {
    BOOST_TEST(json("a\xff\"") == "\"a\xef\xbf\xbd\\\"\"");
}

BOOST_AUTO_TEST_CASE(every_byte_comes_back) {
    std::string text;
    for (char c = 0; c >= 0 && c < 127; ++c)
        text += c;
    const std::string written = json(text);
    BOOST_TEST(boost::json::parse({written.data(), written.size()}).as_string() ==
               boost::json::string_view(text.data(), text.size()));
}

BOOST_AUTO_TEST_SUITE_END()

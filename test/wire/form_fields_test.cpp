#include "wire/form_fields.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

std::string fields(std::string_view query) {
    std::string out;
    while (const auto field = next_form_field(query))
        out += "[" + field->name + "=" + field->value + "]";
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(form_fields)

BOOST_AUTO_TEST_CASE(names_and_values) {
    BOOST_TEST(fields("") == "");
    BOOST_TEST(fields("&&") == "");
    BOOST_TEST(fields("a=1&b=2") == "[a=1][b=2]");
    BOOST_TEST(fields("&a=1&&a=2&") == "[a=1][a=2]");
    BOOST_TEST(fields("a&b=&=c&d=e=f") == "[a=][b=][=c][d=e=f]");
    BOOST_TEST(fields("a;b=c") == "[a;b=c]");
}

BOOST_AUTO_TEST_CASE(escapes) {
    BOOST_TEST(fields("a+b=c+d&e%20f=%67%48%2b") == "[a b=c d][e f=gH+]");
    BOOST_TEST(fields("a%26b=c%3Dd") == "[a&b=c=d]");
    BOOST_TEST(form_decoded("%ff%C3%bC") == "\xff\xc3\xbc");
    BOOST_TEST(form_decoded("%00").size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_no_escape_is_itself) {
    for (const char* text : {"%", "%%", "%4", "%4g", "%g4", "100%", "%-1", "% 1"})
        BOOST_TEST(form_decoded(text) == text, text);
    BOOST_TEST(form_decoded("%%41%4%42") == "%A%4B");
}

BOOST_AUTO_TEST_SUITE_END()

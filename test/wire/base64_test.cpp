#include "wire/base64.hpp"

#include <boost/test/unit_test.hpp>
#include <utility>

using namespace weir;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(base64)

BOOST_AUTO_TEST_CASE(the_rfc_s_examples_go_both_ways) {
    for (const auto& [bytes, text] : {std::pair(""s, ""s),
                                      {"f", "Zg=="},
                                      {"fo", "Zm8="},
                                      {"foo", "Zm9v"},
                                      {"foob", "Zm9vYg=="},
                                      {"fooba", "Zm9vYmE="},
                                      {"foobar", "Zm9vYmFy"},
                                      {"\xff\xfe\xfb"s, "//77"}}) {
        std::string out;
        append_base64(out, bytes);
        BOOST_TEST(out == text);
        BOOST_TEST((from_base64(text) == bytes));
    }
}

BOOST_AUTO_TEST_CASE(only_the_canonical_form_is_read) {
    for (const char* bad :
         {"Z", "Zg", "Zg=", "Zh==", "Zm9v=", "Zm9v====", "Zm 9v", "Zm9v\n", "=", "Zg==Zg=="}) {
        BOOST_TEST(!from_base64(bad).has_value(), bad);
    }
}

BOOST_AUTO_TEST_SUITE_END()

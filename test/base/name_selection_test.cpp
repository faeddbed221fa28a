#include "base/name_selection.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

using weir::usage_error;
using selection = weir::name_selection;

BOOST_AUTO_TEST_SUITE(name_selection)

BOOST_AUTO_TEST_CASE(nothing_given_takes_all) {
    BOOST_TEST(selection().matches("a"));
    BOOST_TEST(selection().matches(""));
}

BOOST_AUTO_TEST_CASE(names_are_exact_and_a_star_is_any_characters) {
    const selection wanted({"up", "signin_*|*_total", "go_*_bytes"});
    for (const char* name : {"up", "signin_", "signin_failed", "x_total", "_total", "go_a_bytes",
                             "go__bytes", "go_a_b_bytes_bytes"})
        BOOST_TEST(wanted.matches(name), name);
    for (const char* name : {"", "u", "up_", "xup", "signin", "_total_", "total", "go_bytes", "Up"})
        BOOST_TEST(!wanted.matches(name), name);
    BOOST_TEST(selection({"*"}).matches(""));
    BOOST_TEST(selection({"**a**"}).matches("a"));
    BOOST_TEST(selection({"a*a"}).matches("aa"));
    BOOST_TEST(!selection({"a*a"}).matches("a"));
    BOOST_TEST(selection({"*ab*ab"}).matches("abaabab"));
    BOOST_TEST(!selection({"*ab*ab"}).matches("abaabb"));
}

BOOST_AUTO_TEST_CASE(what_is_left_out_stays_out) {
    const selection all_but({"!go_*|!*_created"});
    BOOST_TEST(all_but.matches("up"));
    BOOST_TEST(!all_but.matches("go_threads"));
    BOOST_TEST(!all_but.matches("a_created"));
    const selection both({"!a_b", "a_*"});
    BOOST_TEST(both.matches("a_c"));
    BOOST_TEST(!both.matches("a_b"));
    BOOST_TEST(!both.matches("b"));
}

BOOST_AUTO_TEST_CASE(many_stars_take_no_longer_than_they_must) {
    std::string pattern;
    for (int i = 0; i < 1000; ++i)
        pattern += "*a";
    BOOST_TEST(!selection({pattern + "*b"}).matches(std::string(10'000, 'a')));
}

BOOST_AUTO_TEST_CASE(a_missing_name_is_told) {
    for (const char* wrong : {"", "|", "a|", "|a", "a||b", "!", "a|!"})
        BOOST_CHECK_THROW(selection({wrong}), usage_error);
}

BOOST_AUTO_TEST_SUITE_END()

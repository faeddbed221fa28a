#include "base/topic_filter.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

using weir::usage_error;
using filter = weir::topic_filter;

BOOST_AUTO_TEST_SUITE(topic_filter)

BOOST_AUTO_TEST_CASE(nothing_given_lets_all_through) {
    BOOST_TEST(filter().empty());
    BOOST_TEST(filter().matches(""));
    BOOST_TEST(filter().matches("a"));
}

BOOST_AUTO_TEST_CASE(names_and_prefixes_are_let_through) {
    const filter wanted = filter::from_list("order,page*");
    for (const char* topic : {"order", "page", "pageview"})
        BOOST_TEST(wanted.matches(topic), topic);
    for (const char* topic : {"", "orders", "pag", "xorder"})
        BOOST_TEST(!wanted.matches(topic), topic);
    BOOST_TEST(filter::from_list("*").matches(""));
}

BOOST_AUTO_TEST_CASE(what_is_left_out_stays_out) {
    const filter all_but = filter::from_list("!debug*,!x");
    BOOST_TEST(all_but.matches(""));
    BOOST_TEST(all_but.matches("order"));
    BOOST_TEST(!all_but.matches("debug.sql"));
    BOOST_TEST(!all_but.matches("x"));
    const filter both = filter::from_list("a*,!ab");
    BOOST_TEST(both.matches("ac"));
    BOOST_TEST(!both.matches("ab"));
    BOOST_TEST(!both.matches("b"));
    BOOST_TEST(!filter::from_list("!*").matches("a"));
}

BOOST_AUTO_TEST_CASE(the_same_wishes_have_the_same_text) {
    BOOST_TEST(filter::from_list("b*,!c,a").text() == "!c,a,b*");
    BOOST_TEST(filter::from_list("a,b*,!c").text() == filter({"b*", "a", "!c"}).text());
    BOOST_TEST(filter().text() == "");
}

BOOST_AUTO_TEST_CASE(what_is_no_pattern_is_refused) {
    for (const char* list : {"", ",", "a,", "!", "a*b", "**", "!a*b"})
        BOOST_CHECK_THROW(filter::from_list(list), usage_error);
}

BOOST_AUTO_TEST_SUITE_END()

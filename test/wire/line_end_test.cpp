#include "wire/line_end.hpp"

#include <boost/test/unit_test.hpp>

using weir::without_line_end;

BOOST_AUTO_TEST_SUITE(line_end)

BOOST_AUTO_TEST_CASE(one_line_end_goes_and_no_more) {
    BOOST_TEST(without_line_end("") == "");
    BOOST_TEST(without_line_end("text") == "text");
    BOOST_TEST(without_line_end("text\n") == "text");
    BOOST_TEST(without_line_end("text\r\n") == "text");
    BOOST_TEST(without_line_end("text\r") == "text\r");
    BOOST_TEST(without_line_end("text\n\n") == "text\n");
    BOOST_TEST(without_line_end("\n") == "");
    BOOST_TEST(without_line_end("\ntext") == "\ntext");
}

BOOST_AUTO_TEST_SUITE_END()

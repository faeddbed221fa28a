#include "wire/known_browsers.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

using namespace weir;

namespace {

user_agent_parser small_parser() {
    return user_agent_parser(
        parse_user_agent_expressions("user_agent_parsers:\n  - regex: '(Browser)/(\\d+)'\n"
                                     "os_parsers:\n  - regex: '(System)'\n"));
}

std::string numbered(int n) { return "Browser/" + std::to_string(n); }

} // namespace

BOOST_AUTO_TEST_SUITE(known_browsers)

BOOST_AUTO_TEST_CASE(a_known_text_is_not_parsed_again) {
    weir::known_browsers known(small_parser());
    const browser_ptr first = known.of("Browser/1 System");
    BOOST_TEST(first->name == "Browser");
    BOOST_TEST(first->version == "1");
    BOOST_TEST(first->system == "System");
    BOOST_TEST(known.of("Browser/1 System") == first);
    BOOST_TEST(known.of("Browser/2 System") != first);
    BOOST_TEST(known.size() == 2u);
    BOOST_TEST(known.of("")->name == "Other");
}

BOOST_AUTO_TEST_CASE(it_is_bounded) {
    weir::known_browsers known(small_parser(), 320);
    for (int n = 0; n < 10'000; ++n) {
        BOOST_TEST(known.of(numbered(n))->version == std::to_string(n));
        BOOST_REQUIRE(known.size() <= 320u);
    }
    BOOST_TEST(known.size() > 160u);
    const browser_ptr last = known.of(numbered(9'999));
    BOOST_TEST(known.of(numbered(9'999)) == last);
}

BOOST_AUTO_TEST_CASE(what_is_asked_for_again_stays) {
    weir::known_browsers known(small_parser(), 320);
    const browser_ptr often = known.of("Browser/1 System");
    for (int n = 2; n < 10'000; ++n) {
        known.of(numbered(n));
        BOOST_REQUIRE(known.of("Browser/1 System") == often);
    }
}

BOOST_AUTO_TEST_CASE(texts_that_differ_behind_the_first_kilobyte_are_one) {
    weir::known_browsers known(small_parser());
    const std::string pad(user_agent_parser::most_bytes, 'a');
    BOOST_TEST(known.of(pad + "Browser/1") == known.of(pad + "Browser/2"));
    BOOST_TEST(known.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

#include "wire/utf8.hpp"

#include "test/wire/reference.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace weir;

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(what_is_and_what_is_not) {
    for (const char* good :
         {"", "a", "grün", "\xe2\x82\xac", "\xf0\x9f\x8c\x8a", "\xf4\x8f\xbf\xbf"}) {
        BOOST_TEST(is_utf8(good), good);
    }
    for (const char* bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                            "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "a\xe2\x82"}) {
        BOOST_TEST(!is_utf8(bad), bad);
    }
}

BOOST_AUTO_TEST_CASE(random_bytes_as_the_table_says) {
    constexpr unsigned char bytes[] = {'a',  0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2,
                                       0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5};
    std::mt19937 random(3);
    std::size_t valid = 0;
    for (int round = 0; round < 200000; ++round) {
        std::string text(random() % 70, 'a'); // across the blocks of a vectorised validator
        for (auto n = random() % 5; n > 0; --n) {
            text.push_back(static_cast<char>(bytes[random() % sizeof bytes]));
        }
        text.append(random() % 3 * 20, 'b');
        const bool expected = test::is_utf8_reference(text);
        valid += expected;
        if (is_utf8(text) != expected) {
            BOOST_ERROR("disagrees about a text of " << text.size() << " bytes in round " << round);
        }
    }
    BOOST_TEST(valid > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

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

BOOST_AUTO_TEST_CASE(what_is_broken_is_replaced) {
    const std::string u = "\xef\xbf\xbd";
    for (const char* good : {"", "a", "grün", "\xf0\x9f\x8c\x8a"})
        BOOST_TEST(repaired_utf8(good) == good);
    BOOST_TEST(repaired_utf8("a\xff"
                             "b") == "a" + u + "b");
    // The examples of Unicode's section 3.9: tables 3-8 to 3-11.
    BOOST_TEST(repaired_utf8("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41") ==
               u + u + u + u + u + u + u + u + "A");
    BOOST_TEST(repaired_utf8("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41") ==
               u + u + u + u + u + u + u + u + "A");
    BOOST_TEST(repaired_utf8("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42") ==
               u + u + u + u + u + "A" + u + u + "B");
    BOOST_TEST(repaired_utf8("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41") == u + u + u + u + "A");
    BOOST_TEST(repaired_utf8("\xe2\x82") == u);
    BOOST_TEST(repaired_utf8("\xff\xe2\x82\xac\xf0\x9f\x8c\x8a") ==
               u + "\xe2\x82\xac\xf0\x9f\x8c\x8a");
}

BOOST_AUTO_TEST_CASE(whatever_is_repaired_is_utf8_and_stays) {
    std::mt19937 random(4);
    for (int round = 0; round < 100000; ++round) {
        std::string text;
        for (auto n = random() % 9; n > 0; --n)
            text.push_back(static_cast<char>(random() % 2 ? 0x80 + random() % 0x80 : random()));
        const std::string once = repaired_utf8(text);
        if (!is_utf8(once) || (is_utf8(text) && once != text))
            BOOST_ERROR("round " << round);
    }
}

BOOST_AUTO_TEST_SUITE_END()

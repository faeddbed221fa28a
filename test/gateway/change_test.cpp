#include "gateway/change.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

BOOST_AUTO_TEST_SUITE(change)

BOOST_AUTO_TEST_CASE(what_is_at_one_place_may_be_in_the_way_of_another) {
    BOOST_TEST(collide(":9000", ":9000"));
    BOOST_TEST(collide("127.0.0.1:9000", ":9000"));
    BOOST_TEST(collide("/a/file", "/a/file"));
    BOOST_TEST(!collide("/a:1/x", "/b:1/x"));
    BOOST_TEST(!collide(":9000", ":9001"));
    BOOST_TEST(!collide("127.0.0.1:0", ":0"));
    BOOST_TEST(!collide("", ""));
}

BOOST_AUTO_TEST_CASE(ports_exclude_each_other_where_one_covers_the_other) {
    BOOST_TEST(exclude("127.0.0.1:9000", "127.0.0.1:9000"));
    BOOST_TEST(exclude(":9000", "127.0.0.1:9000"));
    BOOST_TEST(exclude("[::1]:9000", ":9000"));
    BOOST_TEST(exclude("0.0.0.0:9000", "127.0.0.1:9000"));
    BOOST_TEST(exclude("[::1]:9000", "[::]:9000"));
    BOOST_TEST(!exclude("[::]:9000", "127.0.0.1:9000"));
    BOOST_TEST(!exclude("127.0.0.1:9000", "127.0.0.2:9000"));
    BOOST_TEST(!exclude(":9000", ":9001"));
    BOOST_TEST(!exclude(":0", ":0"));
    BOOST_TEST(exclude("unix:/a", "unix:/a"));
    BOOST_TEST(!exclude("unix:/a", "unix:/b"));
    BOOST_TEST(!exclude("unix:/a", ":9000"));
}

BOOST_AUTO_TEST_SUITE_END()

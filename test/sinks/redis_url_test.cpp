#include "sinks/redis_url.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

BOOST_AUTO_TEST_SUITE(redis_url)

BOOST_AUTO_TEST_CASE(urls_are_taken_apart) {
    const auto plain = parse_redis_url("redis://example.org");
    BOOST_TEST(plain.host == "example.org");
    BOOST_TEST(plain.port == 6379);
    BOOST_TEST(plain.database == 0u);
    BOOST_TEST(!plain.tls);
    BOOST_TEST(plain.shown() == "redis://example.org:6379/0");

    const auto full = parse_redis_url("rediss://us%3Aer:p%40ss%2F@[::1]:7000/12");
    BOOST_TEST(full.tls);
    BOOST_TEST(full.user == "us:er");
    BOOST_TEST(full.password == "p@ss/");
    BOOST_TEST(full.host == "::1");
    BOOST_TEST(full.port == 7000);
    BOOST_TEST(full.database == 12u);
    BOOST_TEST(full.shown() == "rediss://[::1]:7000/12");
    BOOST_TEST(to_text(full) == "rediss://:***@[::1]:7000/12");

    const auto alone = parse_redis_url("redis://:secret@h/");
    BOOST_TEST(alone.user == "");
    BOOST_TEST(alone.password == "secret");

    const auto socket = parse_redis_url("unix:/run/redis@1/redis.sock");
    BOOST_TEST(socket.path == "/run/redis@1/redis.sock");
    BOOST_TEST(socket.host == "");
    const auto named = parse_redis_url("redis+unix://u:secret@/run/redis.sock?db=3");
    BOOST_TEST(named.path == "/run/redis.sock");
    BOOST_TEST(named.user == "u");
    BOOST_TEST(named.password == "secret");
    BOOST_TEST(named.database == 3u);
    BOOST_TEST(to_text(named) == "redis+unix://:***@/run/redis.sock?db=3");
    BOOST_TEST(parse_redis_url(socket.shown()).path == socket.path);
}

BOOST_AUTO_TEST_CASE(wrong_ones_are_refused_without_their_secret) {
    for (const char* text : {"",
                             "http://h",
                             "redis://",
                             "redis:///1",
                             "redis://h:0",
                             "redis://h:65536",
                             "redis://h:x",
                             "redis://h/x",
                             "redis://h/-1",
                             "redis://h/1/2",
                             "redis://[::1",
                             "redis://a b",
                             "redis://h\x01",
                             "redis://secret@h",
                             "redis://u:@h",
                             "redis://u:%zz@h",
                             "unix:",
                             "unix:/a?db=x",
                             "unix:/a?x=1",
                             "redis+unix://u:secret@",
                             "redis://u:secret@h:99999",
                             "redis://u:sec/ret@h",
                             "redis://h?db=1"})
        try {
            parse_redis_url(text);
            BOOST_TEST(false, text);
        } catch (const usage_error& wrong) {
            BOOST_TEST(std::string(wrong.what()).find("sec") == std::string::npos, wrong.what());
        }
    BOOST_CHECK_THROW(parse_redis_url("unix:/" + std::string(107, 'x')), usage_error);
}

BOOST_AUTO_TEST_SUITE_END()

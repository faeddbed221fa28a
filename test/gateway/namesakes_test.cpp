#include "gateway/namesakes.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

using lines = std::vector<std::string>;

lines found(const std::vector<std::string>& words) {
    settings read;
    read_command_line(words, read);
    return weir::namesakes(read);
}

std::string fault(const std::vector<std::string>& words) {
    try {
        found(words);
    } catch (const usage_error& wrong) {
        return wrong.what();
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(namesakes)

BOOST_AUTO_TEST_CASE(urls_that_differ_in_what_is_not_shown_are_said) {
    BOOST_TEST(found({"--scrape", "http://h/m", "--scrape", "http://h/n", "--post", "http://h/m",
                      "--tcp", ":0", "--tcp", ":0"})
                   .empty());
    const lines said = found({"--scrape", "http://h/m?k=s3cret", "--scrape", "http://s3cret@h/m"});
    BOOST_REQUIRE(said.size() == 1u);
    BOOST_TEST(said[0] ==
               "two --scrape are called http://h/m, and counted together; name= tells them apart");
    BOOST_TEST(
        found({"--post", "http://h?a", "--post", "http://h?b,filter=x", "--post", "http://h?c"})
            .size() == 2u);
    BOOST_TEST(found({"--redis", "redis://h", "--redis", "redis://:s3cret@h,prefix=x"}).size() ==
               1u);
    BOOST_TEST(found({"--post", "http://h?a,name=a", "--post", "http://h?b,name=b"}).empty());
    BOOST_TEST(found({"--post", "http://h?a,name=a", "--post", "http://h?b"}).empty());
}

BOOST_AUTO_TEST_CASE(a_name_is_given_once_a_kind) {
    BOOST_TEST(fault({"--post", "http://h?s3cret,name=a", "--post", "http://i,name=a"}) ==
               "--post http://i: another --post is called a, too");
    BOOST_TEST(fault({"--file", "x,name=a", "--file", "y,name=a"}) ==
               "--file y: another --file is called a, too");
    BOOST_TEST(fault({"--post", "http://h,name=http://i/", "--post", "http://i/"}) != "");
    BOOST_TEST(fault({"--post", "http://h,name=a", "--file", "x,name=a"}) == "");
}

BOOST_AUTO_TEST_SUITE_END()

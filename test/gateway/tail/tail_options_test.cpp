#include "gateway/tail/options.hpp"
#include "test/gateway/words.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

using namespace weir;
using namespace weir::tail;
using test::has;
using test::words;

namespace {

tail_options read(const words& given) { return test::read<tail_options>(given); }
std::string fault(const words& given) { return test::fault<tail_options>(given); }

std::string first(const words& given) { return tail_target(read(given), false, ""); }
std::string again(const words& given, std::string_view last_id) {
    return tail_target(read(given), true, last_id);
}

} // namespace

BOOST_AUTO_TEST_SUITE(tail_options)

BOOST_AUTO_TEST_CASE(paths_have_defaults) {
    BOOST_TEST(first({"ws://h"}) == "/live?meta=1");
    BOOST_TEST(first({"ws://h?access_token=t"}) == "/live?access_token=t&meta=1");
    BOOST_TEST(first({"ws://h/"}) == "/?meta=1");
    BOOST_TEST(first({"http://h"}) == "/events");
    BOOST_TEST(first({"https://h/mine"}) == "/mine");
}

BOOST_AUTO_TEST_CASE(flags_become_the_query) {
    BOOST_TEST(first({"http://h", "--last", "10"}) == "/events?last=10");
    BOOST_TEST(first({"http://h", "--since", "0"}) == "/events?since=0");
    BOOST_TEST(first({"http://h", "--topic", "a b,c*,!d&e"}) == "/events?topic=a%20b,c*,!d%26e");
    BOOST_TEST(first({"http://h", "--meta"}) == "/events?meta=1");
    BOOST_TEST(first({"http://h", "--raw"}) == "/events?raw&meta=1");
    BOOST_TEST(first({"ws://h/x?y=z", "--last=1k", "--topic=t"}) ==
               "/x?y=z&last=1000&topic=t&meta=1");
}

BOOST_AUTO_TEST_CASE(going_on_begins_behind_the_last_id) {
    BOOST_TEST(again({"ws://h", "--last", "10", "--topic", "t"}, "42") ==
               "/live?topic=t&meta=1&since=42");
    BOOST_TEST(again({"ws://h/x?since=1&y=z&last=3"}, "42") == "/x?y=z&meta=1&since=42");
    BOOST_TEST(again({"ws://h", "--since", "7"}, "") == "/live?meta=1");
    BOOST_TEST(again({"http://h", "--since", "7"}, "42") == "/events"); // Last-Event-ID says it
    BOOST_TEST(again({"http://h", "--raw"}, "42") == "/events?raw&meta=1&since=42");
    BOOST_TEST(again({"http://h", "--raw"}, "4&2") == "/events?raw&meta=1");
}

BOOST_AUTO_TEST_CASE(tokens_also_come_from_the_environment) {
    BOOST_TEST(client::authorization(read({"ws://h", "--token", "abc"}).access) ==
               "Authorization: Bearer abc\r\n");
    BOOST_TEST(client::authorization(read({"ws://h"}).access).empty());
    ::setenv("WEIR_TOKEN", "def", 1);
    BOOST_TEST(client::authorization(read({"ws://h"}).access) == "Authorization: Bearer def\r\n");
    BOOST_TEST(client::authorization(read({"ws://h", "--token=x"}).access) ==
               "Authorization: Bearer x\r\n");
    ::unsetenv("WEIR_TOKEN");
    const std::string wrong = fault({"ws://h", "--token", "s3cret\r\nX: y"});
    BOOST_TEST(has(wrong, "control character"));
    BOOST_TEST(!has(wrong, "s3cret"));
}

BOOST_AUTO_TEST_CASE(faults_are_named) {
    BOOST_TEST(has(fault({}), "weir tail needs a URL"));
    BOOST_TEST(has(fault({"udp://h:1"}), "a live stream is at"));
    BOOST_TEST(has(fault({"ws://h", "--raw"}), "--raw"));
    BOOST_TEST(has(fault({"http://h", "--since", "x"}), "--since: 'x'"));
    BOOST_TEST(has(fault({"http://h", "--since", "1", "--last", "1"}), "exclude"));
    BOOST_TEST(has(fault({"http://h", "--insecure"}), "https://"));
    BOOST_TEST(has(fault({"https://h", "--insecure", "--ca", "f"}), "exclude"));
    BOOST_TEST(has(fault({"http://h", "--cuont", "1"}), "did you mean '--count'?"));
}

BOOST_AUTO_TEST_CASE(help_names_every_flag) {
    for (const char* flag : {"--last", "--since", "--topic", "--meta", "--raw", "--count",
                             "--no-reconnect", "--token", "--ca", "--insecure", "--help"})
        BOOST_TEST(has(tail_help(), flag), flag);
}

BOOST_AUTO_TEST_SUITE_END()

#include "gateway/send/options.hpp"
#include "test/gateway/words.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace weir::send;
using test::has;
using test::words;

namespace {

send_options read(const words& given) { return test::read<send_options>(given); }
std::string fault(const words& given) { return test::fault<send_options>(given); }

} // namespace

BOOST_AUTO_TEST_SUITE(send_options)

BOOST_AUTO_TEST_CASE(words_are_read) {
    const auto o = read({"tcp://h:1", "a", "-", "--framing=nul", "b", "--rate", "10k", "--json"});
    BOOST_TEST((o.to.scheme == client::protocol::tcp));
    BOOST_TEST(o.files == (std::vector<std::string>{"a", "-", "b"}),
               boost::test_tools::per_element());
    BOOST_TEST((o.kind == framing::nul));
    BOOST_TEST(o.rate.value == 10'000u);
    BOOST_TEST(o.json);
    BOOST_TEST(read({"ws://h"}).to.target == "/ws");
    BOOST_TEST(read({"https://h"}).to.target == "/");
}

BOOST_AUTO_TEST_CASE(faults_are_named) {
    BOOST_TEST(has(fault({}), "weir send needs a URL"));
    BOOST_TEST(has(fault({"udp://h:1", "--framing=nul"}), "--framing is for tcp://"));
    BOOST_TEST(has(fault({"udp://h:1", "--batch=5"}), "--batch is for http://"));
    BOOST_TEST(has(fault({"http://h", "--batch=0"}), "--batch: 0 is not from 1"));
    BOOST_TEST(has(fault({"ws://h", "--retry-for=5s"}), "--retry-for is for http://"));
    BOOST_TEST(has(fault({"udp://h:1", "--token=x"}), "--token is for http and ws"));
    BOOST_TEST(has(fault({"udp://h:1", "--raet", "1"}), "did you mean '--rate'?"));
}

BOOST_AUTO_TEST_CASE(help_names_every_flag) {
    for (const char* flag : {"--rate", "--framing", "--batch", "--retry-for", "--token", "--ca",
                             "--insecure", "--json", "--progress", "--help"})
        BOOST_TEST(has(send_help(), flag), flag);
}

BOOST_AUTO_TEST_SUITE_END()

#include "gateway/bench/options.hpp"
#include "test/gateway/words.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace weir::bench;
using test::has;
using test::words;

namespace {

send_options read(const words& given) { return test::read<send_options>(given); }
std::string fault(const words& given) { return test::fault<send_options>(given); }

} // namespace

BOOST_AUTO_TEST_SUITE(bench_options)

BOOST_AUTO_TEST_CASE(flags_are_read) {
    const send_options o =
        read({"tcp://localhost:9001", "--size", "1KiB", "--rate=200k", "--connections", "16",
              "--threads", "32", "--framing", "octet-counting", "--count", "1.5M", "--json"});
    BOOST_TEST((o.to.scheme == protocol::tcp));
    BOOST_TEST(o.to.where.host == "localhost");
    BOOST_TEST(o.to.where.port == 9001);
    BOOST_TEST(o.size.bytes == 1024u);
    BOOST_TEST(o.rate.value == 200'000u);
    BOOST_TEST(o.count.value == 1'500'000u);
    BOOST_TEST(o.threads == 16u); // no more than there are connections
    BOOST_TEST((o.kind == framing::octet_counting));
    BOOST_TEST(o.json);
}

BOOST_AUTO_TEST_CASE(urls_are_read) {
    BOOST_TEST(read({"http://h:80/in/x?y=z"}).to.target == "/in/x?y=z");
    BOOST_TEST(read({"http://h:80?y=z"}).to.target == "/?y=z");
    BOOST_TEST(read({"http://h:80"}).to.target == "/");
    BOOST_TEST(read({"ws://h:80"}).to.target == "/ws");
    BOOST_TEST(read({"udp://[::1]:9000/"}).to.where.host == "::1");
    BOOST_TEST(read({"udp://:9000"}).to.where.host == "");
    BOOST_TEST(read({"tcp://unix:/run/weir.sock"}).to.where.path == "/run/weir.sock");
    live_options live;
    BOOST_REQUIRE(read_words(words{"ws://h:80"}, live));
    BOOST_TEST(live.to.target == "/live");
}

BOOST_AUTO_TEST_CASE(help_is_no_url) {
    send_options o;
    BOOST_TEST(!read_words(words{"--help"}, o));
    for (const char* flag :
         {"--size", "--rate", "--connections", "--threads", "--duration", "--count", "--gso",
          "--framing", "--pipeline", "--batch", "--verify", "--json", "--progress"})
        BOOST_TEST(has(send_help(), flag), flag);
    for (const char* flag : {"--clients", "--threads", "--duration", "--quiet", "--expect",
                             "--verify", "--idle", "--json", "--progress"})
        BOOST_TEST(has(live_help(), flag), flag);
}

BOOST_AUTO_TEST_CASE(amounts_are_round) {
    amount a;
    from_text("0", a);
    BOOST_TEST(a.value == 0u);
    from_text("2G", a);
    BOOST_TEST(a.value == 2'000'000'000u);
    BOOST_TEST(bench::to_text(amount{200'000}) == "200k");
    BOOST_TEST(bench::to_text(amount{1'500'000}) == "1500k");
    BOOST_TEST(bench::to_text(amount{7}) == "7");
    for (const char* wrong : {"", "k", "-1", "1.5", "1KiB", "1 k", "1e300", "nan"})
        BOOST_CHECK_THROW(from_text(wrong, a), usage_error);
}

BOOST_AUTO_TEST_CASE(faults_are_named) {
    const std::string udp = "udp://127.0.0.1:9000";
    BOOST_TEST(has(fault({}), "needs a URL"));
    BOOST_TEST(has(fault({"127.0.0.1:9000"}), "is no URL"));
    BOOST_TEST(has(fault({"https://h:1/"}), "no TLS"));
    BOOST_TEST(has(fault({"upd://h:1"}), "did you mean 'udp'?"));
    BOOST_TEST(has(fault({"udp://h"}), "is no address"));
    BOOST_TEST(has(fault({"udp://h:0"}), "no port"));
    BOOST_TEST(has(fault({"http://unix:/x"}), "only tcp://"));
    BOOST_TEST(has(fault({"http://h:1/a b"}), "%20"));
    BOOST_TEST(has(fault({udp, udp}), "belongs to no flag"));
    BOOST_TEST(has(fault({udp, "--sise", "5"}), "did you mean '--size'?"));
    BOOST_TEST(has(fault({udp, "--size", "many"}), "--size: 'many' is no size"));
    BOOST_TEST(has(fault({udp, "--size", "65508"}), "--size: 65508 is not from 1 to 65507"));
    BOOST_TEST(
        has(fault({"grpc://h:1", "--size", "16001"}), "--size: 16001 is not from 1 to 16000"));
    BOOST_TEST(has(fault({udp, "--rate", "1.5"}), "--rate"));
    BOOST_TEST(has(fault({udp, "--connections", "0"}), "--connections"));
    BOOST_TEST(has(fault({udp, "--pipeline", "2"}), "--pipeline is for http:// and grpc:// alone"));
    BOOST_TEST(has(fault({udp, "--framing", "nul"}), "--framing is for tcp:// alone"));
    BOOST_TEST(has(fault({"tcp://h:1", "--gso"}), "--gso is for udp:// alone"));
    BOOST_TEST(has(fault({udp, "--size", "15", "--verify", "x"}), "--verify needs --size 16"));
    BOOST_TEST(has(fault({"http://h:1/", "--count", "10", "--batch", "3"}), "no multiple"));
    BOOST_TEST(has(fault({udp, "--duration", "0"}), "--duration"));
}

BOOST_AUTO_TEST_SUITE_END()

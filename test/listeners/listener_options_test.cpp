#include "base/executor.hpp"
#include "listeners/tcp.hpp"
#include "listeners/udp.hpp"
#include "test/listeners/null_queue.hpp"

#include "gateway/io_pool.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace std::chrono_literals;

namespace {

template <class Listener, class Options>
std::string fault_of(const char* text) {
    io_pool pool(1);
    null_queue destination;
    listener_books books;
    try {
        const Listener made({pool, destination, books, 0}, parse_options<Options>(text));
    } catch (const usage_error& fault) {
        return fault.what();
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(listener_options)

BOOST_AUTO_TEST_CASE(udp_has_its_defaults) {
    const auto o = parse_options<udp_options>(":9000");
    BOOST_TEST(show_options(o) == ":9000,rcvbuf=4MiB,sockets=1,max-message=65507B");
}

BOOST_AUTO_TEST_CASE(tcp_has_its_defaults) {
    const auto o = parse_options<tcp_options>("unix:/run/weir.sock");
    BOOST_TEST(show_options(o) == "unix:/run/weir.sock,framing=newline,max-message=1MiB,"
                                  "max-connections=10000,idle-timeout=1h");
}

BOOST_AUTO_TEST_CASE(what_can_not_be_is_named) {
    const auto udp = fault_of<udp_listener, udp_options>;
    const auto tcp = fault_of<tcp_listener, tcp_options>;
    BOOST_TEST(udp(":0") == "");
    BOOST_TEST(udp(":0,max-message=64KiB") == "option max-message: must be from 1B to 65507B");
    BOOST_TEST(udp(":0,sockets=0") == "option sockets: must be from 1 to 64");
    BOOST_TEST(tcp(":0") == "");
    BOOST_TEST(tcp(":0,max-message=2GiB") == "option max-message: must be from 1B to 1GiB");
    BOOST_TEST(tcp(":0,max-connections=0") == "option max-connections: must be at least 1");
}

BOOST_AUTO_TEST_CASE(udp_pauses_only_under_load) {
    udp_pacer pacer;
    udp_pacer::clock::time_point now{1h};
    const auto after = [&](std::chrono::microseconds gap, std::size_t datagrams) {
        return pacer.busy(datagrams, now += gap);
    };
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(!after(1ms, 1));
    BOOST_TEST(!after(10us, 1));
    BOOST_TEST(!after(10us, 2));
    BOOST_TEST(after(10us, 1));
    BOOST_TEST(after(110us, 30));
    BOOST_TEST(!after(110us, 0)); // a pause in which nothing came is the last
    BOOST_TEST(!after(10us, 1));
}

BOOST_AUTO_TEST_SUITE_END()

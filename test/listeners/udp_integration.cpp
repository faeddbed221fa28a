#include "listeners/udp.hpp"
#include "test/counting_new.hpp"
#include "test/listeners/listening.hpp"
#include "test/listeners/logged.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <netinet/udp.h>

using namespace weir;
using strings = std::vector<std::string>;

namespace {

using udp_side = listening<udp_listener, udp_options>;

// A socket of its own for each, so that SO_REUSEPORT has something to spread.
class udp_client {
public:
    explicit udp_client(const std::string& where) {
        const auto to = resolve_udp(parse_address(where));
        fd_ = ::socket(to.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (::connect(fd_, to.data(), static_cast<socklen_t>(to.size())) != 0)
            throw std::system_error(errno, std::system_category());
    }
    ~udp_client() { ::close(fd_); }
    udp_client(const udp_client&) = delete;
    udp_client& operator=(const udp_client&) = delete;

    bool send(std::string_view datagram) {
        return ::send(fd_, datagram.data(), datagram.size(), 0) ==
               static_cast<ssize_t>(datagram.size());
    }
    // One call, and the kernel cuts it into datagrams of this size (UDP GSO).
    bool send_cut(std::string_view bytes, int size) {
        ::setsockopt(fd_, SOL_UDP, UDP_SEGMENT, &size, sizeof size);
        return send(bytes);
    }

private:
    int fd_ = -1;
};

std::uint64_t refused(const udp_side& side, refusal why) {
    return side.books.refused_messages[why].value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(udp)

BOOST_AUTO_TEST_CASE(one_datagram_is_one_message) {
    for (const char* where : {"127.0.0.1:0", "[::1]:0"}) {
        udp_side side(where);
        side.open().run();
        udp_client client(side.bound());
        const strings sent{"a", "with\nnewline", "\n ", std::string(65'507, 'x'), "z"};
        for (const std::string& each : sent)
            BOOST_TEST(client.send(each));
        BOOST_TEST(side.settled(sent.size()));
        BOOST_TEST(side.rest() == sent, boost::test_tools::per_element());
        BOOST_TEST(side.books.received_bytes.value() == 65'507u + 12 + 4);
    }
}

BOOST_AUTO_TEST_CASE(a_dual_stack_port_takes_both_families) {
    udp_side side(":0");
    side.open().run();
    const std::string bound = side.bound();
    for (const std::string host : {"127.0.0.1", "[::1]"})
        BOOST_TEST(udp_client(host + bound.substr(bound.rfind(':'))).send(host));
    BOOST_TEST(side.settled(2));
    strings got = side.rest();
    std::sort(got.begin(), got.end());
    const strings expected{"127.0.0.1", "[::1]"};
    BOOST_TEST(got == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_line_end_of_echo_is_no_part_of_the_message) {
    udp_side side("127.0.0.1:0");
    side.open().run();
    udp_client client(side.bound());
    for (const char* each : {"one\n", "two\r\n", "\n", "three\n\n"})
        BOOST_TEST(client.send(each));
    BOOST_TEST(side.settled(4));
    const strings expected{"one", "two", "three\n"};
    BOOST_TEST(side.rest() == expected, boost::test_tools::per_element());
    BOOST_TEST(refused(side, refusal::empty) == 1u);
}

BOOST_AUTO_TEST_CASE(empty_and_too_long_datagrams_are_refused) {
    udp_side side("127.0.0.1:0,max-message=10B");
    side.open().run();
    udp_client client(side.bound());
    for (const char* each : {"", "0123456789", "01234567890", "", "last"})
        BOOST_TEST(client.send(each));
    BOOST_TEST(side.settled(5));
    const strings expected{"0123456789", "last"};
    BOOST_TEST(side.rest() == expected, boost::test_tools::per_element());
    BOOST_TEST(refused(side, refusal::empty) == 2u);
    BOOST_TEST(refused(side, refusal::oversize) == 1u);
}

BOOST_AUTO_TEST_CASE(who_is_not_allowed_is_refused) {
    for (const auto& [networks, taken] :
         {std::pair("10.0.0.0/8,::1", 0u), std::pair("10.0.0.0/8,127.0.0.0/8", 3u)}) {
        udp_side side("127.0.0.1:0,allow=" + std::string(networks));
        side.open().run();
        udp_client client(side.bound());
        for (int i = 0; i < 3; ++i)
            BOOST_TEST(client.send("x"));
        BOOST_TEST(side.settled(3));
        BOOST_TEST(side.rest().size() == taken);
        BOOST_TEST(refused(side, refusal::not_allowed) == 3 - taken);
    }
}

BOOST_AUTO_TEST_CASE(several_sockets_share_a_port) {
    udp_side side("127.0.0.1:0,sockets=3");
    side.open().run();
    std::vector<std::unique_ptr<udp_client>> clients;
    for (int i = 0; i < 32; ++i) {
        clients.push_back(std::make_unique<udp_client>(side.bound()));
        for (int n = 0; n < 10; ++n)
            BOOST_TEST(clients.back()->send("x"));
    }
    BOOST_TEST(side.settled(320));
    BOOST_TEST(side.rest().size() == 320u);
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_one_clear_line) {
    udp_side first("127.0.0.1:0,sockets=2");
    first.open();
    for (const char* sockets : {",sockets=1", ",sockets=2"}) {
        udp_side second(first.bound() + sockets);
        second.books.listener = "udp";
        const std::string expected =
            "can't listen on udp " + first.bound() + ": address already in use";
        BOOST_CHECK_EXCEPTION(second.open(), startup_error,
                              [&](const startup_error& e) { return e.what() == expected; });
    }
}

BOOST_AUTO_TEST_CASE(a_smaller_receive_buffer_than_asked_for_is_one_warning_that_says_what_to_do) {
    const logged log;
    udp_side(std::string("127.0.0.1:0,rcvbuf=16KiB")).open();
    BOOST_TEST(log.count("receive buffer") == 0u);
    udp_side(std::string("127.0.0.1:0,sockets=2,rcvbuf=4GiB")).open(); // more than any kernel gives
    BOOST_TEST(log.count("sysctl -w net.core.rmem_max=4294967296") == 1u);
    BOOST_TEST(log.count("receive buffer") == 1u);
}

BOOST_AUTO_TEST_CASE(what_the_kernel_coalesced_comes_apart_again) {
    udp_side side("127.0.0.1:0,max-message=1000B");
    side.open().run();
    udp_client client(side.bound());
    std::string bytes;
    strings expected;
    for (int i = 0; i < 40; ++i)
        bytes += expected.emplace_back(1'000, static_cast<char>('a' + i % 26));
    bytes += expected.emplace_back("short at the end");
    BOOST_TEST(client.send_cut(bytes, 1'000));
    BOOST_TEST(client.send_cut(std::string(3'003, 'x'), 1'001)); // each of them too long
    BOOST_TEST(side.settled(44));
    BOOST_TEST(side.rest() == expected, boost::test_tools::per_element());
    BOOST_TEST(refused(side, refusal::oversize) == 3u);
}

// Nobody reads yet, so that the buffer overflows for sure; and nothing follows that would tell.
BOOST_AUTO_TEST_CASE(what_the_kernel_dropped_is_counted_without_a_further_datagram) {
    udp_side side("127.0.0.1:0,rcvbuf=8KiB");
    side.open();
    udp_client client(side.bound());
    for (int i = 0; i < 1'000; ++i)
        BOOST_TEST(client.send(std::string(100, 'x')));
    side.run();
    const std::size_t taken = side.rest().size();
    BOOST_TEST(refused(side, refusal::kernel_drop) > 0u);
    BOOST_TEST(taken + refused(side, refusal::kernel_drop) == 1'000u);
    BOOST_TEST(taken == side.books.received_messages.value());
}

BOOST_AUTO_TEST_CASE(drops_are_counted_while_it_runs) {
    udp_side side("127.0.0.1:0,rcvbuf=8KiB");
    side.open();
    udp_client client(side.bound());
    for (int i = 0; i < 1'000; ++i)
        BOOST_TEST(client.send(std::string(100, 'x')));
    side.run();
    BOOST_TEST(side.settled(1'000));
    BOOST_TEST(refused(side, refusal::kernel_drop) > 0u);
}

BOOST_AUTO_TEST_CASE(stop_takes_what_has_arrived) {
    udp_side side("127.0.0.1:0");
    side.open().run();
    udp_client client(side.bound());
    for (int i = 0; i < 200; ++i)
        BOOST_TEST(client.send("x"));
    BOOST_TEST(side.rest().size() == 200u);
}

BOOST_AUTO_TEST_CASE(a_full_queue_that_blocks_drops_and_counts) {
    queue_options small;
    small.bytes = 4 << 10;
    small.policy = when_full::block;
    udp_side side("127.0.0.1:0", small);
    side.open().run();
    udp_client client(side.bound());
    for (std::uint64_t i = 1; i <= 100; ++i) {
        BOOST_TEST(client.send(std::string(100, 'x')));
        BOOST_TEST(side.settled(i));
    }
    const std::size_t taken = side.rest().size();
    BOOST_TEST(refused(side, refusal::queue_full) > 0u);
    BOOST_TEST(taken + refused(side, refusal::queue_full) == 100u);
}

BOOST_AUTO_TEST_CASE(no_allocation_for_each_message) {
    udp_side side("127.0.0.1:0");
    side.open().run();
    udp_client client(side.bound());
    const std::string message = "a message like many others";
    constexpr std::uint64_t burst = 200; // fits the smallest usual receive buffer
    std::uint64_t sent = 0;
    const auto send_burst = [&] {
        for (std::uint64_t i = 0; i < burst; ++i)
            client.send(message);
        sent += burst;
        BOOST_TEST(side.settled(sent));
    };
    send_burst();
    const std::size_t before = sum_over_threads(side.pool(), test::allocations_here);
    side.take();
    side.batches = 0;
    while (sent < 50 * burst)
        send_burst();
    const std::size_t made = sum_over_threads(side.pool(), test::allocations_here) - before;
    BOOST_TEST(side.rest().size() == 49 * burst);
    BOOST_TEST(made <= 4 * side.batches + 64);
    BOOST_TEST(side.batches < sent / 2);
}

BOOST_AUTO_TEST_SUITE_END()

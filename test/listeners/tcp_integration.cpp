#include "listeners/tcp.hpp"
#include "test/counting_new.hpp"
#include "test/listeners/listening.hpp"

#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <thread>

using namespace weir;
using strings = std::vector<std::string>;

namespace {

using tcp_port = listening<tcp_listener, tcp_options>;

void no_delay(const stream_client& client) {
    const int on = 1;
    ::setsockopt(client.native(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

std::string framed(framing kind, const strings& messages) {
    std::string bytes;
    for (const std::string& message : messages)
        if (kind == framing::nul)
            bytes += message + '\0';
        else
            append_framed(bytes, kind, message);
    return bytes;
}

// What one connection that sends this and ends gives.
strings received(tcp_port& port, std::string_view bytes) {
    stream_client client(port.bound());
    client.send(bytes);
    client.end();
    BOOST_TEST(client.receive_all() == ""); // it closes when it has taken all
    return port.take();
}

std::uint64_t refused(const tcp_port& port, refusal why) {
    return port.books.refused_messages[why].value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(tcp)

BOOST_AUTO_TEST_CASE(lines_come_whole_however_they_are_cut) {
    const std::string bytes = "one\ntwo\r\n\nthree\nlast without newline";
    for (std::size_t cut = 1; cut < bytes.size(); cut += 3) {
        tcp_port port("127.0.0.1:0");
        port.open().run();
        stream_client client(port.bound());
        no_delay(client);
        for (std::size_t at = 0; at < bytes.size(); at += cut)
            client.send(std::string_view(bytes).substr(at, cut));
        client.end();
        BOOST_TEST(port.settled(4));
        const strings expected{"one", "two", "three", "last without newline"};
        BOOST_TEST(port.rest() == expected, boost::test_tools::per_element());
        BOOST_TEST(port.books.received_bytes.value() == 31u);
        BOOST_TEST(port.books.refused_messages.total() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(every_framing_over_every_address) {
    const scratch_path path("tcp-framings.sock");
    const strings messages{"a", "with\nnewline", std::string(70'000, 'x'), "é", "\n"};
    for (const auto& [name, kind] : choices(framing()))
        for (const std::string& where :
             {std::string("127.0.0.1:0"), std::string("[::1]:0"), "unix:" + path.text()}) {
            if (kind == framing::newline)
                continue;
            tcp_port port(where + ",framing=" + std::string(name));
            port.open().run();
            BOOST_TEST(received(port, framed(kind, messages)) == messages,
                       boost::test_tools::per_element());
            BOOST_TEST(port.books.received_messages.value() == messages.size());
        }
}

BOOST_AUTO_TEST_CASE(a_message_of_the_full_size_byte_by_byte) {
    tcp_port port("127.0.0.1:0,max-message=20000B");
    port.open().run();
    const std::string message(20'000, 'm');
    stream_client client(port.bound());
    no_delay(client);
    for (char byte : message)
        client.send({&byte, 1});
    client.send("\n");
    BOOST_TEST(port.settled(1));
    BOOST_TEST(port.rest() == strings{message}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_line_too_long_is_skipped_and_the_connection_lives) {
    tcp_port port("127.0.0.1:0,max-message=10B");
    port.open().run();
    const strings expected{"before", "0123456789", "after"};
    BOOST_TEST(received(port, "before\n" + std::string(1 << 20, 'x') +
                                  "\n0123456789\r\n01234567890\nafter\n") == expected,
               boost::test_tools::per_element());
    BOOST_TEST(refused(port, refusal::oversize) == 2u);
}

BOOST_AUTO_TEST_CASE(a_length_too_long_closes_after_what_was_complete) {
    tcp_port port("127.0.0.1:0,framing=length,max-message=10B");
    port.open().run();
    stream_client client(port.bound());
    client.send(framed(framing::length, {"one", "two", "eleven byte"}));
    client.receive_all(); // ends although this side has not
    const strings expected{"one", "two"};
    BOOST_TEST(port.take() == expected, boost::test_tools::per_element());
    BOOST_TEST(refused(port, refusal::oversize) == 1u);
}

BOOST_AUTO_TEST_CASE(a_broken_frame_closes_after_what_was_complete) {
    tcp_port port("127.0.0.1:0,framing=octet-counting");
    port.open().run();
    stream_client client(port.bound());
    client.send("3 one03 two");
    client.receive_all();
    BOOST_TEST(port.take() == strings{"one"}, boost::test_tools::per_element());
    BOOST_TEST(refused(port, refusal::bad_frame) == 1u);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_stream_within_a_frame_is_a_broken_frame) {
    tcp_port port("127.0.0.1:0,framing=octet-counting");
    port.open().run();
    BOOST_TEST(received(port, "3 one30 tw") == strings{"one"}, boost::test_tools::per_element());
    BOOST_TEST(refused(port, refusal::bad_frame) == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_reset_breaks_off_is_refused) {
    tcp_port port("127.0.0.1:0");
    port.open().run();
    {
        stream_client client(port.bound());
        client.send("whole\nhalf of a li");
        BOOST_TEST(port.settled(1));
        const linger reset{1, 0};
        ::setsockopt(client.native(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    BOOST_TEST(port.settled(2));
    BOOST_TEST(port.rest() == strings{"whole"}, boost::test_tools::per_element());
    BOOST_TEST(refused(port, refusal::bad_frame) == 1u);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_and_its_half_message_refused) {
    tcp_port port("127.0.0.1:0,idle-timeout=40ms");
    port.open().run();
    stream_client client(port.bound());
    client.send("whole\nhalf of a li");
    BOOST_TEST(client.receive_all() == "");
    BOOST_TEST(port.settled(2));
    BOOST_TEST(port.rest() == strings{"whole"}, boost::test_tools::per_element());
    BOOST_TEST(refused(port, refusal::timeout) == 1u);
}

BOOST_AUTO_TEST_CASE(stop_takes_what_has_arrived) {
    tcp_port port("127.0.0.1:0");
    port.open();
    strings sent;
    std::string bytes;
    for (int i = 0; i < 5'000; ++i)
        bytes += sent.emplace_back("line " + std::to_string(i)) + '\n';
    stream_client accepted_late(port.bound()); // not even accepted when the stop comes
    accepted_late.send(bytes + "half of a li");
    stream_client without_end(port.bound());
    without_end.send("only half");
    stream_client ended(port.bound());
    ended.send("its last line, whole");
    ended.end();
    port.run();
    strings got = port.rest();
    BOOST_TEST(std::erase(got, "its last line, whole") == 1u);
    BOOST_TEST(got == sent, boost::test_tools::per_element());
    BOOST_TEST(refused(port, refusal::closing) == 2u);
}

BOOST_AUTO_TEST_CASE(a_peer_that_never_pauses_does_not_delay_the_stop) {
    queue_options small;
    small.bytes = 1 << 20;
    tcp_port port("127.0.0.1:0", small);
    port.open().run();
    stream_client client(port.bound());
    std::thread sender([&client] {
        const std::string lines = framed(framing::newline, strings(1'000, std::string(63, 'x')));
        while (client.send(lines)) {
        }
    });
    BOOST_TEST(port.settled(100'000));
    port.stop();
    BOOST_TEST(port.ended());
    sender.join();
}

BOOST_AUTO_TEST_CASE(under_block_the_sender_waits_and_nothing_is_lost) {
    queue_options small;
    small.bytes = 4 << 20;
    small.policy = when_full::block;
    tcp_port port("127.0.0.1:0", small);
    port.open().run();
    strings sent(64, std::string(512 * 1024, 'x')); // more than the kernel's buffers and the queue
    for (std::size_t i = 0; i < sent.size(); ++i)
        sent[i] += std::to_string(i);
    stream_client client(port.bound());
    std::thread sender([&] {
        client.send(framed(framing::newline, sent));
        client.end();
    });
    strings got;
    BOOST_TEST(eventually([&] {
        const strings more = port.take();
        got.insert(got.end(), more.begin(), more.end());
        return got.size() == sent.size();
    }));
    sender.join();
    BOOST_CHECK(got == sent);
    BOOST_TEST(port.books.refused_messages.total() == 0u);
}

BOOST_AUTO_TEST_CASE(a_closed_queue_ends_a_session_that_it_holds_back) {
    queue_options small;
    small.bytes = 1 << 20;
    small.policy = when_full::block;
    tcp_port port("127.0.0.1:0", small);
    port.open().run();
    stream_client client(port.bound());
    std::thread sender([&client] {
        const std::string lines = framed(framing::newline, strings(1'000, std::string(63, 'x')));
        while (client.send(lines)) {
        }
    });
    BOOST_TEST(eventually([&] { return port.destination().bytes() > small.bytes / 2; }));
    port.stop();
    port.stop_now();
    port.destination().close();
    BOOST_TEST(port.ended());
    sender.join();
    BOOST_TEST(port.take().size() == port.books.received_messages.value());
}

BOOST_AUTO_TEST_CASE(no_allocation_for_each_message) {
    tcp_port port("127.0.0.1:0");
    port.open().run();
    stream_client client(port.bound());
    client.send("first\n");
    BOOST_TEST(port.settled(1));
    const std::size_t before = sum_over_threads(port.pool(), test::allocations_here);
    client.send(framed(framing::newline, strings(10'000, "a message like many others")));
    BOOST_TEST(port.settled(10'001));
    const std::size_t made = sum_over_threads(port.pool(), test::allocations_here) - before;
    BOOST_TEST(port.take().size() == 10'001u);
    BOOST_TEST(made <= 8 * port.batches + 64);
}

BOOST_AUTO_TEST_CASE(the_books_balance_over_many_connections) {
    tcp_port port("127.0.0.1:0,max-message=100B");
    port.open().run();
    std::vector<std::thread> senders;
    for (int s = 0; s < 8; ++s)
        senders.emplace_back([&port] {
            stream_client client(port.bound());
            for (std::size_t i = 1; i <= 2'000; ++i)
                client.send(std::string(i % 10 == 0 ? 101 : i % 100 + 1, 'x') + '\n');
            client.end();
            client.receive_all();
        });
    for (std::thread& sender : senders)
        sender.join();
    BOOST_TEST(port.books.received_messages.value() == 8u * 1'800);
    BOOST_TEST(refused(port, refusal::oversize) == 8u * 200);
    BOOST_TEST(port.rest().size() == port.books.received_messages.value());
    BOOST_TEST(port.books.connections.value() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

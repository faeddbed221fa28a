#include "gateway/bench/sender.hpp"
#include "test/gateway/bench/receiver.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

using namespace weir;
using namespace weir::bench;

namespace {

// Sends as `weir bench WORDS` does with one thread.
struct sending {
    explicit sending(const std::vector<std::string>& words) {
        send_options o;
        BOOST_REQUIRE(read_words(words, o));
        const destination to(o.to);
        const std::atomic<bool> stop{false};
        work = make_sender(o, to, 0);
        work->run(stop);
    }
    const account& books() const { return work->books(); }

    std::unique_ptr<sender> work;
};

// Takes `count` connections and reads from each in turn, a little at a time, to its end.
void read_slowly(int listening, std::vector<std::string>& streams) {
    std::vector<int> open;
    for (std::size_t i = 0; i < streams.size(); ++i)
        open.push_back(::accept(listening, nullptr, nullptr));
    for (std::size_t living = open.size(); living > 0;)
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (open[i] < 0)
                continue;
            const std::string bytes = test::receive(open[i], 7'777);
            streams[i] += bytes;
            if (bytes.empty()) {
                ::close(std::exchange(open[i], -1));
                --living;
            }
        }
}

} // namespace

BOOST_AUTO_TEST_SUITE(senders)

BOOST_AUTO_TEST_CASE(a_receiver_that_holds_back_gets_every_message_once_and_in_order) {
    constexpr std::size_t size = 333;
    std::vector<std::string> streams(3);
    {
        test::receiver slow([&](int listening) { read_slowly(listening, streams); });
        const sending done({slow.url("tcp"), "--count", "60000", "--connections", "3", "--size",
                            std::to_string(size)});
        BOOST_TEST(done.books().messages.value() == 60'000u);
        BOOST_TEST(done.books().errors.value() == 0u);
        BOOST_TEST(done.books().sent.size() == 3u);
    }
    std::map<unsigned, std::uint64_t> next;
    for (const std::string& stream : streams)
        for (std::size_t at = 0; at < stream.size(); at += size + 1) {
            const auto stamped = read_stamp(std::string_view(stream).substr(at, size), size);
            BOOST_REQUIRE(stamped.has_value());
            BOOST_REQUIRE_EQUAL(stream.at(at + size), '\n');
            BOOST_REQUIRE_EQUAL(stamped->number, next[stamped->from]++);
        }
    BOOST_TEST(next[0] == 20'000u);
    BOOST_TEST(next[1] == 20'000u);
    BOOST_TEST(next[2] == 20'000u);
}

BOOST_AUTO_TEST_CASE(a_connection_that_breaks_is_an_error_and_the_others_go_on) {
    test::receiver half([](int listening) {
        std::string all;
        const int first = ::accept(listening, nullptr, nullptr);
        const int second = ::accept(listening, nullptr, nullptr);
        test::receive(first, 100);
        ::close(first); // with bytes unread: a reset
        while (!test::receive(second, 1 << 16).empty()) {
        }
        ::close(second);
    });
    const sending done({half.url("tcp"), "--count", "40000", "--connections", "2"});
    BOOST_TEST(done.books().errors.value() == 1u);
    BOOST_TEST(done.books().sent.at(1).messages == 20'000u);
}

BOOST_AUTO_TEST_CASE(a_websocket_server_is_answered_its_pings_between_the_frames) {
    std::string stream;
    {
        test::receiver server([&](int listening) {
            const int connection = ::accept(listening, nullptr, nullptr);
            std::string ping;
            append_frame(ping, opcode::ping, "first");
            test::upgrade(connection, ping);
            bool pinged = false;
            for (std::string bytes; !(bytes = test::receive(connection, 7'777)).empty();) {
                stream += bytes;
                if (!pinged && stream.size() > 1'000'000) {
                    test::send(connection, "\x89\x06second");
                    pinged = true;
                }
            }
            ::close(connection);
        });
        const sending done({server.url("ws"), "--count", "20000", "--size", "300"});
        BOOST_TEST(done.books().errors.value() == 0u);
    }
    std::uint64_t next = 0;
    std::vector<std::string> pongs;
    const auto frames = test::client_frames(stream);
    for (const auto& [op, payload] : frames) {
        if (op == opcode::pong)
            pongs.push_back(payload);
        if (op == opcode::text)
            BOOST_REQUIRE_EQUAL(read_stamp(payload, payload.size())->number, next++);
    }
    BOOST_TEST(next == 20'000u);
    BOOST_TEST((pongs == std::vector<std::string>{"first", "second"}));
    BOOST_TEST((frames.back() == std::pair{opcode::close, std::string("\x03\xe8")}));
}

BOOST_AUTO_TEST_CASE(an_http_server_that_closes_now_and_then_is_connected_to_again) {
    constexpr int served = 5; // requests a connection
    test::receiver server([](int listening) {
        for (int connection = 0; (connection = ::accept(listening, nullptr, nullptr)) >= 0;) {
            for (int i = 0; i < served; ++i) {
                if (test::receive_head(connection).empty())
                    break;
                for (std::size_t left = 100; left > 0;)
                    left -= test::receive(connection, left).size();
                test::send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
            ::close(connection);
        }
    });
    const sending done({server.url("http", "/"), "--count", "40", "--size", "100"});
    const account& books = done.books();
    BOOST_TEST(books.messages.value() == 40u);
    BOOST_TEST(books.answers.size() == 1u);
    BOOST_TEST(books.answers.at(200) + books.errors.value() == 40u);
    BOOST_TEST(books.answers.at(200) >= 30u);
    BOOST_TEST(books.latency.count() == books.answers.at(200));
    BOOST_TEST(books.sent.at(0).refused == books.errors.value());
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_http_ends_it_with_what_is_wrong) {
    test::receiver server([](int listening) {
        const int connection = ::accept(listening, nullptr, nullptr);
        test::receive_head(connection);
        test::send(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        while (!test::receive(connection, 4096).empty()) {
        }
        ::close(connection);
    });
    BOOST_CHECK_THROW(sending({server.url("http", "/"), "--count", "1"}), startup_error);
}

BOOST_AUTO_TEST_SUITE_END()

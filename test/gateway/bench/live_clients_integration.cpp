#include "gateway/bench/live_clients.hpp"
#include "test/gateway/bench/receiver.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace weir::bench;

namespace {

live_options read(const std::vector<std::string>& words) {
    live_options o;
    BOOST_REQUIRE(read_words(words, o));
    return o;
}

std::string event(std::uint64_t number, std::size_t size = 100) {
    std::string frame;
    const stamp stamped{0, number, wall_clock_now() - 1'000'000};
    append_frame(frame, opcode::text, make_message(message_layout(size), stamped));
    return frame;
}

std::string frame(opcode op, std::string_view payload) {
    std::string out;
    append_frame(out, op, payload);
    return out;
}

const std::string question = "still there?";

// What the client makes of a server that sends `early` with the handshake, then `stream`, which
// asks the question as a ping, and closes when it has the answer.
struct listening {
    listening(const std::vector<std::string>& flags, std::string_view early,
              const std::string& stream) {
        test::receiver server([&](int socket) {
            const int connection = ::accept(socket, nullptr, nullptr);
            test::upgrade(connection, early);
            test::send(connection, stream);
            while (answer.size() < question.size() + 6) {
                const std::string more = test::receive(connection, 4096);
                if (more.empty())
                    break;
                answer += more;
            }
            ::close(connection);
        });
        std::vector<std::string> words{server.url("ws"), "--clients", "1"};
        words.insert(words.end(), flags.begin(), flags.end());
        const live_options o = read(words);
        clients = std::make_unique<live_clients>(o, destination(o.to), 0);
        const std::atomic<bool> stop{false};
        clients->run(stop);
    }
    const live_account& books() const { return clients->books(); }

    std::string answer;
    std::unique_ptr<live_clients> clients;
};

} // namespace

BOOST_AUTO_TEST_SUITE(live_clients)

BOOST_AUTO_TEST_CASE(events_gaps_and_what_is_missing_are_told_apart) {
    const std::string first = event(0);
    const listening done({"--verify"}, first.substr(0, 50),
                         first.substr(50) + frame(opcode::ping, question) + event(1, 40'000) +
                             event(1) + event(4) + event(3) +
                             frame(opcode::text, R"({"weir":"gap","missed":12})") +
                             frame(opcode::binary, "of somebody else"));
    const live_account& books = done.books();
    BOOST_TEST(books.events.value() == 6u);
    BOOST_TEST(books.bytes.value() == 4 * 100u + 40'000u + 16u);
    BOOST_TEST(books.gap_frames.value() == 1u);
    BOOST_TEST(books.missed.value() == 12u);
    BOOST_TEST(books.ended.value() == 1u);
    BOOST_TEST(books.each.at(0) == 6u);
    BOOST_TEST(books.verify.missing == 1u); // number 2
    BOOST_TEST(books.verify.duplicates == 1u);
    BOOST_TEST(books.verify.out_of_order == 1u);
    BOOST_TEST(books.latency.count() > 0u);
    BOOST_TEST(books.latency.percentile(0.01) >= 1'000'000u); // they were sent a millisecond ago
    const auto frames = test::client_frames(done.answer);
    BOOST_TEST((frames.at(0) == std::pair{opcode::pong, question}));
}

BOOST_AUTO_TEST_CASE(it_ends_when_it_has_what_it_expects) {
    std::string stream = frame(opcode::ping, question);
    for (std::uint64_t n = 0; n < 5; ++n)
        stream += event(n);
    const listening done({"--expect", "5", "--duration", "10m", "--quiet", "0"}, "", stream);
    BOOST_TEST(done.books().each.at(0) == 5u);
    BOOST_TEST(done.books().ended.value() == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_no_websocket_is_named) {
    test::receiver server([](int socket) {
        const int connection = ::accept(socket, nullptr, nullptr);
        test::receive_head(connection);
        test::send(connection, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        ::close(connection);
    });
    const live_options o = read({server.url("ws"), "--clients", "1"});
    const destination to(o.to);
    BOOST_CHECK_EXCEPTION(bench::live_clients(o, to, 0), startup_error, [](const auto& wrong) {
        return std::string(wrong.what()).find("'HTTP/1.1 404 Not Found'") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()

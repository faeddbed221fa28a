#include "listeners/read_gate.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace asio = boost::asio;

namespace {

using gate = weir::read_gate;
using weir::task;

struct socket_pair {
    socket_pair() { BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0); }
    ~socket_pair() {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    void send(std::string_view text) {
        BOOST_REQUIRE(::write(ends[1], text.data(), text.size()) ==
                      static_cast<ssize_t>(text.size()));
    }
    int ends[2];
};

// Counts how often it was told to read.
struct session {
    session(asio::io_context& context, int socket) : watch(context.get_executor(), socket) {
        asio::co_spawn(context, run(this), asio::detached);
    }
    static task<> run(session* self) {
        while (self->rounds > 0) {
            --self->rounds;
            auto ready = self->watch.readable(asio::deferred);
            co_await std::move(ready);
            ++self->woken;
            if (self->more)
                self->watch.more();
        }
        self->ended = true;
    }
    gate::watch watch;
    int rounds = 100;
    int woken = 0;
    bool more = false;
    bool ended = false;
};

} // namespace

BOOST_AUTO_TEST_SUITE(read_gate)

BOOST_AUTO_TEST_CASE(tells_of_what_was_there_before_and_what_comes_later) {
    asio::io_context context(1);
    socket_pair pair;
    pair.send("a");
    session reader(context, pair.ends[0]);
    context.poll();
    BOOST_TEST(reader.woken == 1);
    context.poll();
    BOOST_TEST(reader.woken == 1);
    pair.send("b");
    context.poll();
    BOOST_TEST(reader.woken == 2);
    reader.rounds = 0;
    reader.watch.wake();
    context.poll();
    BOOST_TEST(reader.ended);
}

BOOST_AUTO_TEST_CASE(remembers_what_came_while_nobody_waited) {
    asio::io_context context(1);
    socket_pair pair;
    std::optional<gate::watch> watch(std::in_place, context.get_executor(), pair.ends[0]);
    context.poll();
    pair.send("a");
    context.poll();
    int told = 0;
    watch->readable([&told] { ++told; });
    BOOST_TEST(told == 0); // not before others had their turn
    context.poll();
    BOOST_TEST(told == 1);
    watch->readable([&told] { ++told; });
    context.poll();
    BOOST_TEST(told == 1);
    watch->wake();
    BOOST_TEST(told == 1); // nor inside of who wakes it
    context.poll();
    BOOST_TEST(told == 2);
    watch.reset();
    context.poll();
}

BOOST_AUTO_TEST_CASE(more_is_asked_for_without_an_edge) {
    asio::io_context context(1);
    socket_pair pair;
    session reader(context, pair.ends[0]);
    reader.more = true;
    pair.send("ab");
    context.poll();
    BOOST_TEST(reader.woken == 100);
    BOOST_TEST(reader.ended);
}

BOOST_AUTO_TEST_CASE(sockets_come_and_go_while_the_gate_stands) {
    asio::io_context context(1);
    for (int i = 0; i < 3; ++i) {
        socket_pair one;
        socket_pair two;
        auto first = std::make_unique<session>(context, one.ends[0]);
        first->rounds = 1;
        context.poll();
        one.send("a");
        context.poll();
        BOOST_TEST(first->ended);
        first.reset(); // the last one: the gate rests, and is woken by the next
        session second(context, two.ends[0]);
        second.rounds = 1;
        two.send("b");
        context.restart();
        context.poll();
        BOOST_TEST(second.ended);
        context.restart();
    }
}

BOOST_AUTO_TEST_CASE(the_end_is_told_though_it_came_with_the_last_bytes) {
    asio::io_context context(1);
    socket_pair pair;
    pair.send("a");
    ::shutdown(pair.ends[1], SHUT_WR);
    session reader(context, pair.ends[0]);
    reader.rounds = 2;
    context.poll();
    BOOST_TEST(reader.woken == 2);
}

BOOST_AUTO_TEST_CASE(many_at_once_are_all_told) {
    asio::io_context context(1);
    std::vector<std::unique_ptr<socket_pair>> pairs;
    std::vector<std::unique_ptr<session>> readers;
    for (int i = 0; i < 200; ++i) {
        pairs.push_back(std::make_unique<socket_pair>());
        readers.push_back(std::make_unique<session>(context, pairs.back()->ends[0]));
    }
    context.poll();
    for (const auto& pair : pairs)
        pair->send("a");
    context.poll();
    for (const auto& reader : readers) {
        BOOST_TEST(reader->woken == 1);
        reader->rounds = 0;
        reader->watch.wake();
    }
    context.poll();
    for (const auto& reader : readers)
        BOOST_TEST(reader->ended);
}

BOOST_AUTO_TEST_SUITE_END()

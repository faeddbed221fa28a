#include "base/error.hpp"
#include "base/units.hpp"
#include "gateway/io_pool.hpp"
#include "listeners/acceptor.hpp"

#include "test/listeners/logged.hpp"
#include "test/listeners/null_queue.hpp"
#include "test/listeners/stream_client.hpp"

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/resource.h>

namespace {

using namespace weir;

using namespace std::chrono_literals;

constexpr auto soon = 20s; // only ever waited for in full by a test that fails

// An acceptor whose sessions send back what they get, one byte at a time.
struct echo_port {
    explicit echo_port(acceptor_options options, duration idle = 1h)
        : idle_time(idle), accepts({pool, destination, books, 0}, tasks, std::move(options),
                                   [this](std::shared_ptr<connection> from) {
                                       return echo(this, std::move(from));
                                   }) {
        books.listener = "tcp";
    }
    ~echo_port() {
        if (running) {
            accepts.stop();
            accepts.stop_now();
            ended();
        }
        pool.stop();
    }
    void run() {
        accepts.open();
        accepts.start();
        pool.start();
        running = true;
    }
    bool ended() { return tasks.wait_until(std::chrono::steady_clock::now() + soon); }

    static task<> echo(echo_port* port, std::shared_ptr<connection> peer) {
        while (!peer->stopping()) {
            peer->expires_after(port->idle_time);
            char byte = 0;
            auto read = co_await peer->socket.async_read_some(boost::asio::buffer(&byte, 1),
                                                              use_task_tuple);
            if (std::get<0>(read))
                break;
            co_await peer->socket.async_write_some(boost::asio::buffer(&byte, 1), use_task_tuple);
        }
    }

    io_pool pool{2};
    null_queue destination;
    listener_books books;
    task_group tasks{"echo"};
    duration idle_time;
    bool running = false;
    weir::acceptor accepts;
};

acceptor_options local(const char* where = "127.0.0.1:0") {
    acceptor_options options;
    options.listen = parse_address(where);
    options.sweep_every = 5ms;
    return options;
}

std::string fault_of(acceptor_options options) {
    echo_port port(std::move(options));
    try {
        port.accepts.open();
    } catch (const startup_error& fault) {
        return fault.what();
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(acceptor)

BOOST_AUTO_TEST_CASE(serves_every_kind_of_address) {
    const scratch_path path("acceptor-kinds.sock");
    for (const std::string& where : {std::string("127.0.0.1:0"), std::string("[::1]:0"),
                                     std::string(":0"), "unix:" + path.text()}) {
        echo_port port(local(where.c_str()));
        port.run();
        stream_client client(port.accepts.bound());
        client.send("x");
        BOOST_TEST(client.receive(1) == "x");
        BOOST_TEST(port.books.connections.value() == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_dual_stack_port_takes_both_families) {
    echo_port port(local(":0"));
    port.run();
    const std::string bound = port.accepts.bound();
    for (const char* host : {"127.0.0.1", "[::1]"}) {
        stream_client client(std::string(host) + bound.substr(bound.rfind(':')));
        client.send("x");
        BOOST_TEST(client.receive(1) == "x");
    }
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_one_clear_line) {
    echo_port first(local());
    first.run();
    const std::string bound = first.accepts.bound();
    BOOST_TEST(fault_of(local(bound.c_str())) ==
               "can't listen on tcp " + bound + ": address already in use");
}

BOOST_AUTO_TEST_CASE(a_stale_socket_file_is_replaced_and_a_live_one_is_not) {
    const scratch_path path("acceptor-stale.sock");
    const std::string where = "unix:" + path.text();
    leave_stale_socket(path.text());
    {
        echo_port port(local(where.c_str()));
        port.run();
        BOOST_TEST(fault_of(local(where.c_str())) ==
                   "can't listen on tcp " + where + ": address already in use");
        stream_client client(where);
        client.send("x");
        BOOST_TEST(client.receive(1) == "x");
        port.accepts.stop();
        BOOST_TEST(port.ended());
        BOOST_TEST(!std::filesystem::exists(path.text()));
    }
    std::ofstream(path.text()) << "a file of somebody else's";
    BOOST_TEST(!fault_of(local(where.c_str())).empty());
    BOOST_TEST(std::filesystem::exists(path.text()));
}

BOOST_AUTO_TEST_CASE(whoever_is_not_allowed_is_closed_and_counted) {
    acceptor_options options = local();
    options.allow = {parse_cidr("10.0.0.0/8")};
    echo_port port(options);
    port.run();
    stream_client client(port.accepts.bound());
    BOOST_TEST(client.receive_all() == "");
    BOOST_TEST(port.books.refused_messages[refusal::not_allowed].value() == 1u);
    BOOST_TEST(port.books.connections.value() == 0);
}

BOOST_AUTO_TEST_CASE(over_max_connections_is_refused_until_one_goes) {
    const logged log;
    acceptor_options options = local();
    options.max_connections = 2;
    echo_port port(options);
    port.run();
    auto first = std::make_unique<stream_client>(port.accepts.bound());
    stream_client second(port.accepts.bound());
    for (stream_client* each : {first.get(), &second}) {
        each->send("x");
        BOOST_TEST(each->receive(1) == "x");
    }
    BOOST_TEST(stream_client(port.accepts.bound()).receive_all() == "");
    BOOST_TEST(port.books.refused_messages[refusal::busy].value() == 1u);
    first.reset();
    BOOST_TEST(eventually([&] { return port.books.connections.value() == 1; }));
    stream_client third(port.accepts.bound());
    third.send("x");
    BOOST_TEST(third.receive(1) == "x");
    BOOST_TEST(log.count("2 connections are open") == 1u);
}

// Lets the program open one descriptor more and no further.
class descriptor_shortage {
public:
    descriptor_shortage() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const int next = ::dup(0);
        ::close(next);
        const rlimit one_more{static_cast<rlim_t>(next) + 1, before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &one_more);
    }
    ~descriptor_shortage() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    descriptor_shortage(const descriptor_shortage&) = delete;
    descriptor_shortage& operator=(const descriptor_shortage&) = delete;

private:
    rlimit before_{};
};

BOOST_AUTO_TEST_CASE(out_of_descriptors_is_logged_once_and_survived) {
    const logged log;
    echo_port port(local());
    port.run();
    const auto where = resolve_stream(parse_address(port.accepts.bound()));
    stream_client first(where); // threads that have run open no descriptors by the way
    stream_client second(where);
    for (stream_client* each : {&first, &second}) {
        each->send("x");
        BOOST_TEST(each->receive(1) == "x");
    }
    std::optional<descriptor_shortage> shortage(std::in_place);
    stream_client client(where); // takes the last one
    client.send("x");
    BOOST_TEST(eventually([&] { return log.count("can't accept") > 0; }));
    BOOST_TEST(port.books.connections.value() == 2);
    shortage.reset();
    BOOST_TEST(client.receive(1) == "x");
    BOOST_TEST(log.count("can't accept") == 1u);
}

BOOST_AUTO_TEST_CASE(the_sweeper_closes_what_is_idle_too_long) {
    echo_port port(local(), 20ms);
    port.run();
    stream_client client(port.accepts.bound());
    BOOST_TEST(client.receive_all() == "");
    BOOST_TEST(eventually([&] { return port.books.connections.value() == 0; }));
}

BOOST_AUTO_TEST_CASE(stop_ends_sessions_and_serves_nobody_new) {
    echo_port port(local());
    port.run();
    const std::string bound = port.accepts.bound();
    stream_client idle(bound);
    idle.send("x");
    BOOST_TEST(idle.receive(1) == "x");
    port.accepts.stop();
    BOOST_TEST(port.ended());
    BOOST_TEST(idle.receive_all() == "");
    BOOST_CHECK_THROW(stream_client{bound}, std::system_error);
}

// Says hello and goes, whatever else is going on.
task<> greet(std::shared_ptr<connection> peer) {
    co_await peer->socket.async_write_some(boost::asio::buffer("x", 1), use_task_tuple);
}

struct greeter {
    greeter(io_pool& pool, const std::string& where)
        : accepts({pool, destination, books, 0}, tasks, local(where.c_str()), greet) {
        books.listener = "tcp";
    }
    null_queue destination;
    listener_books books;
    task_group tasks{"greeter"};
    weir::acceptor accepts;
};

BOOST_AUTO_TEST_CASE(who_connects_while_another_takes_over_is_served) {
    const scratch_path path("acceptor-taken-over.sock");
    io_pool pool(2);
    pool.start();
    for (const std::string& where : {std::string("127.0.0.1:0"), "unix:" + path.text()}) {
        auto runs = std::make_unique<greeter>(pool, where);
        runs->accepts.open();
        runs->accepts.start();
        const std::string bound = runs->accepts.bound();
        std::atomic<bool> stopping{false};
        std::atomic<int> served{0};
        std::atomic<int> unserved{0};
        std::thread knocks([&] {
            while (!stopping) {
                std::string got;
                try {
                    got = stream_client(bound).receive(1);
                } catch (const std::exception&) { // refused, or not answered
                }
                ++(got == "x" ? served : unserved);
            }
        });
        for (int i = 0; i < 200; ++i) {
            auto next = std::make_unique<greeter>(pool, where);
            next->accepts.take_over(runs->accepts);
            next->accepts.open();
            BOOST_TEST(next->accepts.bound() == bound);
            const int before = served + unserved;
            runs->accepts.stop();
            next->accepts.start();
            BOOST_TEST(runs->tasks.wait_until(std::chrono::steady_clock::now() + soon));
            BOOST_TEST(eventually([&] { return served + unserved > before + 1; }));
            runs = std::move(next);
        }
        stopping = true;
        knocks.join();
        BOOST_TEST(unserved == 0);
        BOOST_TEST(served >= 200);
        BOOST_TEST(std::filesystem::exists(path.text()) == where.starts_with("unix:"));
        runs->accepts.stop();
        BOOST_TEST(runs->tasks.wait_until(std::chrono::steady_clock::now() + soon));
        BOOST_CHECK_THROW(stream_client{bound}, std::system_error);
    }
    BOOST_TEST(!std::filesystem::exists(path.text()));
    pool.stop();
}

BOOST_AUTO_TEST_CASE(what_is_only_open_lets_nobody_in) {
    io_pool pool(1);
    greeter only_open(pool, "127.0.0.1:0");
    only_open.accepts.open();
    BOOST_CHECK_THROW(stream_client{only_open.accepts.bound()}, std::system_error);
    only_open.accepts.listen();
    const stream_client waits(only_open.accepts.bound());
    only_open.accepts.abandon();
    BOOST_TEST(only_open.books.refused_messages[refusal::closing].value() == 1u);
}

// Its number would be another's at once, while the session still watches it.
struct watcher {
    static task<> serve(watcher* self, std::shared_ptr<connection> peer) {
        peer->on_stop = [self, of = peer.get()] {
            self->open_at_the_end = of->socket.is_open();
            of->socket.cancel();
        };
        self->begun.set_value();
        char byte = 0;
        co_await peer->socket.async_read_some(boost::asio::buffer(&byte, 1), use_task_tuple);
        peer->on_stop = {};
    }
    std::promise<void> begun;
    std::atomic<bool> open_at_the_end{false};
};

BOOST_AUTO_TEST_CASE(a_socket_that_is_watched_is_open_until_its_session_ends) {
    io_pool pool(1);
    null_queue destination;
    listener_books books;
    task_group tasks("watcher");
    watcher watched;
    weir::acceptor accepts({pool, destination, books, 0}, tasks, local(),
                           [&watched](std::shared_ptr<connection> peer) {
                               return watcher::serve(&watched, std::move(peer));
                           });
    accepts.open();
    accepts.start();
    pool.start();
    stream_client client(accepts.bound());
    watched.begun.get_future().wait();
    accepts.stop_now();
    BOOST_TEST(client.receive_all() == "");
    BOOST_TEST(watched.open_at_the_end);
    accepts.stop();
    BOOST_TEST(tasks.wait_until(std::chrono::steady_clock::now() + soon));
    pool.stop();
}

// Hands over as an upgraded WebSocket does.
struct keeper {
    static task<> serve(keeper* self, std::shared_ptr<connection> peer) {
        self->place = peer->hand_over();
        self->socket = std::make_unique<stream_socket>(std::move(peer->socket));
        self->done.set_value();
        co_return;
    }
    std::promise<void> done;
    std::shared_ptr<void> place;
    std::unique_ptr<stream_socket> socket;
};

BOOST_AUTO_TEST_CASE(a_handed_over_socket_keeps_its_place_and_nothing_else) {
    io_pool pool(1);
    null_queue destination;
    listener_books books;
    task_group tasks("keeper");
    keeper kept;
    {
        weir::acceptor accepts({pool, destination, books, 0}, tasks, local(),
                               [&kept](std::shared_ptr<connection> peer) {
                                   return keeper::serve(&kept, std::move(peer));
                               });
        accepts.open();
        accepts.start();
        pool.start();
        stream_client client(accepts.bound());
        kept.done.get_future().wait();
        accepts.stop();
        accepts.stop_now();
        BOOST_TEST(tasks.wait_until(std::chrono::steady_clock::now() + soon));
        BOOST_TEST(books.connections.value() == 1);
        kept.socket->write_some(boost::asio::buffer("y", 1));
        BOOST_TEST(client.receive(1) == "y");
    }
    pool.stop();
    kept.socket.reset();
    kept.place.reset();
    BOOST_TEST(books.connections.value() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

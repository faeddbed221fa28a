// Publishers, clients that stay, clients that come and go and clients that stop, all at once.
#include "gateway/io_pool.hpp"
#include "sinks/broadcast.hpp"
#include "test/sinks/live_client.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <thread>

using namespace weir;
using namespace weir::test;

namespace {

constexpr int publishers = 3;
constexpr std::uint64_t batches = 2000; // of each
constexpr std::uint64_t per_batch = 10;

void publish(queue& to, int publisher) {
    for (std::uint64_t i = 0; i < batches; ++i) {
        batch_builder builder(0);
        for (std::uint64_t k = 0; k < per_batch; ++k) {
            std::string message =
                std::to_string(publisher) + " " + std::to_string(i * per_batch + k) + " ";
            message.resize(message.size() + (i * 7 + k) % 300, 'x');
            builder.append(message);
        }
        batch_ptr fresh = builder.finish();
        to.publish(fresh);
        if (i % 16 == 0)
            std::this_thread::yield();
    }
}

// Order per publisher, and every event received or told of.
struct account {
    std::map<int, std::uint64_t> next;
    std::uint64_t received = 0;
    std::uint64_t told = 0;
    bool in_order = true;
    bool closed = false;

    void take(const received_frame& frame) {
        if (frame.op == opcode::close) {
            closed = frame.close_code() == 1001;
        } else if (frame.is_gap()) {
            told += frame.missed();
        } else if (frame.op == opcode::text) {
            std::size_t at = 0;
            const int publisher = std::stoi(frame.payload, &at);
            const std::uint64_t number = std::stoull(frame.payload.substr(at));
            in_order = in_order && number >= next[publisher];
            next[publisher] = number + 1;
            ++received;
        }
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(broadcast)

BOOST_AUTO_TEST_CASE(clients_come_and_go_while_events_flow) {
    const std::unique_ptr<queue> fifo = make_queue({});
    const std::unique_ptr<queue_reader> source = fifo->subscribe();
    sink_books books;
    io_pool pool(2);
    broadcast_times times;
    times.flush = times.close = std::chrono::seconds(60);
    times.sweep = std::chrono::milliseconds(2);
    times.ping = std::chrono::milliseconds(3);
    broadcast_sink sink({pool, *source, books},
                        parse_options<broadcast_options>(":0,client-buffer=32KiB"), times);
    sink.start();
    const http_route live = sink.routes().at(0);
    pool.start();

    std::vector<live_client> staying;
    for (int i = 0; i < 8; ++i)
        staying.emplace_back(live, pool.next(), i % 2 == 0 ? 0 : 4096);
    while (books.clients.value() < 8)
        std::this_thread::yield();

    std::vector<std::thread> threads;
    for (int i = 0; i < publishers; ++i)
        threads.emplace_back([&, i] { publish(*fifo, i); });
    std::thread reading([&] {
        std::vector<account> accounts(staying.size());
        for (bool more = true; more;) {
            more = false;
            for (std::size_t i = 0; i < staying.size(); ++i) {
                while (const auto frame = staying[i].frame()) {
                    accounts[i].take(*frame);
                    if (frame->op == opcode::ping)
                        staying[i].send(opcode::pong, frame->payload);
                    if (accounts[i].closed)
                        staying[i].shut();
                }
                more = more || !staying[i].ended();
            }
        }
        for (const account& each : accounts) {
            BOOST_TEST(each.closed);
            BOOST_TEST(each.in_order);
            BOOST_TEST(each.received + each.told == publishers * batches * per_batch);
        }
    });
    std::thread churning([&] {
        std::vector<live_client> stopped;
        for (int i = 0; i < 300; ++i) {
            live_client passing(live, pool.next(), 4096);
            if (i % 3 == 0)
                passing.send(opcode::ping, "p");
            if (i % 5 == 0)
                passing.send("\x01 no such frame");
            if (i % 7 == 0)
                passing.send(opcode::close, "\x03\xe8");
            if (i % 2 == 0)
                passing.frame();
            if (i % 10 == 0)
                stopped.push_back(std::move(passing));
        }
    });
    churning.join();
    for (std::thread& each : threads)
        each.join();
    fifo->close();
    reading.join();
    BOOST_TEST(
        sink.tasks().wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(120)));
    BOOST_TEST(books.clients.value() == 0);
    BOOST_TEST(source->taken() + source->missed() == publishers * batches * per_batch);
    BOOST_TEST(books.delivered_messages.value() == source->taken());
}

BOOST_AUTO_TEST_SUITE_END()

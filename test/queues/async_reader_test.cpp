#include "queues/async_reader.hpp"
#include "queues/steps/pipeline.hpp"
#include "test/queues/queue_helpers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <thread>

using namespace weir;
using namespace weir::test;
using strings = std::vector<std::string>;
namespace asio = boost::asio;

namespace {

task<> take_all(weir::async_reader& from, strings& into) {
    while (batch_ptr next = co_await from.take())
        into.push_back(first(next));
}

task<> wait_once(weir::async_reader& from, std::chrono::steady_clock::time_point until,
                 bool& returned) {
    co_await from.wait(until);
    returned = true;
}

task<> own_a_reader(queue_reader& source, io_executor where) {
    weir::async_reader reader(source, where);
    co_await reader.wait();
}

struct fixture {
    asio::io_context context{1};
    std::unique_ptr<queue> q = make_queue({.slots = 64});
    std::unique_ptr<queue_reader> source = q->subscribe();
    weir::async_reader reader{*source, context.get_executor()};

    void spawn(task<> what) {
        asio::co_spawn(context.get_executor(), std::move(what), asio::detached);
    }
    // Runs it on a thread of its own, when everything spawned before is suspended.
    void elsewhere(std::function<void()> what) {
        asio::post(context, [what = std::move(what)] { std::thread(what).join(); });
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(async_reader)

BOOST_FIXTURE_TEST_CASE(takes_what_is_there_and_ends_with_the_queue, fixture) {
    publish(*q, make_batch(1));
    publish(*q, make_batch(2));
    q->close();
    strings got;
    spawn(take_all(reader, got));
    context.run();
    BOOST_TEST(got == (strings{"1", "2"}), boost::test_tools::per_element());
    BOOST_TEST(reader.finished());
    BOOST_TEST(!reader.stopped());
}

BOOST_FIXTURE_TEST_CASE(passes_over_what_its_steps_do_not_want, fixture) {
    counter passed_over;
    const auto steps = std::make_shared<pipeline>();
    steps->add(std::vector<ordered_option>{{"filter", "a"}, {"drop", "type"}});
    weir::async_reader picky(*source, context.get_executor(), {steps, &passed_over});
    publish(*q, make_batch({R"({"type":"b"})", "text"}));
    publish(*q, make_batch({R"({"type":"b"})", R"({"type":"a","n":1})"}));
    publish(*q, make_batch({R"({"type":"a","n":2})"}));
    publish(*q, make_batch({"text"}));
    q->close();
    strings got;
    spawn(take_all(picky, got));
    context.run();
    BOOST_TEST(got == (strings{R"({"n":1})", R"({"n":2})"}), boost::test_tools::per_element());
    BOOST_TEST(passed_over.value() == 4u);
    BOOST_TEST(source->taken() == 6u);
}

BOOST_AUTO_TEST_CASE(events_are_numbered_over_what_was_missed_and_passed_over) {
    const auto q = make_queue({.slots = 4});
    const auto source = q->subscribe();
    const auto steps = std::make_shared<pipeline>();
    steps->add(std::vector<ordered_option>{{"filter", "!b"}, {"envelope", "on"}});
    asio::io_context context{1};
    weir::async_reader reader(*source, context.get_executor(), {steps, nullptr});
    const auto numbers = [&] {
        strings all;
        while (const batch_ptr next = reader.try_take())
            for (const std::string_view each : *next)
                all.emplace_back(each.substr(0, each.find(',')));
        return all;
    };
    publish(*q, make_batch({"1", R"({"type":"b"})", "3"}));
    BOOST_TEST(numbers() == (strings{R"({"seq":1)", R"({"seq":3)"}),
               boost::test_tools::per_element());
    for (std::size_t i = 0; i < 6; ++i) // 4 and 5 give way
        publish(*q, make_batch(i));
    BOOST_TEST(numbers() == (strings{R"({"seq":6)", R"({"seq":7)", R"({"seq":8)", R"({"seq":9)"}),
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(is_woken_from_another_thread, fixture) {
    strings got;
    spawn(take_all(reader, got));
    elsewhere([&] { publish(*q, make_batch(1)); });
    context.poll();
    BOOST_TEST(got == strings{"1"}, boost::test_tools::per_element());
    elsewhere([&] { q->close(); });
    context.run();
    BOOST_TEST(reader.finished());
}

BOOST_FIXTURE_TEST_CASE(no_wake_is_lost, fixture) {
    constexpr std::size_t batches = 20'000;
    std::size_t got = 0;
    asio::co_spawn(
        context.get_executor(),
        [](weir::async_reader& from, std::size_t& count) -> task<> {
            while (co_await from.take())
                ++count;
        }(reader, got),
        asio::detached);
    std::thread publisher([&] {
        for (std::size_t i = 0; i < batches; ++i) {
            publish(*q, make_batch(i));
            if (i % 64 == 0)
                std::this_thread::yield(); // or the reader would never have to wait
        }
        q->close();
    });
    context.run();
    publisher.join();
    BOOST_TEST(got + source->missed() == batches);
}

BOOST_FIXTURE_TEST_CASE(stop_ends_a_wait_from_another_thread, fixture) {
    strings got;
    spawn(take_all(reader, got));
    elsewhere([&] { reader.stop(); });
    context.run();
    BOOST_TEST(reader.stopped());
    BOOST_TEST(reader.finished());
    BOOST_TEST(got.empty());

    // And every wait and take from now on.
    publish(*q, make_batch(1));
    bool returned = false;
    spawn(wait_once(reader, weir::async_reader::forever, returned));
    spawn(take_all(reader, got));
    context.restart();
    context.run();
    BOOST_TEST(returned);
    BOOST_TEST(got.empty());
    BOOST_TEST(first(reader.try_take()) == "1"); // what is left can still be counted
}

BOOST_FIXTURE_TEST_CASE(a_wait_ends_at_its_deadline, fixture) {
    bool returned = false;
    spawn(wait_once(reader, std::chrono::steady_clock::now(), returned));
    context.run();
    BOOST_TEST(returned);
    BOOST_TEST(!reader.try_take());

    // Nobody is parked any more, and the next wait is as good as the first.
    publish(*q, make_batch(1));
    BOOST_TEST(first(reader.try_take()) == "1");
    returned = false;
    spawn(wait_once(reader, weir::async_reader::forever, returned));
    elsewhere([&] { publish(*q, make_batch(2)); });
    context.restart();
    context.run();
    BOOST_TEST(returned);
    BOOST_TEST(first(reader.try_take()) == "2");
}

BOOST_FIXTURE_TEST_CASE(a_wait_does_not_suspend_where_something_is_there, fixture) {
    publish(*q, make_batch(1));
    bool returned = false;
    spawn(wait_once(reader, weir::async_reader::forever, returned));
    context.run();
    BOOST_TEST(returned);
}

BOOST_AUTO_TEST_CASE(a_reader_destroyed_in_a_wait_is_not_woken) {
    const auto q = make_queue({.slots = 64});
    const auto source = q->subscribe();
    {
        asio::io_context context{1};
        asio::co_spawn(context.get_executor(), own_a_reader(*source, context.get_executor()),
                       asio::detached);
        context.poll();
    }
    publish(*q, make_batch(1)); // the address sanitizer sees the rest
    BOOST_TEST(first(source->try_take()) == "1");
}

BOOST_AUTO_TEST_SUITE_END()

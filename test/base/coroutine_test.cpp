// A canary: the coroutine patterns that weir's code relies on, for compilers have got some of them
// wrong. To be looked at first, and under the address sanitizer, when coroutines misbehave.
#include "base/executor.hpp"
#include "base/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace weir;
namespace asio = boost::asio;

namespace {

// Counts how often one and the same object is made and destroyed.
struct counted {
    explicit counted(int& live) : live_(&live) { ++*live_; }
    counted(counted&& other) noexcept : live_(other.live_) { ++*live_; }
    counted(const counted& other) : live_(other.live_) { ++*live_; }
    counted& operator=(const counted&) = delete;
    ~counted() { --*live_; }
    int* live_;
};

task<> pause(io_timer& timer) {
    timer.expires_after(std::chrono::milliseconds(0));
    auto over = timer.async_wait(asio::as_tuple(asio::deferred));
    auto result = co_await std::move(over); // NOLINT(performance-move-const-arg)
    auto [fault] = result;
    BOOST_TEST(!fault);
}

task<std::string> joined(io_timer& timer, std::unique_ptr<std::string> first, std::string second,
                         counted watched) {
    co_await pause(timer);
    BOOST_TEST(*watched.live_ > 0);
    co_return *first + second;
}

task<int> thrown(io_timer& timer, counted watched) {
    co_await pause(timer);
    if (*watched.live_ > 0)
        throw std::runtime_error("after a wait");
    co_return 0;
}

task<> all(io_executor where, int& live, std::vector<std::string>& seen) {
    io_timer timer(where);
    for (int i = 0; i < 3; ++i) {
        auto first = std::make_unique<std::string>("a long enough first part, on the heap ");
        std::string second = std::to_string(i);
        counted watched(live);
        task<std::string> pending =
            joined(timer, std::move(first), std::move(second), std::move(watched));
        seen.push_back(co_await std::move(pending));
    }
    try {
        task<int> pending = thrown(timer, counted(live));
        co_await std::move(pending);
    } catch (const std::runtime_error& fault) {
        seen.emplace_back(fault.what());
    }
}

task<> hold(io_timer& timer, std::shared_ptr<int> held) {
    co_await timer.async_wait(use_task_tuple);
    ++*held;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coroutine)

BOOST_AUTO_TEST_CASE(parameters_live_as_long_as_their_coroutine_and_no_longer) {
    asio::io_context context(1);
    task_group tasks("canary");
    int live = 0;
    std::vector<std::string> seen;
    tasks.spawn(context.get_executor(), all(context.get_executor(), live, seen));
    context.run();
    BOOST_TEST(tasks.running() == 0u);
    BOOST_TEST(live == 0);
    BOOST_REQUIRE(seen.size() == 4u);
    BOOST_TEST(seen[2] == "a long enough first part, on the heap 2");
    BOOST_TEST(seen[3] == "after a wait");
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_cancelled_resumes_its_coroutine) {
    asio::io_context context(1);
    task_group tasks("canary");
    io_timer timer(context.get_executor(), io_timer::time_point::max());
    auto held = std::make_shared<int>(0);
    tasks.spawn(context.get_executor(), hold(timer, held));
    asio::post(context.get_executor(), [&timer] { timer.cancel(); });
    context.run();
    BOOST_TEST(*held == 1);
    BOOST_TEST(held.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_context_that_ends_destroys_the_coroutines_that_wait_on_it) {
    auto held = std::make_shared<int>(0);
    task_group tasks("canary");
    {
        asio::io_context context(1);
        io_timer timer(context.get_executor(), io_timer::time_point::max());
        tasks.spawn(context.get_executor(), hold(timer, held));
        context.poll();
        BOOST_TEST(held.use_count() == 2);
        context.stop();
    }
    BOOST_TEST(*held == 0);
    BOOST_TEST(held.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

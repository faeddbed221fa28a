#include "queues/publish.hpp"
#include "test/queues/queue_helpers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <optional>
#include <set>
#include <thread>

using namespace weir;
using namespace weir::test;
namespace asio = boost::asio;

namespace {

constexpr auto patient = std::chrono::hours(1);

struct fixture {
    asio::io_context context{1};
    listener_books books;
    std::unique_ptr<queue> q;
    std::unique_ptr<queue_reader> reader;
    std::deque<std::optional<bool>> results;

    void make(when_full policy) {
        q = make_queue({.slots = 2, .policy = policy});
        reader = q->subscribe();
    }
    void fill() {
        publish(*q, make_batch(1000));
        publish(*q, make_batch(1001));
    }
    void spawn_publish(batch_ptr fresh, std::chrono::steady_clock::duration patience) {
        asio::co_spawn(context.get_executor(),
                       run(*this, std::move(fresh), patience, results.emplace_back()),
                       asio::detached);
    }
    static task<> run(fixture& self, batch_ptr fresh, std::chrono::steady_clock::duration patience,
                      std::optional<bool>& result) {
        result = co_await publish_when_space(*self.q, self.books, std::move(fresh),
                                             self.context.get_executor(), patience);
    }
    void elsewhere(std::function<void()> what) {
        asio::post(context, [what = std::move(what)] { std::thread(what).join(); });
    }
    std::uint64_t refused(refusal why) const { return books.refused_messages[why].value(); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(publish)

BOOST_FIXTURE_TEST_CASE(now_counts_what_became_of_it, fixture) {
    make(when_full::drop_newest);
    BOOST_TEST(publish_now(*q, books, make_batch({"one", "three"})));
    BOOST_TEST(publish_now(*q, books, make_batch({"x"})));
    BOOST_TEST(books.received_messages.value() == 3u);
    BOOST_TEST(books.received_bytes.value() == 9u);
    BOOST_TEST(!publish_now(*q, books, make_batch({"y", "z"})));
    BOOST_TEST(refused(refusal::queue_full) == 2u);
    q->close();
    BOOST_TEST(!publish_now(*q, books, make_batch({"y", "z", "q"})));
    BOOST_TEST(refused(refusal::closing) == 3u);
    BOOST_TEST(books.received_messages.value() == 3u);
}

BOOST_FIXTURE_TEST_CASE(now_does_not_wait_under_block, fixture) {
    make(when_full::block);
    fill();
    BOOST_TEST(!publish_now(*q, books, make_batch(1, 5)));
    BOOST_TEST(refused(refusal::queue_full) == 5u);
}

BOOST_FIXTURE_TEST_CASE(trying_leaves_the_batch_and_the_books_where_it_must_wait, fixture) {
    make(when_full::block);
    fill();
    batch_ptr fresh = make_batch(1);
    BOOST_TEST(!try_publish(*q, books, fresh));
    BOOST_TEST(first(fresh) == "1");
    BOOST_TEST(books.received_messages.value() + books.refused_messages.total() == 0u);
    reader->try_take();
    BOOST_TEST(try_publish(*q, books, fresh));
    BOOST_TEST(!fresh);
    BOOST_TEST(books.received_messages.value() == 1u);
}

BOOST_FIXTURE_TEST_CASE(waits_until_a_reader_on_another_thread_makes_space, fixture) {
    make(when_full::block);
    fill();
    spawn_publish(make_batch(1), patient);
    context.poll();
    BOOST_TEST(!results[0].has_value());
    elsewhere([&] { reader->try_take(); });
    context.run();
    BOOST_TEST(results[0].value());
    BOOST_TEST(books.received_messages.value() == 1u);
    BOOST_TEST(drain(*reader) == (std::vector<std::string>{"1001", "1"}),
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(gives_up_when_patience_ends, fixture) {
    make(when_full::block);
    fill();
    spawn_publish(make_batch(1, 3), std::chrono::milliseconds(0));
    spawn_publish(make_batch(2, 4), std::chrono::milliseconds(1));
    context.run();
    BOOST_TEST(!results[0].value());
    BOOST_TEST(!results[1].value());
    BOOST_TEST(refused(refusal::queue_full) == 7u);
    BOOST_TEST(books.received_messages.value() == 0u);
}

BOOST_FIXTURE_TEST_CASE(closing_ends_every_wait, fixture) {
    make(when_full::block);
    fill();
    for (std::size_t i = 0; i < 5; ++i)
        spawn_publish(make_batch(i), patient);
    elsewhere([&] { q->close(); });
    context.run();
    for (const auto& each : results)
        BOOST_TEST(!each.value());
    BOOST_TEST(refused(refusal::closing) == 5u);
}

BOOST_FIXTURE_TEST_CASE(all_that_wait_get_their_turn, fixture) {
    make(when_full::block);
    fill();
    constexpr std::size_t waiting = 200;
    for (std::size_t i = 0; i < waiting; ++i)
        spawn_publish(make_batch(i), patient);
    context.poll();
    std::set<std::string> got;
    std::thread taker([&] {
        while (got.size() < waiting + 2)
            if (batch_ptr next = reader->try_take())
                got.insert(first(next));
            else
                std::this_thread::yield();
    });
    context.run();
    taker.join();
    BOOST_TEST(reader->taken() == waiting + 2);
    BOOST_TEST(books.received_messages.value() == waiting);
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_destroyed_is_not_woken) {
    const auto q = make_queue({.slots = 2, .policy = when_full::block});
    const auto reader = q->subscribe();
    listener_books books;
    for (std::size_t i = 0; i < 2; ++i)
        test::publish(*q, make_batch(i));
    {
        asio::io_context context{1};
        asio::co_spawn(
            context.get_executor(),
            publish_when_space(*q, books, make_batch(9), context.get_executor(), patient),
            asio::detached);
        context.poll();
    }
    BOOST_TEST(drain(*reader).size() == 2u); // the address sanitizer sees the rest
    BOOST_TEST(books.received_messages.value() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

#include "gateway/ending_reader.hpp"
#include "test/queues/queue_helpers.hpp"

#include <thread>

using namespace weir;
using namespace weir::test;

BOOST_AUTO_TEST_SUITE(ending_reader)

BOOST_AUTO_TEST_CASE(two_have_each_message_once_between_them) {
    for (const queue_kind kind : every_kind) {
        const auto q = make_queue({kind});
        const auto first_source = q->subscribe();
        weir::ending_reader first_reader(*first_source);
        publish(*q, make_batch(1, 3));
        publish(*q, make_batch(2));
        const auto second_source = q->subscribe();
        publish(*q, make_batch(3));
        BOOST_TEST(first_reader.published() == 5u);
        first_reader.end(*second_source);
        publish(*q, make_batch(4));
        BOOST_TEST(first_reader.published() == 4u);
        BOOST_TEST(!first_reader.finished());
        BOOST_TEST(drain(first_reader) == (std::vector<std::string>{"1", "2"}),
                   boost::test_tools::per_element());
        BOOST_TEST(first_reader.finished());
        BOOST_TEST(first_reader.taken() == 4u);
        BOOST_TEST(first_reader.missed() == 0u);
        BOOST_TEST(drain(*second_source) == (std::vector<std::string>{"3", "4"}),
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(what_one_had_taken_already_the_other_skips) {
    for (const queue_kind kind : every_kind) {
        const auto q = make_queue({kind});
        const auto first_source = q->subscribe();
        weir::ending_reader first_reader(*first_source);
        publish(*q, make_batch(1, 3));
        const auto second_source = q->subscribe();
        weir::ending_reader second_reader(*second_source);
        publish(*q, make_batch(2, 2));
        publish(*q, make_batch(3, 5));
        BOOST_TEST(first(first_reader.try_take()) == "1");
        BOOST_TEST(first(first_reader.try_take()) == "2");
        first_reader.end(*second_source);
        BOOST_TEST(first_reader.finished());
        BOOST_TEST(first_reader.published() == 5u);
        BOOST_TEST(first_reader.beyond_end() == 2u);
        second_reader.skip(2);
        BOOST_TEST(second_reader.published() == 5u);
        BOOST_TEST(second_reader.taken() == 0u);
        BOOST_TEST(drain(second_reader) == std::vector<std::string>{"3"},
                   boost::test_tools::per_element());
        BOOST_TEST(second_reader.taken() == 5u);
        BOOST_TEST(second_reader.missed() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(what_the_queue_gave_up_before_the_end_is_missed) {
    for (const queue_kind kind : rings) {
        const auto q = make_queue({kind, 2});
        const auto first_source = q->subscribe();
        weir::ending_reader first_reader(*first_source);
        for (std::size_t i = 1; i <= 3; ++i)
            publish(*q, make_batch(i, 2));
        const auto second_source = q->subscribe();
        first_reader.end(*second_source);
        publish(*q, make_batch(4, 2));
        publish(*q, make_batch(5, 2)); // by now all that was the first's is gone
        BOOST_TEST(drain(first_reader).empty());
        BOOST_TEST(first_reader.finished());
        BOOST_TEST(first_reader.published() == 6u);
        BOOST_TEST(first_reader.missed() == 6u);
    }
}

BOOST_AUTO_TEST_CASE(the_end_wakes_who_waits_for_more) {
    for (const queue_kind kind : every_kind) {
        const auto q = make_queue({kind});
        const auto source = q->subscribe();
        weir::ending_reader reader(*source);
        counting_waker sleeper;
        BOOST_TEST(reader.park(sleeper));
        const auto successor = q->subscribe();
        reader.end(*successor);
        BOOST_TEST(sleeper.wakes == 1);
        publish(*q, make_batch(1));
        BOOST_TEST(sleeper.wakes == 1);
        reader.unpark();
        BOOST_TEST(!reader.park(sleeper));
    }
}

BOOST_AUTO_TEST_CASE(the_queue_wakes_through_it) {
    const auto q = make_queue({});
    const auto source = q->subscribe();
    weir::ending_reader reader(*source);
    counting_waker sleeper;
    BOOST_TEST(reader.park(sleeper));
    publish(*q, make_batch(1));
    BOOST_TEST(sleeper.wakes == 1);
    BOOST_TEST(reader.park(sleeper) == false);
    BOOST_TEST(first(reader.try_take()) == "1");
    q->close();
    BOOST_TEST(reader.finished());
}

BOOST_AUTO_TEST_CASE(the_cut_is_exact_while_others_publish) {
    for (const queue_kind kind : every_kind) {
        const auto q = make_queue({kind});
        std::atomic<bool> stop{false};
        std::thread publisher([&] {
            for (std::size_t i = 0; !stop; ++i) {
                publish(*q, make_batch(i, 1 + i % 3));
                std::this_thread::yield();
            }
        });
        auto source = q->subscribe();
        std::size_t next = 0;
        bool begun = false;
        for (int round = 0; round < 100; ++round) {
            weir::ending_reader reader(*source);
            auto successor = q->subscribe();
            const auto take = [&] {
                const batch_ptr b = reader.try_take();
                if (!b)
                    return;
                const auto number = std::stoull(first(b));
                BOOST_TEST_REQUIRE((!begun || number == next));
                begun = true;
                next = number + 1;
            };
            take();
            take();
            reader.end(*successor);
            while (!reader.finished())
                take();
            BOOST_TEST(reader.published() == reader.taken());
            weir::ending_reader(*successor).skip(reader.beyond_end());
            source = std::move(successor);
        }
        stop = true;
        publisher.join();
    }
}

BOOST_AUTO_TEST_SUITE_END()

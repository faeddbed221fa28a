// What holds for every queue.
#include "queues/queue.hpp"
#include "test/counting_new.hpp"
#include "test/queues/queue_helpers.hpp"

#include <stdexcept>

using namespace weir;
using namespace weir::test;
using strings = std::vector<std::string>;

namespace {

template <class Body>
void for_every(Body body) {
    for (queue_kind kind : every_kind)
        BOOST_TEST_CONTEXT(choices(kind)[static_cast<std::size_t>(kind)].first)
    body(*make_queue({.kind = kind, .slots = 64}));
}

} // namespace

BOOST_AUTO_TEST_SUITE(queue)

BOOST_AUTO_TEST_CASE(each_reader_sees_every_batch_in_order) {
    for_every([](weir::queue& q) {
        const auto a = q.subscribe();
        const auto b = q.subscribe();
        for (std::size_t i = 0; i < 3; ++i)
            BOOST_TEST(publish(q, make_batch(i, 2)) == publish_result::published);
        BOOST_TEST(first(a->try_take()) == "0");
        BOOST_TEST(drain(*b) == (strings{"0", "1", "2"}), boost::test_tools::per_element());
        BOOST_TEST(drain(*a) == (strings{"1", "2"}), boost::test_tools::per_element());
        for (const queue_reader* each : {a.get(), b.get()}) {
            BOOST_TEST(each->published() == 6u);
            BOOST_TEST(each->taken() == 6u);
            BOOST_TEST(each->missed() == 0u);
        }
        BOOST_TEST(q.published_messages() == 6u);
    });
}

BOOST_AUTO_TEST_CASE(batches_carry_their_position) {
    for_every([](weir::queue& q) {
        const auto reader = q.subscribe();
        for (std::size_t i = 0; i < 5; ++i) {
            publish(q, make_batch(i));
            BOOST_TEST(reader->try_take()->position() == i);
        }
    });
}

BOOST_AUTO_TEST_CASE(a_late_reader_sees_what_comes_after_it) {
    for_every([](weir::queue& q) {
        const auto early = q.subscribe();
        publish(q, make_batch(1, 3));
        const auto late = q.subscribe();
        publish(q, make_batch(2, 2));
        BOOST_TEST(drain(*late) == strings{"2"}, boost::test_tools::per_element());
        BOOST_TEST(late->published() == 2u);
        BOOST_TEST(late->taken() == 2u);
        BOOST_TEST(early->published() == 5u);
    });
}

BOOST_AUTO_TEST_CASE(sixteen_readers_and_no_more) {
    for_every([](weir::queue& q) {
        std::vector<std::unique_ptr<queue_reader>> readers;
        for (std::size_t i = 0; i < queue_reader::most; ++i)
            readers.push_back(q.subscribe());
        BOOST_CHECK_THROW(q.subscribe(), std::length_error);
        publish(q, make_batch(7));
        for (const auto& each : readers)
            BOOST_TEST(first(each->try_take()) == "7");
    });
}

BOOST_AUTO_TEST_CASE(a_place_is_free_again_when_its_reader_is_gone) {
    for_every([](weir::queue& q) {
        std::vector<std::unique_ptr<queue_reader>> readers;
        for (std::size_t i = 0; i < queue_reader::most; ++i)
            readers.push_back(q.subscribe());
        publish(q, make_batch(1, 3));
        BOOST_TEST(first(readers[3]->try_take()) == "1");
        for (const std::size_t place : {3, 5}) { // one that had taken it, and one that had not
            readers[place].reset();
            readers[place] = q.subscribe();
            BOOST_TEST(readers[place]->missed() == 0u);
            BOOST_TEST(readers[place]->published() == 0u);
            BOOST_TEST(first(readers[place]->try_take()) == "none");
        }
        publish(q, make_batch(2));
        BOOST_TEST(first(readers[3]->try_take()) == "2");
        BOOST_TEST(first(readers[5]->try_take()) == "2");
        BOOST_TEST(drain(*readers[4]) == (strings{"1", "2"}), boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(a_parked_reader_is_woken_once) {
    for_every([](weir::queue& q) {
        const auto reader = q.subscribe();
        counting_waker waker;
        BOOST_TEST(reader->park(waker));
        publish(q, make_batch(1));
        publish(q, make_batch(2));
        BOOST_TEST(waker.wakes == 1);
        reader->unpark();
        BOOST_TEST(!reader->park(waker)); // there is something to take
        publish(q, make_batch(3));
        BOOST_TEST(waker.wakes == 1);
        drain(*reader);
        BOOST_TEST(reader->park(waker));
        reader->unpark();
        publish(q, make_batch(4));
        BOOST_TEST(waker.wakes == 1);
    });
}

BOOST_AUTO_TEST_CASE(closing_leaves_what_is_there_to_take) {
    for_every([](weir::queue& q) {
        const auto reader = q.subscribe();
        const auto idle = q.subscribe();
        publish(q, make_batch(1));
        idle->try_take();
        counting_waker waker;
        BOOST_TEST(idle->park(waker));
        q.close();
        q.close();
        BOOST_TEST(waker.wakes == 1);
        BOOST_TEST(idle->finished());
        BOOST_TEST(!idle->park(waker));
        batch_ptr late = make_batch(2);
        BOOST_TEST(q.publish(late) == publish_result::closed);
        BOOST_TEST(!late);
        BOOST_TEST(!reader->finished());
        BOOST_TEST(drain(*reader) == strings{"1"}, boost::test_tools::per_element());
        BOOST_TEST(reader->finished());
        BOOST_TEST(reader->published() == 1u);
        BOOST_TEST(q.subscribe()->finished());
    });
}

BOOST_AUTO_TEST_CASE(a_batch_outlives_the_queue) {
    for (queue_kind kind : every_kind) {
        batch_ptr held;
        {
            const auto q = make_queue({.kind = kind, .slots = 4});
            const auto reader = q->subscribe();
            publish(*q, make_batch(1));
            publish(*q, make_batch(2)); // nobody takes this one
            held = reader->try_take();
        }
        BOOST_TEST(first(held) == "1");
    }
}

BOOST_AUTO_TEST_CASE(everything_is_freed) {
    const std::int64_t before = live_allocations();
    for (queue_kind kind : every_kind) {
        const auto q = make_queue({.kind = kind, .slots = 4});
        const auto reader = q->subscribe();
        for (std::size_t i = 0; i < 10; ++i) {
            publish(*q, make_batch(i));
            if (i % 3 == 0)
                reader->try_take();
        }
    }
    BOOST_TEST(live_allocations() == before);
}

BOOST_AUTO_TEST_CASE(publishing_and_taking_allocates_once_a_batch) {
    const auto q = make_queue({.slots = 64});
    const auto reader = q->subscribe();
    constexpr std::size_t batches = 200, messages = 100;
    const std::size_t before = allocations_here();
    for (std::size_t i = 0; i < batches; ++i) {
        batch_builder builder(1, messages * 4);
        for (std::size_t j = 0; j < messages; ++j)
            builder.append("abc");
        publish(*q, builder.finish());
        if (i % 2 == 0)
            reader->try_take();
    }
    BOOST_TEST(allocations_here() - before == batches);
}

BOOST_AUTO_TEST_SUITE_END()

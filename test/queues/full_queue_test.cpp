// What the queues do when they are full, in slots and in bytes.
#include "queues/queue.hpp"
#include "test/queues/queue_helpers.hpp"

using namespace weir;
using namespace weir::test;
using strings = std::vector<std::string>;

namespace {

template <class Body>
void for_both_rings(queue_options options, Body body) {
    for (queue_kind kind : rings)
        BOOST_TEST_CONTEXT(choices(kind)[static_cast<std::size_t>(kind)].first) {
            options.kind = kind;
            body(*make_queue(options));
        }
}

constexpr std::size_t padding = 400;
batch_ptr padded(std::size_t number) { return make_batch(number, 1, padding); }
std::string padded_text(std::size_t number) { return first(padded(number)); }
const std::size_t footprint = padded(0)->footprint();

} // namespace

BOOST_AUTO_TEST_SUITE(full_queue)

BOOST_AUTO_TEST_CASE(drop_oldest_keeps_the_newest_slots) {
    for_both_rings({.slots = 4}, [](queue& q) {
        const auto slow = q.subscribe();
        const auto quick = q.subscribe();
        for (std::size_t i = 0; i < 10; ++i) {
            publish(q, make_batch(i, i + 1));
            quick->try_take();
        }
        BOOST_TEST(q.batches() == 4u);
        BOOST_TEST(slow->missed() == 1u + 2 + 3 + 4 + 5 + 6);
        BOOST_TEST(drain(*slow) == (strings{"6", "7", "8", "9"}), boost::test_tools::per_element());
        BOOST_TEST(slow->taken() == 7u + 8 + 9 + 10);
        BOOST_TEST(slow->published() == slow->taken() + slow->missed());
        BOOST_TEST(quick->missed() == 0u);
        BOOST_TEST(quick->taken() == 55u);
    });
}

BOOST_AUTO_TEST_CASE(drop_oldest_keeps_the_newest_bytes) {
    for_both_rings({.slots = 64, .bytes = 3 * footprint}, [](queue& q) {
        const auto reader = q.subscribe();
        for (std::size_t i = 0; i < 9; ++i) {
            publish(q, padded(i));
            BOOST_TEST(q.bytes() <= 3 * footprint);
        }
        BOOST_TEST(q.batches() == 3u);
        BOOST_TEST(drain(*reader) == (strings{padded_text(6), padded_text(7), padded_text(8)}),
                   boost::test_tools::per_element());
        BOOST_TEST(reader->missed() == 6u);

        // One as large as the bound turns everything else out.
        publish(q, padded(9));
        batch_ptr large = make_batch(10, 1, 2 * footprint);
        const std::size_t size = large->footprint();
        BOOST_TEST(size <= 3 * footprint);
        BOOST_TEST(q.publish(large) == publish_result::published);
        BOOST_TEST(q.bytes() == size);
        BOOST_TEST(q.batches() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(what_could_never_fit_is_dropped) {
    for (when_full policy : {when_full::drop_oldest, when_full::drop_newest, when_full::block})
        for_both_rings({.slots = 4, .bytes = 1024, .policy = policy}, [](queue& q) {
            const auto reader = q.subscribe();
            publish(q, make_batch(1));
            batch_ptr large = make_batch(2, 1, 1024);
            BOOST_TEST(q.publish(large) == publish_result::dropped);
            BOOST_TEST(!large);
            BOOST_TEST(reader->published() == 1u);
            BOOST_TEST(first(reader->try_take()) == "1");
        });
}

BOOST_AUTO_TEST_CASE(drop_newest_keeps_what_someone_has_not_taken) {
    for_both_rings({.slots = 2, .policy = when_full::drop_newest}, [](queue& q) {
        const auto a = q.subscribe();
        const auto b = q.subscribe();
        publish(q, make_batch(0));
        publish(q, make_batch(1));
        a->try_take();
        batch_ptr fresh = make_batch(2);
        BOOST_TEST(q.publish(fresh) == publish_result::dropped);
        BOOST_TEST(!fresh);
        b->try_take(); // now both have the first
        BOOST_TEST(publish(q, make_batch(3)) == publish_result::published);
        BOOST_TEST(publish(q, make_batch(4)) == publish_result::dropped);
        BOOST_TEST(drain(*a) == (strings{"1", "3"}), boost::test_tools::per_element());
        BOOST_TEST(drain(*b) == (strings{"1", "3"}), boost::test_tools::per_element());
        BOOST_TEST(a->missed() + b->missed() == 0u);
        BOOST_TEST(q.batches() == 2u); // taken by all, and kept as history
    });
}

BOOST_AUTO_TEST_CASE(without_readers_nothing_is_in_the_way) {
    for (queue_kind kind : every_kind)
        for (const auto& [name, policy] : choices(when_full()))
            BOOST_TEST_CONTEXT(name) {
                const auto q = make_queue({.kind = kind, .slots = 2, .policy = policy});
                for (std::size_t i = 0; i < 5; ++i)
                    BOOST_TEST(publish(*q, make_batch(i)) == publish_result::published);
            }
}

BOOST_AUTO_TEST_CASE(block_gives_the_batch_back_and_wakes_for_space) {
    for_both_rings({.slots = 2, .policy = when_full::block}, [](queue& q) {
        const auto reader = q.subscribe();
        publish(q, make_batch(0));
        publish(q, make_batch(1));
        batch_ptr fresh = make_batch(2);
        BOOST_TEST(q.publish(fresh) == publish_result::full);
        BOOST_TEST(first(fresh) == "2");
        counting_waker waker;
        BOOST_TEST(q.wait_for_space(waker, fresh->footprint()));
        reader->try_take();
        BOOST_TEST(waker.wakes == 1);
        BOOST_TEST(!q.wait_for_space(waker, fresh->footprint())); // there is space
        BOOST_TEST(q.publish(fresh) == publish_result::published);
        BOOST_TEST(q.wait_for_space(waker, footprint));
        q.cancel_wait(waker);
        reader->try_take();
        BOOST_TEST(waker.wakes == 1);
        BOOST_TEST(drain(*reader) == strings{"2"}, boost::test_tools::per_element());
        BOOST_TEST(reader->missed() == 0u);
    });
}

BOOST_AUTO_TEST_CASE(block_holds_in_bytes_too) {
    for_both_rings({.slots = 64, .bytes = 2 * footprint, .policy = when_full::block}, [](queue& q) {
        const auto reader = q.subscribe();
        publish(q, padded(0));
        publish(q, padded(1));
        batch_ptr large = make_batch(2, 1, padding + 100);
        const std::size_t size = large->footprint();
        BOOST_TEST(size > footprint);
        BOOST_TEST(q.publish(large) == publish_result::full);
        reader->try_take(); // makes room, but not enough
        BOOST_TEST(q.publish(large) == publish_result::full);
        counting_waker waker;
        BOOST_TEST(q.wait_for_space(waker, size)); // and does not spin on what room there is
        reader->try_take();
        BOOST_TEST(waker.wakes == 1);
        BOOST_TEST(q.publish(large) == publish_result::published);
        BOOST_TEST(q.bytes() == size);
    });
}

BOOST_AUTO_TEST_CASE(waiting_publishers_are_woken_one_by_one_in_order) {
    for_both_rings({.slots = 2, .policy = when_full::block}, [](queue& q) {
        const auto reader = q.subscribe();
        publish(q, make_batch(0));
        publish(q, make_batch(1));
        counting_waker a, b, c;
        for (counting_waker* each : {&a, &b, &c})
            BOOST_TEST(q.wait_for_space(*each, footprint));
        reader->try_take();
        BOOST_TEST((a.wakes == 1 && b.wakes == 0));
        q.cancel_wait(a); // gave up without publishing: the wake is the next one's
        BOOST_TEST((b.wakes == 1 && c.wakes == 0));
        publish(q, make_batch(2));
        q.cancel_wait(b); // published: no space is left
        BOOST_TEST(c.wakes == 0);
        q.close();
        BOOST_TEST(c.wakes == 1);
        BOOST_TEST(!q.wait_for_space(c, footprint));
    });
}

BOOST_AUTO_TEST_CASE(a_reader_that_is_gone_holds_nobody_up) {
    for_both_rings({.slots = 2, .policy = when_full::block}, [](queue& q) {
        auto dead = q.subscribe();
        const auto alive = q.subscribe();
        publish(q, make_batch(0));
        publish(q, make_batch(1));
        drain(*alive);
        counting_waker waker;
        BOOST_TEST(q.wait_for_space(waker, footprint));
        dead = nullptr;
        BOOST_TEST(waker.wakes == 1);
        BOOST_TEST(publish(q, make_batch(2)) == publish_result::published);
    });
}

BOOST_AUTO_TEST_CASE(a_channel_drops_the_newest_and_keeps_no_history) {
    const auto q = make_queue({.kind = queue_kind::channel, .slots = 2}); // drop-oldest, it says
    const auto reader = q->subscribe();
    BOOST_TEST(publish(*q, make_batch(0)) == publish_result::published);
    BOOST_TEST(publish(*q, make_batch(1)) == publish_result::published);
    BOOST_TEST(publish(*q, make_batch(2)) == publish_result::dropped);
    BOOST_TEST(drain(*reader) == (strings{"0", "1"}), boost::test_tools::per_element());
    BOOST_TEST(q->batches() == 0u);
    BOOST_TEST(q->bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(an_array_has_no_bound) {
    const auto q = make_queue({.kind = queue_kind::mutex_array, .slots = 2, .bytes = 1});
    const auto reader = q->subscribe();
    for (std::size_t i = 0; i < 100; ++i)
        BOOST_TEST(publish(*q, make_batch(i)) == publish_result::published);
    BOOST_TEST(q->batches() == 100u);
    BOOST_TEST(drain(*reader).size() == 100u);
    BOOST_TEST(q->batches() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

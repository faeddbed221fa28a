// Every queue under every policy, with more threads than cores, slow readers that hold on to
// batches, one that subscribes late, others that come and go at one place, and a close in the
// middle.
#include "queues/queue.hpp"
#include "test/counting_new.hpp"
#include "test/queues/dawdling_ring.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <charconv>
#include <deque>
#include <random>
#include <semaphore>
#include <string>
#include <thread>

using namespace weir;

namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t rounds = 3'000;
#else
constexpr std::uint64_t rounds = 20'000;
#endif

constexpr std::size_t most_publishers = 4;

struct shape {
    std::size_t slots;
    std::size_t bytes;
    std::size_t publishers;
    std::size_t readers;
    bool close_early;
    std::uint64_t rounds = ::rounds; // batches a publisher
};
constexpr std::array shapes{shape{2, 1 << 20, 2, 1, false}, shape{4, 1 << 20, 3, 2, true},
                            shape{64, 1 << 20, 4, 4, false}, shape{64, 4096, 2, 3, false},
                            shape{2, 1 << 20, 4, 2, true}};

// Sleeps until it is woken. A wake that never comes is a fault to see, not a test that hangs.
class sleeper final : public waker {
public:
    void wake() override { woken_.release(); }
    bool sleep() { return woken_.try_acquire_for(std::chrono::seconds(60)); }

private:
    std::counting_semaphore<> woken_{0};
};

batch_ptr make(std::size_t publisher, std::uint64_t& next, std::size_t messages) {
    batch_builder builder(static_cast<source_id>(publisher));
    for (std::size_t i = 0; i < messages; ++i)
        builder.append(std::to_string(next++));
    return builder.finish();
}

struct publisher_run {
    std::uint64_t published = 0;
    std::uint64_t dropped = 0;
    std::uint64_t closed = 0;
    std::string fault;

    void run(queue& to, std::size_t me, std::uint64_t rounds) {
        std::minstd_rand random(static_cast<unsigned>(me + 1));
        sleeper until_space;
        std::uint64_t next = 0;
        for (std::uint64_t i = 0; i < rounds && closed == 0; ++i) {
            batch_ptr fresh = make(me, next, 1 + random() % 3);
            const std::uint64_t messages = fresh->size();
            const std::size_t footprint = fresh->footprint();
            publish_result result = to.publish(fresh);
            for (; result == publish_result::full; result = to.publish(fresh))
                if (to.wait_for_space(until_space, footprint) && !until_space.sleep())
                    return void(fault = "a wake for space was lost");
            to.cancel_wait(until_space);
            (result == publish_result::published ? published
             : result == publish_result::dropped ? dropped
                                                 : closed) += messages;
            if (fresh)
                fault = "a batch was taken and is still there";
        }
    }
};

struct reader_run {
    std::unique_ptr<queue_reader> source;
    std::uint64_t taken = 0;
    std::string fault;

    void check(const batch& b) {
        if (position_ != 0 && b.position() < position_)
            fault = "positions went backwards";
        position_ = b.position() + 1;
        for (std::string_view message : b) {
            std::uint64_t number = 0;
            std::from_chars(message.data(), message.data() + message.size(), number);
            std::uint64_t& next = next_.at(b.source());
            if (number < next)
                fault = "a message came twice or out of order";
            next = number + 1;
            ++taken;
        }
    }

    // Until the close, or until `stop_after` messages were taken.
    void run(std::size_t me, std::uint64_t stop_after) {
        std::minstd_rand random(static_cast<unsigned>(me + 100));
        sleeper until_more;
        std::deque<batch_ptr> held;
        while (taken < stop_after) {
            if (batch_ptr next = source->try_take()) {
                check(*next);
                held.push_back(std::move(next));
                if (held.size() > 8)
                    held.pop_front();
                if (me % 2 == 1 && random() % 16 == 0)
                    std::this_thread::yield();
            } else if (source->finished()) {
                break;
            } else if (source->park(until_more)) {
                if (!until_more.sleep())
                    return void(fault = "a wake for a batch was lost");
                source->unpark();
            }
        }
        for (const batch_ptr& each : held) // still whole, wherever the queue is by now
            if (each->begin() == each->end())
                fault = "a held batch is gone";
    }

private:
    std::array<std::uint64_t, most_publishers> next_{};
    std::uint64_t position_ = 0;
};

using maker = std::function<std::unique_ptr<queue>(const queue_options&)>;

void stress(const maker& make_one, const queue_options& options, const shape& with) {
    const auto q = make_one(options);
    std::vector<publisher_run> publishers(with.publishers);
    std::vector<reader_run> readers(with.readers + 1);
    for (std::size_t i = 0; i < with.readers; ++i)
        readers[i].source = q->subscribe();
    reader_run& late = readers.back();

    // One reader gives up half-way, where that doesn't hold up the rest.
    const bool blocks = options.policy == when_full::block;
    const auto stop_after = [&](std::size_t i) {
        return i == 1 && !blocks ? with.rounds / 2 : std::numeric_limits<std::uint64_t>::max();
    };
    std::vector<std::thread> reading;
    for (std::size_t i = 0; i < with.readers; ++i)
        reading.emplace_back([&, i] { readers[i].run(i, stop_after(i)); });
    std::atomic<std::size_t> at_work = with.publishers;
    std::vector<std::thread> publishing;
    for (std::size_t i = 0; i < with.publishers; ++i)
        publishing.emplace_back([&, i] {
            publishers[i].run(*q, i, with.rounds);
            --at_work;
        });
    const auto wait_for = [&](std::uint64_t messages) {
        while (q->published_messages() < messages && at_work != 0)
            std::this_thread::yield();
    };
    std::string guests_fault;
    reader_run guest;
    std::thread guests([&] {
        do {
            guest = {};
            guest.source = q->subscribe();
            for (int i = 0; i < 10; ++i) {
                if (batch_ptr next = guest.source->try_take())
                    guest.check(*next);
                std::this_thread::yield();
            }
            if (!guest.fault.empty())
                guests_fault = guest.fault;
        } while (at_work != 0);
    });
    wait_for(with.rounds / 4);
    late.source = q->subscribe();
    reading.emplace_back([&] { late.run(with.readers, stop_after(with.readers)); });
    if (with.close_early) {
        wait_for(with.rounds);
        q->close();
    }
    for (std::thread& each : publishing)
        each.join();
    guests.join();
    BOOST_TEST(guests_fault == "");
    q->close();
    for (std::thread& each : reading)
        each.join();
    readers.push_back(std::move(guest)); // the last one's books must balance, too

    std::uint64_t published = 0;
    for (const publisher_run& each : publishers) {
        BOOST_TEST(each.fault == "");
        published += each.published;
        if (!with.close_early)
            BOOST_TEST(each.closed == 0u);
        if (blocks || options.policy == when_full::drop_oldest)
            BOOST_TEST((each.dropped == 0u || options.kind == queue_kind::channel));
    }
    BOOST_TEST(q->published_messages() == published);
    for (reader_run& each : readers) {
        const std::uint64_t before = each.taken;
        BOOST_TEST(each.source->taken() == before);
        const std::uint64_t left =
            each.source->published() - each.source->taken() - each.source->missed();
        while (batch_ptr next = each.source->try_take())
            each.check(*next);
        BOOST_TEST(each.fault == "");
        BOOST_TEST(each.taken - before == left);
        BOOST_TEST(each.source->finished());
        if (options.policy != when_full::drop_oldest)
            BOOST_TEST(each.source->missed() == 0u);
    }
    BOOST_TEST(readers.front().source->published() == published);
}

void stress_all(queue_kind kind, const maker& make_one = make_queue, std::uint64_t divisor = 1) {
    for (const auto& [policy_name, policy] : choices(when_full()))
        for (shape with : shapes)
            BOOST_TEST_CONTEXT(policy_name << ", " << with.slots << " slots, " << with.bytes
                                           << " bytes, " << with.publishers << " publishers, "
                                           << with.readers << " readers") {
                const std::int64_t before = test::live_allocations();
                with.rounds /= divisor;
                stress(make_one, {kind, with.slots, with.bytes, policy}, with);
                BOOST_TEST(test::live_allocations() == before); // each batch freed, and once
            }
}

} // namespace

BOOST_AUTO_TEST_SUITE(queues)

BOOST_AUTO_TEST_CASE(ring) { stress_all(queue_kind::ring); }
// Many short runs: what was skipped shows where a reader comes to the end.
BOOST_AUTO_TEST_CASE(ring_that_dawdles) {
    constexpr std::uint64_t runs = 50;
    for (std::uint64_t i = 0; i < runs; ++i)
        stress_all(
            queue_kind::ring,
            [](const queue_options& options) { return std::make_unique<dawdling_ring>(options); },
            runs);
}
BOOST_AUTO_TEST_CASE(channel) { stress_all(queue_kind::channel); }
BOOST_AUTO_TEST_CASE(mutex_ring) { stress_all(queue_kind::mutex_ring); }
BOOST_AUTO_TEST_CASE(mutex_array) { stress_all(queue_kind::mutex_array); }

BOOST_AUTO_TEST_SUITE_END()

// The ring against the mutex ring, which says the same in plain words: any sequence of operations
// must leave both in the same state.
#include "queues/queue.hpp"
#include "test/queues/queue_helpers.hpp"

#include <random>

using namespace weir;
using namespace weir::test;

namespace {

class pair_of_rings {
public:
    explicit pair_of_rings(queue_options options) {
        for (std::size_t i = 0; i < 2; ++i) {
            options.kind = rings[i];
            queues_[i] = make_queue(options);
        }
    }

    void publish_same(std::size_t messages, std::size_t padding) {
        const std::size_t number = number_++;
        both([&](side s) { return publish(*queues_[s], make_batch(number, messages, padding)); });
    }
    void subscribe() {
        if (readers_[0].size() < queue_reader::most)
            for (side s : {0, 1})
                readers_[s].push_back(queues_[s]->subscribe());
    }
    void take(std::size_t which) {
        if (which < readers_[0].size())
            both([&](side s) { return first(readers_[s][which]->try_take()); });
    }
    void park(std::size_t which) {
        if (which < readers_[0].size())
            both([&](side s) { return readers_[s][which]->park(wakers_[s]); });
    }
    void close() {
        for (const auto& each : queues_)
            each->close();
    }
    void drain_all() {
        for (std::size_t i = 0; i < readers_[0].size(); ++i)
            both([&](side s) { return drain(*readers_[s][i]).size(); });
    }
    void compare() {
        both([&](side s) { return queues_[s]->bytes(); });
        both([&](side s) { return queues_[s]->batches(); });
        both([&](side s) { return queues_[s]->published_messages(); });
        both([&](side s) { return wakers_[s].wakes; });
        for (std::size_t i = 0; i < readers_[0].size(); ++i) {
            both([&](side s) { return readers_[s][i]->published(); });
            both([&](side s) { return readers_[s][i]->taken(); });
            both([&](side s) { return readers_[s][i]->missed(); });
            both([&](side s) { return readers_[s][i]->finished(); });
        }
    }

private:
    using side = int;
    template <class Question>
    void both(Question ask) {
        const auto ring = ask(0);
        const auto reference = ask(1);
        BOOST_REQUIRE(ring == reference);
    }

    std::unique_ptr<queue> queues_[2];
    std::vector<std::unique_ptr<queue_reader>> readers_[2];
    counting_waker wakers_[2];
    std::size_t number_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(broadcast_ring)

BOOST_AUTO_TEST_CASE(does_what_the_mutex_ring_does) {
    for (const auto& [name, policy] : choices(when_full()))
        for (unsigned seed = 1; seed <= 60; ++seed)
            BOOST_TEST_CONTEXT(name << ", seed " << seed) {
                std::minstd_rand random(seed);
                pair_of_rings both({.slots = std::size_t{2} << random() % 4,
                                    .bytes = 1500 + random() % 8000,
                                    .policy = policy});
                both.subscribe();
                const auto readers = 1 + random() % 4;
                for (int step = 0; step < 400; ++step) {
                    const auto what = random() % 100;
                    if (what < 45)
                        both.publish_same(1 + random() % 5,
                                          random() % 8 == 0 ? random() % 3000 : 0);
                    else if (what < 90)
                        both.take(random() % readers);
                    else if (what < 97)
                        both.park(random() % readers);
                    else
                        both.subscribe();
                    both.compare();
                }
                both.close();
                both.publish_same(1, 0);
                both.compare();
                both.drain_all();
                both.compare();
            }
}

BOOST_AUTO_TEST_SUITE_END()

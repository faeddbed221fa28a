// What the tests of the queues share.
#pragma once

#include "queues/queue.hpp"

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace weir::test {

inline batch_ptr make_batch(std::initializer_list<std::string_view> messages) {
    batch_builder builder(1);
    for (std::string_view each : messages)
        builder.append(each);
    return builder.finish();
}

// As many messages, the first of which is the number.
inline batch_ptr make_batch(std::size_t number, std::size_t messages = 1, std::size_t padding = 0) {
    batch_builder builder(1);
    builder.append(std::to_string(number) + std::string(padding, '.'));
    for (std::size_t i = 1; i < messages; ++i)
        builder.append("more");
    return builder.finish();
}

inline publish_result publish(queue& to, batch_ptr fresh) { return to.publish(fresh); }

inline std::string first(const batch_ptr& b) { return b ? std::string(*b->begin()) : "none"; }

// The first message of each batch that is there to take.
inline std::vector<std::string> drain(queue_reader& from) {
    std::vector<std::string> all;
    while (batch_ptr next = from.try_take())
        all.push_back(first(next));
    return all;
}

struct counting_waker final : waker {
    void wake() override { ++wakes; }
    int wakes = 0;
};

constexpr queue_kind every_kind[] = {queue_kind::ring, queue_kind::channel, queue_kind::mutex_ring,
                                     queue_kind::mutex_array};
constexpr queue_kind rings[] = {queue_kind::ring, queue_kind::mutex_ring};

} // namespace weir::test

// For BOOST_TEST.
namespace weir {
inline std::ostream& operator<<(std::ostream& to, publish_result result) {
    constexpr std::string_view names[] = {"published", "dropped", "full", "closed"};
    return to << names[static_cast<std::size_t>(result)];
}
} // namespace weir

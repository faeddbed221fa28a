#include "queues/broadcast_ring.hpp"
#include "queues/mutex_queue.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace weir {

std::unique_ptr<queue> make_queue(const queue_options& options) {
    using enum mutex_queue::history;
    constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();
    const std::size_t slots = std::bit_ceil(std::max<std::size_t>(options.slots, 2));
    switch (options.kind) {
    case queue_kind::channel: {
        const bool block = options.policy == when_full::block;
        return std::make_unique<mutex_queue>(
            slots, options.bytes, block ? when_full::block : when_full::drop_newest, dropped);
    }
    case queue_kind::mutex_ring:
        return std::make_unique<mutex_queue>(slots, options.bytes, options.policy, kept);
    case queue_kind::mutex_array:
        return std::make_unique<mutex_queue>(unbounded, unbounded, options.policy, dropped);
    case queue_kind::ring:
        break;
    }
    return std::make_unique<broadcast_ring>(options);
}

} // namespace weir

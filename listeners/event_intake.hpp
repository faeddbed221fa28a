// Events that come one by one, each with or without a topic, on their way into batches: what a
// stream of them fills between two publishes. Knows no socket; one thread at a time.
//
// A batch has either messages that were told a topic, which it keeps with them, or such as have
// theirs in them (queues/topics.hpp).
#pragma once

#include "base/books.hpp"
#include "queues/batch.hpp"
#include "queues/topics.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

class event_intake {
public:
    static constexpr std::size_t longest_topic = 1024; // bytes
    static constexpr std::size_t enough = 128u << 10;  // bytes of arena; then it is to be published

    // An origin with a topic of its own overrules what the events say.
    event_intake(const batch_origin& origin, std::size_t max_message)
        : origin_(origin), max_message_(max_message), batch_(origin) {}

    // Why the event is not taken; nothing where it is. It is the caller's to count.
    std::optional<refusal> add(std::string_view topic, std::string_view data);

    bool empty() const { return batch_.empty() && ready_.empty(); }
    bool full() const { return bytes_ + batch_.bytes() >= enough; }

    // What was taken, in order; it is empty then.
    std::vector<batch_ptr> take();

private:
    void close_batch();

    const batch_origin origin_;
    const std::size_t max_message_;
    std::vector<batch_ptr> ready_;
    std::size_t bytes_ = 0; // of these
    batch_builder batch_;
    std::unique_ptr<batch_topics> told_; // of the messages in batch_, or null
    std::size_t told_bytes_ = 0;         // of the different names in it
};

} // namespace weir

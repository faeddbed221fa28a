// What a sink says when something is delivered: how much it was, and of each batch in it, or of the
// part of one, how long that took and, where it is traced, the spans of its way. Called by one
// thread at a time for each sink.
#pragma once

#include "queues/spans.hpp"

#include <algorithm>
#include <chrono>

namespace weir {

// All that went out together: a write, a request, a transaction. Bytes are payload.
inline void count_delivery(sink_books& books, std::uint64_t messages, std::uint64_t bytes) {
    if (messages == 0)
        return;
    books.delivered_messages.add(messages);
    books.delivered_bytes.add(bytes);
    books.deliveries.observe(messages);
}

// No time where the clock was set back.
inline void time_delivery(sink_books& books, std::uint64_t messages,
                          receive_clock::time_point received, receive_clock::time_point done) {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(done - received);
    books.delivery_times.observe(static_cast<std::uint64_t>(std::max(took, took.zero()).count()),
                                 messages);
}

// Also of what is lost for good, which takes no time: see `outcome.failed`. `spans` may be null;
// `outcome.taken` is when the sink began with it.
inline void note_delivery(sink_books& books, span_recorder* spans, const batch& of,
                          const delivery_outcome& outcome) {
    if (!outcome.failed)
        time_delivery(books, outcome.messages, of.received(), outcome.done);
    if (spans)
        record_way(*spans, books, of, outcome);
}

} // namespace weir

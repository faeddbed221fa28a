// What a sink says of a batch, or of a part of it, when that is delivered: how long it took, and
// where the batch is traced, the spans of its way. The counters of messages and bytes stay the
// sink's own to bump. Called by one thread at a time for each sink.
#pragma once

#include "queues/spans.hpp"

namespace weir {

// Microseconds; none where the clock was set back.
inline std::uint64_t microseconds_between(receive_clock::time_point from,
                                          receive_clock::time_point to) {
    const auto time = std::chrono::duration_cast<std::chrono::microseconds>(to - from).count();
    return time > 0 ? static_cast<std::uint64_t>(time) : 0;
}

// `spans` may be null. `outcome.taken` is when the sink began with it.
inline void note_delivery(sink_books& books, span_recorder* spans, const batch& of,
                          const delivery_outcome& outcome) {
    books.delivery_times.observe(microseconds_between(of.received(), outcome.done),
                                 outcome.messages);
    if (spans)
        record_way(*spans, books, of, outcome);
}

} // namespace weir

#include "queues/spans.hpp"

#include <cstring>
#include <random>

namespace weir {

namespace {

// Seeded from the system, a generator a thread: an id must be unlikely to be another's, no secret.
template <class Id>
Id random_id() {
    thread_local std::mt19937_64 generator{(std::uint64_t{std::random_device{}()} << 32) ^
                                           std::random_device{}()};
    Id id;
    do
        for (std::size_t at = 0; at < id.size(); at += 8) {
            const std::uint64_t bits = generator();
            std::memcpy(id.data() + at, &bits, 8);
        }
    while (id == Id());
    return id;
}

} // namespace

trace_id new_trace_id() { return random_id<trace_id>(); }
span_id new_span_id() { return random_id<span_id>(); }

void record_way(span_recorder& to, const sink_books& books, const trace_context* context,
                receive_clock::time_point received, const delivery_outcome& outcome) {
    if (!context || !context->sampled())
        return;
    trace_span span;
    span.trace = context->trace;
    span.parent = context->span;
    span.messages = outcome.messages;
    span.sink = &books;
    span.kind = span_kind::queue;
    span.id = new_span_id();
    span.begin = received;
    span.end = outcome.taken;
    to.record(span);
    span.kind = span_kind::delivery;
    span.id = outcome.is_sender ? outcome.sent->span : new_span_id();
    span.begin = outcome.taken;
    span.end = outcome.done;
    span.failed = outcome.failed;
    if (outcome.sent && !outcome.is_sender) {
        span.linked_trace = outcome.sent->trace;
        span.linked_span = outcome.sent->span;
    }
    to.record(span);
}

} // namespace weir

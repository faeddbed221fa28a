// The spans of a batch's way through weir: a listener takes it, it waits in the queue, a sink
// delivers it. Whoever has finished one records it; only what is traced and sampled is recorded.
#pragma once

#include "base/books.hpp"
#include "queues/batch.hpp"
#include "wire/trace_context.hpp"

#include <cstdint>

namespace weir {

enum class span_kind : std::uint8_t { accept, queue, delivery };

// Plain bytes, so that a lock-free buffer may hold it. The books outlive every span.
struct trace_span {
    trace_id trace{};
    span_id id{};
    span_id parent{}; // zero: the trace began here
    span_kind kind = span_kind::accept;
    bool failed = false; // refused or lost
    receive_clock::time_point begin;
    receive_clock::time_point end;
    std::uint64_t messages = 0;
    const listener_books* listener = nullptr; // one of the two
    const sink_books* sink = nullptr;
    trace_id linked_trace{}; // whose span the request went out under, or zero
    span_id linked_span{};
};

// Any thread.
class span_recorder {
public:
    virtual bool begins_here() = 0;                   // whether to trace what nobody decided on
    virtual void record(const trace_span& ended) = 0; // never blocks; drops and counts instead

protected:
    ~span_recorder() = default;
};

trace_id new_trace_id();
span_id new_span_id();

// What a sink did with a batch, or a part of it, that is sampled; nothing where it is not. `sent`
// is the context that went out with it: of the batch's own span where `is_sender`, else linked to.
struct delivery_outcome {
    std::size_t messages = 0;
    receive_clock::time_point taken;
    receive_clock::time_point done;
    bool failed = false;
    const trace_context* sent = nullptr;
    bool is_sender = false;
};
void record_way(span_recorder& to, const sink_books& books, const trace_context* trace,
                receive_clock::time_point received, const delivery_outcome& outcome);
inline void record_way(span_recorder& to, const sink_books& books, const batch& of,
                       const delivery_outcome& outcome) {
    record_way(to, books, of.trace(), of.received(), outcome);
}

} // namespace weir

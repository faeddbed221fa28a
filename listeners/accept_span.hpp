// Under which trace the messages of one request go on, and the span of taking them. On the
// connection's thread; one at a time for each session.
//
// What the caller has decided on sampling holds; what it left open, or did not trace at all, the
// recorder decides. Without a recorder the caller's context is passed on as it came.
#pragma once

#include "queues/spans.hpp"

#include <memory>

namespace weir {

class accept_span {
public:
    // What the batch carries, or null. `began` is when the request's head was there.
    std::shared_ptr<const trace_context> begin(const trace_fields& fields, span_recorder* spans,
                                               receive_clock::time_point began);

    // Records it, if it is sampled.
    void end(span_recorder* spans, const listener_books& books, std::uint64_t messages, bool taken);

private:
    bool open_ = false;
    trace_span span_;
};

} // namespace weir

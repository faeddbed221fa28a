// Under which trace a POST goes out. Its messages may be of many, and a request has one
// traceparent: that of the first batch that is sampled, or else of the first that has any. A batch
// that is sampled here gets a span of its own for the delivery, and the server is told that; what
// is not traced here is passed on as it came. The deliveries of the other batches link to that one.
#pragma once

#include "queues/spans.hpp"
#include "sinks/post_request.hpp"

#include <optional>

namespace weir {

class post_trace {
public:
    // `traced` here, that is with spans to record.
    post_trace(const post_request& request, bool traced);

    const trace_context* sent() const { return sent_ ? &*sent_ : nullptr; }
    bool is_sender(const post_request::part& part) const { return &part == sender_; }
    receive_clock::time_point begun() const { return begun_; }

private:
    std::optional<trace_context> sent_;
    const post_request::part* sender_ = nullptr;
    receive_clock::time_point begun_;
};

} // namespace weir

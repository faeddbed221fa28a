#include "listeners/accept_span.hpp"

namespace weir {

std::shared_ptr<const trace_context> accept_span::begin(const trace_fields& fields,
                                                        span_recorder* spans,
                                                        receive_clock::time_point began) {
    open_ = false;
    incoming_trace caller = fields.any ? read_trace(fields) : incoming_trace();
    if (!spans || (caller.sampled ? !*caller.sampled : !spans->begins_here()))
        return caller.context ? std::make_shared<const trace_context>(std::move(*caller.context))
                              : nullptr;
    open_ = true;
    span_ = {};
    span_.begin = began;
    span_.id = new_span_id();
    if (caller.context) {
        span_.trace = caller.context->trace;
        span_.parent = caller.context->span;
    } else {
        caller.context.emplace();
        span_.trace = caller.context->trace = new_trace_id();
        caller.context->flags = 2; // random
    }
    caller.context->span = span_.id;
    caller.context->flags |= 1;
    return std::make_shared<const trace_context>(std::move(*caller.context));
}

void accept_span::end(span_recorder* spans, const listener_books& books, std::uint64_t messages,
                      bool taken) {
    if (!std::exchange(open_, false))
        return;
    span_.end = receive_clock::now();
    span_.messages = messages;
    span_.listener = &books;
    span_.failed = !taken;
    spans->record(span_);
}

} // namespace weir

#include "sinks/post_trace.hpp"

namespace weir {

post_trace::post_trace(const post_request& request, bool traced) : begun_(receive_clock::now()) {
    const post_request::part* first = nullptr;
    for (const post_request::part& each : request.parts()) {
        const trace_context* const context = each.owner->trace();
        if (!context)
            continue;
        if (!first)
            first = &each;
        if (context->sampled()) {
            first = &each;
            break;
        }
    }
    if (!first)
        return;
    sent_ = *first->owner->trace();
    if (traced && sent_->sampled()) {
        sender_ = first;
        sent_->span = new_span_id();
    }
}

} // namespace weir

// Whatever the fields are: what is read can be written, and is then read as the same. Input: lines
// NAME: VALUE.
#include "test/wire/feed.hpp"
#include "wire/trace_context.hpp"

using namespace weir;
using namespace weir::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    trace_fields fields;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const std::size_t colon = line.find(": ");
        if (colon != line.npos)
            fields.take(line.substr(0, colon), line.substr(colon + 2));
    }
    const incoming_trace got = read_trace(fields);
    if (!got.context)
        return 0;
    promise(fields.any, "a context comes from a field");
    promise(got.context->trace != trace_id() && got.context->span != span_id(), "no zero ids");
    promise(got.context->sampled() == got.sampled.value_or(false), "one decision");
    promise(got.context->state.empty() || is_tracestate(got.context->state), "a valid state");
    const std::string parent = to_traceparent(*got.context);
    trace_fields written;
    written.take("traceparent", parent);
    if (!got.context->state.empty())
        written.take("tracestate", got.context->state);
    promise(read_trace(written).context == got.context, "and back");
    return 0;
}

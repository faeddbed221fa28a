#include "listeners/grpc/call_trace.hpp"

#include "wire/trace_context.hpp"

namespace weir {

batch_origin traced_origin(const grpc_port& port, const grpc::CallbackServerContext& call,
                           accept_span& span) {
    batch_origin origin = port.setting.origin;
    trace_fields fields;
    for (const auto& [name, value] : call.client_metadata())
        fields.take({name.data(), name.size()}, {value.data(), value.size()});
    if (fields.any || port.setting.spans)
        origin.trace = span.begin(fields, port.setting.spans, receive_clock::now());
    return origin;
}

} // namespace weir

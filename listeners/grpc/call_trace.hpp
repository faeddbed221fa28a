// The trace that a call belongs to: its metadata says so in the fields that HTTP has for it
// (docs/tracing.md). On gRPC's threads.
#pragma once

#include "listeners/accept_span.hpp"
#include "listeners/grpc/port.hpp"

#include <grpcpp/grpcpp.h>

namespace weir {

// The origin of the call's batches, which carry its trace. Begins `span`, where it is recorded.
batch_origin traced_origin(const grpc_port& port, const grpc::CallbackServerContext& call,
                           accept_span& span);

} // namespace weir

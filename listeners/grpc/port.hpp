// What all calls of one gRPC port share. The listener owns it, and it outlives gRPC's server.
#pragma once

#include "base/live_feed.hpp"
#include "base/options.hpp"
#include "listeners/grpc/calls.hpp"
#include "listeners/listener.hpp"

#include <grpcpp/support/status.h>
#include <memory>
#include <string>

namespace grpc {
class CallbackServerContext;
}

namespace weir {

struct grpc_port {
    const listener_setting setting;
    const std::size_t max_message;
    const secret token;
    const slow_client slow;
    const live_subscribe subscribe; // empty: the stream is not served here
    task_group tasks{"grpc"};
    grpc_calls calls;

    // Counts what is refused, and says so.
    grpc::Status refuse(refusal why);

    // Why the call may not go on; OK where it may. Counted.
    grpc::Status judge(const grpc::CallbackServerContext& call);
};

grpc::Status status_of(refusal why);

} // namespace weir

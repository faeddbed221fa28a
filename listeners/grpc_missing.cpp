// In place of listeners/grpc/ where weir is built without gRPC.
#include "base/error.hpp"
#include "listeners/grpc.hpp"

namespace weir {

struct grpc_listener::parts {
    task_group tasks{"grpc"};
};

grpc_listener::grpc_listener(const listener_setting&, const grpc_options&, const http_routes&) {
    throw usage_error("--grpc: this weir was built without gRPC (WEIR_WITH_GRPC=OFF)");
}

grpc_listener::~grpc_listener() = default;
void grpc_listener::open() {}
bool grpc_listener::share_port(bool) { return false; }
acceptor* grpc_listener::accepts() { return nullptr; }
void grpc_listener::start() {}
void grpc_listener::stop() {}
void grpc_listener::stop_now() {}
task_group& grpc_listener::tasks() { return parts_->tasks; }
std::string grpc_listener::bound() const { return {}; }

} // namespace weir

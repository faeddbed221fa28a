#include "listeners/grpc/service.hpp"

#include "listeners/grpc/publish_call.hpp"
#include "listeners/grpc/subscriber.hpp"

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>

namespace weir {

namespace {

using grpc::ByteBuffer;
using grpc::CallbackServerContext;
using grpc::internal::RpcMethod;
using grpc::internal::RpcServiceMethod;

auto publishing(grpc_port& port, publish_call::kind what) {
    return new grpc::internal::CallbackClientStreamingHandler<ByteBuffer, ByteBuffer>(
        [&port, what](CallbackServerContext* call, ByteBuffer* reply) {
            return publish_call::begin(port, *call, *reply, what);
        });
}

auto subscribing(grpc_port& port) {
    return new grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>(
        [&port](CallbackServerContext* call, const ByteBuffer* request) {
            return subscriber::begin(port, *call, *request);
        });
}

} // namespace

// As the generated class does it, but for Publish: the first message of a method that has only one
// gRPC reads itself, and says nothing where it doesn't come. gRPC owns the methods and handlers.
ingest_service::ingest_service(grpc_port& port) {
    int index = 0;
    const auto add = [&](const char* path, RpcMethod::RpcType type,
                         grpc::internal::MethodHandler* handler) {
        AddMethod(new RpcServiceMethod(path, type, nullptr));
        MarkMethodRawCallback(index++, handler);
    };
    add("/weir.v1.Ingest/Publish", RpcMethod::CLIENT_STREAMING,
        publishing(port, publish_call::kind::one));
    add("/weir.v1.Ingest/PublishStream", RpcMethod::CLIENT_STREAMING,
        publishing(port, publish_call::kind::stream));
    add("/weir.v1.Ingest/Subscribe", RpcMethod::SERVER_STREAMING, subscribing(port));
}

} // namespace weir

#include "listeners/grpc/port.hpp"

#include "listeners/credentials.hpp"

#include <grpcpp/server_context.h>

namespace weir {

grpc::Status status_of(refusal why) {
    switch (why) {
    case refusal::oversize:
        return {grpc::RESOURCE_EXHAUSTED, "the event is longer than max-message"};
    case refusal::queue_full:
        return {grpc::RESOURCE_EXHAUSTED, "the queue is full"};
    case refusal::busy:
        return {grpc::RESOURCE_EXHAUSTED, "too many streams are open"};
    case refusal::empty:
        return {grpc::INVALID_ARGUMENT, "the event is empty"};
    case refusal::unauthorized:
        return {grpc::UNAUTHENTICATED, "a valid token is needed"};
    case refusal::closing:
        return {grpc::UNAVAILABLE, "weir is stopping"};
    default:
        return {grpc::INVALID_ARGUMENT, "no event, or one with too long a topic"};
    }
}

grpc::Status grpc_port::refuse(refusal why) {
    setting.books.refused_messages[why].add();
    return status_of(why);
}

grpc::Status grpc_port::judge(const grpc::CallbackServerContext& call) {
    if (calls.stopping())
        return refuse(refusal::closing);
    if (token.empty())
        return grpc::Status::OK;
    const auto [begin, end] = call.client_metadata().equal_range("authorization");
    for (auto at = begin; at != end; ++at) {
        const std::string_view given(at->second.data(), at->second.size());
        if (same_secret(credentials(given, "Bearer"), token.value))
            return grpc::Status::OK;
    }
    return refuse(refusal::unauthorized);
}

} // namespace weir

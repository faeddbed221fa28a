#include "listeners/grpc/service.hpp"

#include "listeners/event_intake.hpp"
#include "listeners/grpc/bytes.hpp"
#include "listeners/grpc/call_trace.hpp"
#include "listeners/grpc/publish_stream.hpp"
#include "listeners/grpc/subscriber.hpp"
#include "queues/publish.hpp"

#include <algorithm>
#include <chrono>
#include <grpcpp/grpcpp.h>

namespace weir {

namespace {

using clock = std::chrono::system_clock;

constexpr std::chrono::seconds most_patience{10}; // with a full queue, under block; as over HTTP

grpc::ByteBuffer empty_reply() { return to_bytes(v1::PublishReply()); }

std::chrono::nanoseconds patience(const grpc::CallbackServerContext& call) {
    const auto now = clock::now();
    const auto deadline = call.deadline();
    if (deadline >= now + most_patience)
        return most_patience;
    return std::max<std::chrono::nanoseconds>(deadline - now, std::chrono::nanoseconds(0));
}

task<> publish_patiently(grpc_port* port, batch_ptr event, io_executor where,
                         std::chrono::nanoseconds patience, accept_span span,
                         grpc::ByteBuffer* reply, grpc::ServerUnaryReactor* call) {
    const bool published = co_await publish_when_space(
        port->setting.destination, port->setting.books, std::move(event), where, patience);
    span.end(port->setting.spans, port->setting.books, 1, published);
    if (published) {
        *reply = empty_reply();
        call->Finish(grpc::Status::OK);
    } else if (patience < most_patience) { // which was the client's
        call->Finish({grpc::DEADLINE_EXCEEDED, "the queue is full"});
    } else {
        call->Finish(status_of(refusal::queue_full));
    }
}

} // namespace

grpc::ServerUnaryReactor* ingest_service::Publish(grpc::CallbackServerContext* call,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* reply) {
    grpc::ServerUnaryReactor* const reactor = call->DefaultReactor();
    accept_span span;
    const auto answer = [&](grpc::Status status) {
        span.end(port_.setting.spans, port_.setting.books, 1, status.ok());
        reactor->Finish(std::move(status));
        return reactor;
    };
    // What stop waits for: from here on the call is under way.
    const std::shared_ptr<void> under_way = port_.tasks.hold();
    if (grpc::Status judged = port_.judge(*call); !judged.ok())
        return answer(std::move(judged));
    v1::Event event;
    if (!from_bytes(*request, event))
        return answer(port_.refuse(refusal::bad_request));
    event_intake intake(traced_origin(port_, *call, span), port_.max_message);
    if (const auto why = intake.add(event.topic(), event.data()))
        return answer(port_.refuse(*why));
    batch_ptr fresh = std::move(intake.take().front());
    switch (offer(port_.setting.destination, port_.setting.books, fresh)) {
    case publish_result::published:
        *reply = empty_reply();
        return answer(grpc::Status::OK);
    case publish_result::dropped: // and counted, as in the next
        return answer(status_of(refusal::queue_full));
    case publish_result::closed:
        return answer(status_of(refusal::closing));
    case publish_result::full:
        break;
    }
    const io_executor where = port_.setting.executors.next();
    port_.tasks.spawn(where, publish_patiently(&port_, std::move(fresh), where, patience(*call),
                                               span, reply, reactor));
    return reactor;
}

grpc::ServerReadReactor<grpc::ByteBuffer>*
ingest_service::PublishStream(grpc::CallbackServerContext* call, grpc::ByteBuffer* reply) {
    return publish_stream::begin(port_, *call, *reply);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>*
ingest_service::Subscribe(grpc::CallbackServerContext* call, const grpc::ByteBuffer* request) {
    return subscriber::begin(port_, *call, *request);
}

} // namespace weir

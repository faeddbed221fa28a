// The methods of weir.v1.Ingest. Messages come and go as bytes, so that what is broken is ours to
// count. Called on gRPC's threads; nothing here blocks.
#pragma once

#include "listeners/grpc/port.hpp"

#include <weir/v1/ingest.grpc.pb.h>

namespace weir {

using raw_ingest_service =
    v1::Ingest::WithRawCallbackMethod_Publish<v1::Ingest::WithRawCallbackMethod_PublishStream<
        v1::Ingest::WithRawCallbackMethod_Subscribe<v1::Ingest::Service>>>;

class ingest_service final : public raw_ingest_service {
public:
    explicit ingest_service(grpc_port& port) : port_(port) {} // which outlives it

    grpc::ServerUnaryReactor* Publish(grpc::CallbackServerContext* call,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* reply) override;
    grpc::ServerReadReactor<grpc::ByteBuffer>* PublishStream(grpc::CallbackServerContext* call,
                                                             grpc::ByteBuffer* reply) override;
    grpc::ServerWriteReactor<grpc::ByteBuffer>* Subscribe(grpc::CallbackServerContext* call,
                                                          const grpc::ByteBuffer* request) override;

private:
    grpc_port& port_;
};

} // namespace weir

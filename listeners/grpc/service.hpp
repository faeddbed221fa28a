// The methods of weir.v1.Ingest. Messages come and go as bytes, so that what is broken is ours to
// count. Called on gRPC's threads; nothing here blocks.
#pragma once

#include "listeners/grpc/port.hpp"

#include <grpcpp/impl/service_type.h>

namespace weir {

class ingest_service final : public grpc::Service {
public:
    explicit ingest_service(grpc_port& port); // which outlives it
};

} // namespace weir

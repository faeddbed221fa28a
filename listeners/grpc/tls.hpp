// What a gRPC port shows its clients. At start-up only.
#pragma once

#include <grpcpp/security/server_credentials.h>
#include <memory>
#include <string>

namespace weir {

// None without a certificate. Throws startup_error where the files can't be read, or are no pair.
std::shared_ptr<grpc::ServerCredentials> grpc_credentials(const std::string& cert,
                                                          const std::string& key);

} // namespace weir

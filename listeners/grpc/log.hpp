// gRPC's own log, which would go to stderr, as lines of ours.
#pragma once

namespace weir {

void grpc_log_as_ours(); // for the whole process

} // namespace weir

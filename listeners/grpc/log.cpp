#include "listeners/grpc/log.hpp"

#include "base/log.hpp"

#include <grpc/support/log.h>

namespace weir {

namespace {

// Strangers can make it say something: a failed TLS handshake is enough.
void log(gpr_log_func_args* said) {
    static log_limit limit;
    if (said->severity == GPR_LOG_SEVERITY_ERROR)
        limit.warn("grpc: {}", said->message);
}

} // namespace

void grpc_log_as_ours() { gpr_set_log_function(log); }

} // namespace weir

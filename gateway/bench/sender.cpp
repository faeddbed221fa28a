#include "gateway/bench/sender.hpp"

#include "gateway/bench/grpc_sender.hpp"
#include "gateway/bench/http_sender.hpp"
#include "gateway/bench/stream_sender.hpp"
#include "gateway/bench/udp_sender.hpp"

namespace weir::bench {

std::unique_ptr<sender> make_sender(const send_options& o, const destination& to, unsigned thread) {
    switch (o.to.scheme) {
    case protocol::udp:
        return std::make_unique<udp_sender>(o, to, thread);
    case protocol::http:
        return std::make_unique<http_sender>(o, to, thread);
    case protocol::grpc:
        return std::make_unique<grpc_sender>(o, to, thread);
    case protocol::tcp:
    case protocol::ws:
        break;
    }
    return std::make_unique<stream_sender>(o, to, thread);
}

} // namespace weir::bench

#include "gateway/send/outlet.hpp"

#include "gateway/send/datagram_outlet.hpp"
#include "gateway/send/http_outlet.hpp"
#include "gateway/send/stream_outlet.hpp"
#include "gateway/send/websocket_outlet.hpp"

namespace weir::send {

std::uint64_t send_books::all_refused() const {
    std::uint64_t sum = 0;
    for (const auto& [reason, count] : refused)
        sum += count;
    return sum;
}

std::unique_ptr<outlet> make_outlet(const send_options& o, client::waiter& waits) {
    switch (o.to.scheme) {
    case client::protocol::udp:
        return std::make_unique<datagram_outlet>(o, waits);
    case client::protocol::http:
        return std::make_unique<http_outlet>(o, waits);
    case client::protocol::ws:
        return std::make_unique<websocket_outlet>(o, waits);
    case client::protocol::tcp:
    case client::protocol::grpc: // which no options have
        break;
    }
    return std::make_unique<stream_outlet>(o, waits);
}

} // namespace weir::send

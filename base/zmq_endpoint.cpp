#include "base/zmq_endpoint.hpp"

namespace weir {

namespace {

constexpr std::string_view tcp = "tcp://";
constexpr std::string_view ipc = "ipc://";

} // namespace

std::string zmq_bind_endpoint(const address& where) {
    if (where.is_unix())
        return std::string(ipc) + where.path;
    if (where.host.empty())
        return std::string(tcp) + "*:" + std::to_string(where.port);
    return std::string(tcp) + to_string(resolve_stream(where));
}

std::string zmq_connect_endpoint(const address& where) {
    if (where.is_unix())
        return std::string(ipc) + where.path;
    address peer = where;
    if (peer.host.empty())
        peer.host = "127.0.0.1";
    return std::string(tcp) + to_string(peer);
}

bool zmq_needs_ipv6(std::string_view endpoint) {
    return endpoint.starts_with("tcp://[") || endpoint.starts_with("tcp://*");
}

std::string from_zmq_endpoint(std::string_view endpoint) {
    if (endpoint.starts_with(ipc))
        return "unix:" + std::string(endpoint.substr(ipc.size()));
    if (endpoint.starts_with(tcp))
        endpoint.remove_prefix(tcp.size());
    return std::string(endpoint);
}

} // namespace weir

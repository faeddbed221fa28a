#include "base/address.hpp"

#include "base/error.hpp"
#include "base/units.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>

namespace weir {

namespace asio = boost::asio;

address parse_address(std::string_view text) {
    const std::string quoted = "'" + std::string(text) + "'";
    address where;
    if (text.starts_with("unix:")) {
        where.path = text.substr(5);
        if (where.path.empty() || where.path.size() >= sizeof(sockaddr_un::sun_path))
            throw usage_error(quoted + " needs a path of 1 to 107 characters after unix:");
        return where;
    }
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
        throw usage_error(quoted +
                          " is no address (write :PORT, HOST:PORT, [V6]:PORT or unix:PATH)");
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        throw usage_error(quoted +
                          " is no address (an IPv6 address stands in brackets: [::1]:9000)");
    std::uint64_t port = 65536;
    try {
        port = parse_number(text.substr(colon + 1));
    } catch (const usage_error&) {
    }
    if (port > 65535)
        throw usage_error(quoted + " has no port from 0 to 65535 after the last colon");
    where.host = host == "*" ? "" : host;
    where.port = static_cast<std::uint16_t>(port);
    return where;
}

std::string to_string(const address& where) {
    if (where.is_unix())
        return "unix:" + where.path;
    const bool v6 = where.host.find(':') != std::string::npos;
    return (v6 ? "[" + where.host + "]" : where.host) + ":" + std::to_string(where.port);
}

namespace {

template <class Protocol>
typename Protocol::endpoint resolve(const address& where) {
    if (where.host.empty())
        return {Protocol::v6(), where.port};
    asio::io_context context;
    typename Protocol::resolver resolver(context);
    boost::system::error_code fault;
    const auto found = resolver.resolve(where.host, std::to_string(where.port), fault);
    if (fault || found.empty())
        throw startup_error("can't listen on " + to_string(where) + ": " + where.host +
                            " has no address (" + fault.message() + ")");
    return *found.begin();
}

template <class Endpoint>
std::string ip_to_string(const Endpoint& endpoint) {
    const std::string host = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" +
           std::to_string(endpoint.port());
}

} // namespace

asio::ip::udp::endpoint resolve_udp(const address& where) {
    if (where.is_unix())
        throw usage_error("udp can't listen on " + to_string(where));
    return resolve<asio::ip::udp>(where);
}

asio::generic::stream_protocol::endpoint resolve_stream(const address& where) {
    if (where.is_unix())
        return asio::local::stream_protocol::endpoint(where.path);
    return resolve<asio::ip::tcp>(where);
}

std::string to_string(const asio::ip::udp::endpoint& endpoint) { return ip_to_string(endpoint); }

std::string to_string(const asio::generic::stream_protocol::endpoint& endpoint) {
    if (endpoint.protocol().family() == AF_UNIX) {
        asio::local::stream_protocol::endpoint local;
        std::memcpy(local.data(), endpoint.data(), endpoint.size());
        local.resize(endpoint.size());
        return "unix:" + local.path();
    }
    asio::ip::tcp::endpoint ip;
    std::memcpy(ip.data(), endpoint.data(), endpoint.size());
    return ip_to_string(ip);
}

} // namespace weir

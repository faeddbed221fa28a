// Where a listener listens: ":PORT", "HOST:PORT", "[V6]:PORT" or "unix:PATH".
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct address {
    std::string host; // empty: every interface, IPv6 and IPv4
    std::uint16_t port = 0;
    std::string path; // not empty: a unix socket, host and port mean nothing

    bool is_unix() const { return !path.empty(); }
    friend bool operator==(const address&, const address&) = default;
};

address parse_address(std::string_view text); // throws usage_error
std::string to_string(const address& where);  // what parse_address takes; ":9000" stays ":9000"

// Looks the host up (blocking; at start-up only). Throws startup_error where it has no address.
// An empty host gives [::]:PORT, which is to be opened with v6_only off.
boost::asio::ip::udp::endpoint resolve_udp(const address& where);
boost::asio::generic::stream_protocol::endpoint resolve_stream(const address& where);

// "127.0.0.1:9000", "[::1]:9000" or "unix:/run/weir.sock".
std::string to_string(const boost::asio::ip::udp::endpoint& endpoint);
std::string to_string(const boost::asio::generic::stream_protocol::endpoint& endpoint);

} // namespace weir

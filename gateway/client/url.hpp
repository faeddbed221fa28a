// Where a command sends to or listens: SCHEME://HOST:PORT[/PATH][?QUERY]. tcp also takes unix:PATH,
// and http, https, ws and wss need no port where it is the scheme's own.
#pragma once

#include "base/options.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace weir::client {

enum class protocol { udp, tcp, http, ws, grpc };
constexpr auto choices(protocol) {
    return std::to_array<std::pair<std::string_view, protocol>>({{"udp", protocol::udp},
                                                                 {"tcp", protocol::tcp},
                                                                 {"http", protocol::http},
                                                                 {"ws", protocol::ws},
                                                                 {"grpc", protocol::grpc}});
}

struct url {
    std::string text; // as given
    protocol scheme = protocol::udp;
    address where;      // an empty host is this machine
    std::string target; // path and query of http and ws; may be empty
    bool tls = false;   // https and wss

    std::string host() const;        // to look up, and that a certificate must name
    std::string host_header() const; // with the port where it is not the scheme's own
    std::string shown() const;       // without the query, which may hold a token
};

url parse_url(std::string_view text); // throws usage_error

} // namespace weir::client

// Where `weir bench` sends to or listens: SCHEME://HOST:PORT[/PATH], tcp also unix:PATH.
#pragma once

#include "base/options.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace weir::bench {

enum class protocol { udp, tcp, http, ws };
constexpr auto choices(protocol) {
    return std::to_array<std::pair<std::string_view, protocol>>({{"udp", protocol::udp},
                                                                 {"tcp", protocol::tcp},
                                                                 {"http", protocol::http},
                                                                 {"ws", protocol::ws}});
}

struct url {
    std::string text; // as given
    protocol scheme = protocol::udp;
    address where;      // an empty host is this machine
    std::string target; // path and query of http and ws; may be empty
};

url parse_url(std::string_view text); // throws usage_error

} // namespace weir::bench

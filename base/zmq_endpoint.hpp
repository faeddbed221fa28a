// Addresses as ZeroMQ writes them: "tcp://127.0.0.1:5556", "ipc:///run/weir.sock". Text only.
#pragma once

#include "base/address.hpp"

#include <string>
#include <string_view>

namespace weir {

// To bind: ":5556" is every interface. Looks a host up; throws startup_error where it has no
// address.
std::string zmq_bind_endpoint(const address& where);

// To connect: ":5556" is this machine. A name is left to ZeroMQ to look up, as IPv4, at each
// attempt.
std::string zmq_connect_endpoint(const address& where);

// Whether ZeroMQ has to be told that IPv6 is meant, or meant too.
bool zmq_needs_ipv6(std::string_view endpoint);

// As weir writes it: "[::]:5556", "unix:/run/weir.sock".
std::string from_zmq_endpoint(std::string_view endpoint);

} // namespace weir

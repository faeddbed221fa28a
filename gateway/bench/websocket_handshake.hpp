// The client's side of a WebSocket handshake (RFC 6455, section 4.1), blocking.
#pragma once

#include "gateway/bench/sockets.hpp"
#include "wire/websocket_frame.hpp"

#include <string>

namespace weir::bench {

// Upgrades a connection and returns what came behind the answer's head: the first frames. Throws
// startup_error with what the server answered.
std::string upgrade_to_websocket(const unique_fd& socket, const url& to);

masking_key random_masking_key();

} // namespace weir::bench

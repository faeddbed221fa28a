// The client's side of a WebSocket handshake (RFC 6455, section 4.1).
#pragma once

#include "gateway/client/sockets.hpp"
#include "wire/websocket_frame.hpp"

#include <string>

namespace weir::client {

std::string random_websocket_key(); // for Sec-WebSocket-Key

// The request's head. `fields` are further ones, each with its CRLF.
std::string websocket_request(const url& to, std::string_view key, std::string_view fields = {});

// Upgrades a connection, blocking, and returns what came behind the answer's head: the first
// frames. Throws startup_error with what the server answered.
std::string upgrade_to_websocket(const unique_fd& socket, const url& to);

masking_key random_masking_key();

} // namespace weir::client

// WebSocket frames, the words both directions share and the writing of them (RFC 6455,
// section 5.2). Pure functions that append to a string; usable from any thread.
//
// A server's frames carry no mask, so one encoding serves every client. What a client sends is
// masked: that encoder is for tools and tests. Close codes and reasons: section 7.4.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

enum class opcode : std::uint8_t {
    continuation = 0x0,
    text = 0x1,
    binary = 0x2,
    close = 0x8,
    ping = 0x9,
    pong = 0xa,
};

constexpr bool is_control(opcode op) { return static_cast<std::uint8_t>(op) >= 0x8; }

namespace close_code {
constexpr std::uint16_t normal = 1000;
constexpr std::uint16_t going_away = 1001;
constexpr std::uint16_t protocol_error = 1002;
constexpr std::uint16_t bad_utf8 = 1007;
constexpr std::uint16_t policy = 1008;
constexpr std::uint16_t too_big = 1009;
} // namespace close_code

// Whether a peer may send this code in a Close frame.
bool is_valid_close_code(std::uint16_t code);

constexpr std::size_t max_control_payload = 125;
constexpr std::size_t max_server_header = 10;

using masking_key = std::array<char, 4>;

void append_frame_header(std::string& out, opcode op, bool fin, std::uint64_t length);
void append_frame(std::string& out, opcode op, std::string_view payload);

// The reason is cut to the 123 bytes that fit, at a character's boundary.
void append_close(std::string& out, std::uint16_t code, std::string_view reason = {});

// As a client sends it.
void append_masked_frame(std::string& out, opcode op, bool fin, std::string_view payload,
                         masking_key key);

// What a server answers to Sec-WebSocket-Key (section 4.2.2): base64 of a SHA-1, 28 characters.
std::string websocket_accept_key(std::string_view sec_websocket_key);

} // namespace weir

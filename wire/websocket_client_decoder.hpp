// A client's side of a WebSocket after the handshake: the messages out of a server's frames
// (RFC 6455, sections 5 and 7), however the bytes were cut. One decoder a connection, used by its
// thread alone; knows no socket. Sizes in bytes.
//
//     for (auto step = decoder.next(bytes); step != websocket_step::more; step = ...)
//
// What is to be answered is the caller's: a Pong with the payload of a Ping, a Close to a Close.
// Faults: a mask, RSV bits, a reserved opcode, a control frame in fragments or over 125, a
// continuation of nothing, a message within a message, a length not in its shortest form, a Close
// payload of one byte or with a code that may not be sent, and a message over the limit. Whether
// text is UTF-8 is not looked at.
#pragma once

#include "wire/websocket_frame.hpp"

#include <string>
#include <string_view>

namespace weir {

enum class websocket_step { more, message, ping, pong, close, fault };

class websocket_client_decoder {
public:
    explicit websocket_client_decoder(std::size_t max_message = std::size_t{16} << 20)
        : max_message_(max_message) {}

    // Takes from the front of `bytes` up to the end of what it returns; `more`: all was taken.
    // After close or fault nothing follows.
    websocket_step next(std::string_view& bytes);

    // Of a message, a ping, a pong, or the reason of a close; until the next call.
    std::string_view payload() const { return shown_; }
    std::uint16_t close_code() const { return close_code_; } // 1005 where the Close has none
    std::string_view fault() const { return fault_; }        // a literal

private:
    bool take_header(std::string_view& bytes);
    std::string_view check_header() const;
    websocket_step end_frame();
    websocket_step fail(std::string_view why);

    std::size_t max_message_;
    std::string header_;
    bool in_payload_ = false;
    std::uint64_t left_ = 0; // of the frame's payload
    opcode op_{};
    bool fin_ = false;

    bool in_message_ = false; // its first frame has come
    bool message_done_ = false;
    std::string message_;
    std::string control_;
    std::string_view shown_;
    std::uint16_t close_code_ = 0;
    std::string_view fault_;
};

} // namespace weir

// A server's side of a WebSocket after the handshake: the messages out of a client's masked frames
// (RFC 6455, sections 5 and 7), decoded in place from large reads; wire/decoded.hpp says how the
// buffer is used. One decoder per connection, used by that connection's thread alone. Sizes in
// bytes.
//
// Text and binary alike become messages; an empty one is none. A message in many frames, or one
// that spans many reads, is put together at the front of the tail and no byte of it is looked at
// twice until it is complete. Nothing is kept of a message over the limit: its header is the fault.
//
// What is to be answered (a Pong a Ping, and the Close that ends it) is appended to `replies`,
// frames ready to be written behind what the caller may still be writing. Faults and their codes:
//
//     too_long   1009   a message over max_message
//     bad_frame  1002   no mask, RSV bits, a reserved opcode, a control frame in fragments or over
//     125,
//                       a continuation of nothing, a message within a message, a length not in its
//                       shortest form or with its top bit set, a Close payload of one byte, a code
//                       that may not be sent
//     bad_utf8   1007   text, or a Close's reason, that is not UTF-8
//     too_many   1008   more than max_fragments frames a message, or more than max_pings Pings
//     since
//                       the last data message or forgive_pings()
#pragma once

#include "wire/decoded.hpp"
#include "wire/websocket_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace weir {

struct websocket_limits {
    std::size_t max_message = 1 << 20;
    std::uint32_t max_fragments = 1024;
    std::uint32_t max_pings = 128;
};

struct websocket_decoded : decoded {
    std::size_t empty = 0;   // data messages without a byte: not among `messages`
    std::uint16_t close = 0; // not 0: the code of the Close appended to `replies`; nothing follows
};

class websocket_decoder {
public:
    explicit websocket_decoder(websocket_limits limits) : limits_(limits) {}

    // `data` is the tail of the last call, then the bytes just read. `ends` is cleared first,
    // `replies` is appended to: write them before the next read, so that a flood of Pings holds
    // itself back.
    websocket_decoded decode(char* data, std::size_t size, message_ends& ends,
                             std::string& replies);

    // Pings are counted anew. For the owner's sweeper, every few seconds: else a client that only
    // listens and pings to stay connected would reach the limit one day.
    void forgive_pings() { pings_ = 0; }

private:
    struct header;
    struct progress;

    static header read_header(const char* data, std::size_t size);
    std::uint64_t step(char* data, std::size_t size, progress& at);
    decode_error check(const header& frame) const;
    void begin_frame(const header& frame);
    void take_payload(char* data, std::size_t size, progress& at);
    decode_error take_control(const header& frame, char* payload, progress& at);
    decode_error end_message(char* data, progress& at);

    websocket_limits limits_;
    std::uint32_t pings_ = 0;
    bool closed_ = false;

    // The message under way. While there is one, the tail begins with what has come of its payload
    // and one byte of room for its terminator.
    bool in_message_ = false;
    bool text_ = false;
    std::uint32_t fragments_ = 0;
    std::size_t collected_ = 0;

    // The data frame under way, its header already read.
    bool in_frame_ = false;
    bool fin_ = false;
    std::uint64_t remaining_ = 0;
    masking_key key_{}; // turned so that it begins with the next byte's
};

} // namespace weir

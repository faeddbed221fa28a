// What the in-place decoders of this folder hand back.
//
// A connection reads large chunks behind the tail of its buffer; a decoder compacts every complete
// message to the front of that same buffer in arena form (the message, then '\n') and says where
// the unfinished rest stands. Owned by the caller, no thread of its own, sizes and offsets in
// bytes; never throws on what a peer sent.
//
//     decoded d = decoder.decode(data, size, ends);   // data: the last tail, then the bytes just
//     read publish data[0, d.arena)                        // d.messages messages carry
//     data[d.tail, d.tail + d.tail_size)      // to the front of the next data read    behind it;
//     no message completes before the tail has grown to d.wanted bytes
//
// Where nothing was published the caller may go on in the same buffer, at data + d.tail. The tail
// need not reach to the end of what was passed in: a decoder that takes out headers closes the gap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace weir {

// A fault that ends the connection: what is complete is still in the arena, nothing follows.
enum class decode_error {
    none,
    too_long,  // a declared length is over the limit
    bad_frame, // the stream breaks the framing's rules, or ends within a frame
    bad_utf8,  // a text message is not UTF-8
    too_many,  // too many fragments a message, or too many pings
};

std::string_view to_string(decode_error error);

struct decoded {
    std::size_t arena = 0;     // bytes [0, arena) are complete messages, each followed by '\n'
    std::size_t messages = 0;  // how many
    std::size_t tail = 0;      // where the bytes to carry over begin
    std::size_t tail_size = 0; // how many they are; nothing behind them is to be kept
    std::size_t wanted = 0;    // the size to which the tail must grow at the very least
    std::size_t refused = 0;   // messages that were skipped as too long, each counted once
    decode_error error = decode_error::none;
};

// Where the messages of an arena end (exclusive of the terminator). Stays empty as long as no
// message contains a newline itself, for then the newlines are the boundaries; else it holds every
// message.
using message_ends = std::vector<std::uint32_t>;

// To be called for each message in turn, once it stands at its place data[begin, end) in the
// arena.
inline void note_end(message_ends& ends, const char* data, std::size_t begin, std::size_t end) {
    if (ends.empty()) {
        if (std::memchr(data + begin, '\n', end - begin) == nullptr) {
            return;
        }
        const std::string_view before(data, begin); // only plain messages so far
        for (auto at = before.find('\n'); at != before.npos; at = before.find('\n', at + 1)) {
            ends.push_back(static_cast<std::uint32_t>(at));
        }
    }
    ends.push_back(static_cast<std::uint32_t>(end));
}

} // namespace weir

// Walks over a server's WebSocket frames as they lie in what was read, without copying them (they
// carry no mask). One per connection, used by its thread; knows no socket.
//
//     tail = walker.walk(bytes, [](opcode op, std::string_view shown, std::uint64_t length) {…});
//     the next bytes passed in begin with `tail`, at most `most_tail` bytes
//
// A frame is told of once its beginning is there: its whole payload, or the first `most_shown` of
// it.
#pragma once

#include "wire/websocket_frame.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace weir::bench {

class frame_walker {
public:
    static constexpr std::size_t most_shown = max_control_payload;
    static constexpr std::size_t most_tail = max_server_header + most_shown - 1;

    template <class OnFrame>
    std::string_view walk(std::string_view bytes, OnFrame&& on_frame) {
        for (;;) {
            const std::uint64_t over = std::min<std::uint64_t>(skip_, bytes.size());
            bytes.remove_prefix(static_cast<std::size_t>(over));
            skip_ -= over;
            const std::size_t header = header_size(bytes);
            if (bytes.size() < header)
                return bytes;
            const std::uint64_t length = payload_length(bytes);
            const auto shown =
                static_cast<std::size_t>(std::min<std::uint64_t>(length, most_shown));
            if (bytes.size() < header + shown)
                return bytes;
            on_frame(static_cast<opcode>(bytes[0] & 0x0f), bytes.substr(header, shown), length);
            skip_ = header + length;
        }
    }

private:
    static std::uint64_t byte(std::string_view bytes, std::size_t at) {
        return static_cast<unsigned char>(bytes[at]);
    }
    static std::size_t header_size(std::string_view bytes) {
        const std::uint64_t length = bytes.size() < 2 ? 0 : byte(bytes, 1) & 0x7f;
        return length == 127 ? 10 : length == 126 ? 4 : 2;
    }
    static std::uint64_t payload_length(std::string_view bytes) {
        const std::uint64_t length = byte(bytes, 1) & 0x7f;
        if (length < 126)
            return length;
        std::uint64_t extended = 0;
        for (std::size_t i = 2; i < header_size(bytes); ++i)
            extended = extended << 8 | byte(bytes, i);
        return extended;
    }

    std::uint64_t skip_ = 0; // of the frame under way
};

} // namespace weir::bench

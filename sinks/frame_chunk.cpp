#include "sinks/frame_chunk.hpp"

#include "wire/utf8.hpp"
#include "wire/websocket_frame.hpp"

namespace weir {

namespace {

// Of a frame as a server sends it: whole and without a mask.
std::size_t frame_size(const char* header) {
    const auto byte = [header](std::size_t i) { return static_cast<unsigned char>(header[i]); };
    const std::size_t short_length = byte(1);
    if (short_length < 126)
        return 2 + short_length;
    const std::size_t length_bytes = short_length == 126 ? 2 : 8;
    std::size_t length = 0;
    for (std::size_t i = 0; i < length_bytes; ++i)
        length = length << 8 | byte(2 + i);
    return 2 + length_bytes + length;
}

} // namespace

void append_gap(std::string& frames, std::uint64_t missed) {
    append_frame(frames, opcode::text,
                 "{\"weir\":\"gap\",\"missed\":" + std::to_string(missed) + "}");
}

void frame_chunk::begin_with_gap(std::uint64_t missed) {
    append_gap(bytes_, missed);
    gap_ = missed;
    events_ += missed;
}

void frame_chunk::add(const batch& messages) {
    // A terminator is no part of any longer character, so an arena that is UTF-8 holds nothing
    // else.
    constexpr std::size_t usual_header = 4; // of 126 bytes to 64 KiB
    bytes_.reserve(bytes_.size() + messages.payload() + messages.size() * usual_header);
    const bool all_text = is_utf8(messages.arena());
    for (std::string_view message : messages)
        append_frame(bytes_, all_text || is_utf8(message) ? opcode::text : opcode::binary, message);
    events_ += messages.size();
}

frame_chunk::frame frame_chunk::frame_at(std::size_t offset) const {
    frame at{0, frame_size(bytes_.data()), 0};
    while (at.end <= offset) {
        at.events_before += at.begin == 0 && gap_ > 0 ? gap_ : 1;
        at.begin = at.end;
        at.end += frame_size(bytes_.data() + at.begin);
    }
    return at;
}

} // namespace weir

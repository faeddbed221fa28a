#include "sinks/frame_chunk.hpp"

#include "wire/utf8.hpp"
#include "wire/websocket_frame.hpp"

namespace weir {

void frame_chunk::begin_with_gap(std::uint64_t missed) {
    append_gap(bytes_, format_, missed);
    gap_ = missed;
    events_ += missed;
    end_ += missed;
}

void frame_chunk::begin_with_notice(std::string_view json) { append_notice(bytes_, format_, json); }

void frame_chunk::add(const batch& messages) {
    // A terminator is no part of any longer character, so an arena that is UTF-8 holds nothing
    // else.
    constexpr std::size_t usual_header = 4; // of 126 bytes to 64 KiB
    bytes_.reserve(bytes_.size() + messages.payload() + messages.size() * usual_header);
    const bool all_text = is_utf8(messages.arena());
    for (std::string_view message : messages)
        append_frame(bytes_, all_text || is_utf8(message) ? opcode::text : opcode::binary, message);
    events_ += messages.size();
    end_ += messages.size();
}

frame_chunk::frame frame_chunk::frame_at(std::size_t offset) const {
    const std::string_view bytes = bytes_;
    frame at{0, live_frame_size(format_, bytes), 0};
    while (at.end <= offset) {
        at.events_before += at.begin == 0 && gap_ > 0 ? gap_ : 1;
        at.begin = at.end;
        at.end += live_frame_size(format_, bytes.substr(at.begin));
    }
    return at;
}

} // namespace weir

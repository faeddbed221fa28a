#include "sinks/live_format.hpp"

#include "wire/websocket_frame.hpp"

namespace weir {

namespace {

// Of a frame as a server sends it: whole and without a mask.
std::size_t websocket_size(const char* header) {
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

void append_notice(std::string& frames, live_format format, std::string_view json) {
    switch (format) {
    case live_format::websocket:
        append_frame(frames, opcode::text, json);
        break;
    case live_format::sse:
        frames.append("data: ").append(json).append("\n\n");
        break;
    case live_format::lines:
        frames.append(json).append("\n");
        break;
    }
}

void append_gap(std::string& frames, live_format format, std::uint64_t missed) {
    append_notice(frames, format, R"({"weir":"gap","missed":)" + std::to_string(missed) + "}");
}

void append_heartbeat(std::string& frames, live_format format) {
    if (format == live_format::websocket)
        append_frame(frames, opcode::ping, {});
    else if (format == live_format::sse)
        frames += ":\n\n";
}

void append_farewell(std::string& frames, live_format format, std::uint16_t code) {
    if (format == live_format::websocket)
        append_close(frames, code);
    else if (format == live_format::sse)
        frames += code == close_code::policy ? ": too slow\n\n" : ": the end\n\n";
}

std::size_t live_frame_size(live_format format, std::string_view frames) {
    switch (format) {
    case live_format::websocket:
        return websocket_size(frames.data());
    case live_format::sse:
        return frames.find("\n\n") + 2; // no frame has a blank line within
    case live_format::lines:
        break;
    }
    return frames.find('\n') + 1;
}

} // namespace weir

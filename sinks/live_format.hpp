// The forms in which the live stream goes to a client, and what weir itself says in them. Each form
// is a sequence of frames that are the same bytes for every client. Pure functions, any thread.
//
//   websocket  one frame an event (RFC 6455, section 5.2)
//   sse        one server-sent event an event: "id: N", a "data: " line each, a blank line
//   lines      one line an event (application/x-ndjson)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

enum class live_format { websocket, sse, lines };

// A frame of weir's own: JSON on one line. Its form says that it has no number.
void append_notice(std::string& frames, live_format format, std::string_view json);
void append_gap(std::string& frames, live_format format, std::uint64_t missed);
constexpr std::string_view restart_notice = R"({"weir":"restart"})";

// What is said into silence; nothing where the form has no word for it.
void append_heartbeat(std::string& frames, live_format format);
// The last frame; a WebSocket's Close has the code.
void append_farewell(std::string& frames, live_format format, std::uint16_t code);

// Of the frame that begins at the front; `frames` holds the whole of it.
std::size_t live_frame_size(live_format format, std::string_view frames);

} // namespace weir

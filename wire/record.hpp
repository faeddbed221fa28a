// How a message that contains a newline stays one record of a newline-framed file.
//
// Every other message is written as it is, so that a whole arena is one write. A message with a
// newline becomes one line of JSON, which keeps an NDJSON file NDJSON and which any JSON parser
// takes back:
//
//     {"weir":"escaped","data":"…"}      the message as a JSON string, where it is UTF-8
//     {"weir":"escaped","base64":"…"}    else, RFC 4648, section 4, padded
//
// Written exactly so, without spaces; control bytes as \b \t \n \f \r or \u00xx, `"` and `\` with a
// backslash, all else raw. Reading: a line that is exactly what would have been written for a
// message with a newline is that message; every other line is itself. One ambiguity is left,
// knowingly, because plain messages are written without looking at them: who sends exactly such a
// line as a message of its own, gets the message it stands for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir {

std::string escape_record(std::string_view message);
void append_escaped_record(std::string& out, std::string_view message);

// The message that an escaped record stands for; nothing where `record` is no such record.
std::optional<std::string> unescape_record(std::string_view record);

} // namespace weir

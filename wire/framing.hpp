// The framings of a byte stream, both ways: messages out of a TCP or unix stream, records into a
// file. One framer per connection, used by that connection's thread alone; wire/decoded.hpp says
// how its buffer is used. Sizes in bytes.
//
//   newline         LF ends a message; a CR directly before it is dropped; an empty line is none
//   nul             NUL ends a message; an empty record is none
//   length          4 bytes, big-endian, then as many bytes; zero is no message
//   octet_counting  RFC 6587, section 3.4.1: decimal length without leading zero, a space, the
//   message
//
// Too long with a delimiter: the rest is skipped without being kept, `refused` counts it once, the
// stream lives on. Too long with a length: decode_error::too_long as soon as the length stands
// there.
#pragma once

#include "wire/decoded.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace weir {

enum class framing { newline, nul, length, octet_counting };

// As on the command line.
constexpr auto choices(framing) {
    return std::to_array<std::pair<std::string_view, framing>>({
        {"newline", framing::newline},
        {"nul", framing::nul},
        {"length", framing::length},
        {"octet-counting", framing::octet_counting},
    });
}

class framer {
public:
    framer(framing kind, std::size_t max_message) : kind_(kind), max_message_(max_message) {}

    // `data` is the tail of the last call, then the bytes just read. Not to be called after an
    // error.
    decoded decode(char* data, std::size_t size, message_ends& ends);

    // At the end of the stream, for the tail that is left: a last message without its delimiter
    // counts; within a counted frame it is a bad_frame. May write the terminator to data[size].
    decoded finish(char* data, std::size_t size, message_ends& ends);

private:
    bool decode_plain(const char* data, std::size_t size, decoded& result);
    decoded decode_delimited(char* data, std::size_t size, message_ends& ends);
    decoded decode_counted(char* data, std::size_t size, message_ends& ends);
    std::size_t without_cr(const char* data, std::size_t begin, std::size_t end) const;

    framing kind_;
    std::size_t max_message_;
    std::size_t scanned_ = 0; // of the tail: known to hold no delimiter
    bool skipping_ = false;   // within a message that is too long
};

// Appends one record. With newline framing a message that contains a newline itself is written as
// wire/record.hpp says, and all others as they are. No output offers nul: std::invalid_argument.
void append_framed(std::string& out, framing kind, std::string_view message);

} // namespace weir

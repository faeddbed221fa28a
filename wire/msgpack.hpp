// Messages as MessagePack and back: https://github.com/msgpack/msgpack/blob/master/spec.md. Pure
// functions, usable from any thread.
//
// A message that is one JSON value (RFC 8259), at most 200 levels deep, becomes that value, in the
// shortest form of the specification: whole numbers that fit become integers of up to 64 bits, all
// other numbers float 64. Any other message becomes a str where it is UTF-8, else a bin.
//
// Back: a value becomes compact JSON, but one that is nothing but a str or a bin becomes these very
// bytes. So what was no JSON returns as it was, and a lone JSON string without its quotes. JSON has
// neither bytes nor every kind of key and number: a bin within, and a str that is not UTF-8,
// becomes a string of base64 (RFC 4648, section 4), an integer key the string of its digits, a
// number that is not finite null. Any other key, an extension type, more than 200 levels, a value
// that is cut short, and anything behind it, are refused.
#pragma once

#include <string>
#include <string_view>

namespace weir {

constexpr unsigned most_msgpack_levels = 200; // of arrays and maps within one another

void append_msgpack(std::string& out, std::string_view message);

// False, and nothing appended, where `packed` is refused.
bool append_from_msgpack(std::string& out, std::string_view packed);

} // namespace weir

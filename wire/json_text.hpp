// Text as a JSON string (RFC 8259, section 7). Pure functions, usable from any thread.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace weir {

// What is written as a backslash and a letter; other control bytes are \u00xx, all else is raw.
constexpr std::array<std::pair<char, char>, 7> short_json_escapes{{
    {'"', '"'},
    {'\\', '\\'},
    {'\b', 'b'},
    {'\t', 't'},
    {'\n', 'n'},
    {'\f', 'f'},
    {'\r', 'r'},
}};

void append_json_escaped(std::string& out, std::string_view utf8); // without the quotes

// With the quotes. What is not UTF-8 is replaced (see repaired_utf8), so that the JSON is valid
// whatever the text is.
void append_json_string(std::string& out, std::string_view text);

} // namespace weir

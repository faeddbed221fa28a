#include "wire/json_text.hpp"

#include "wire/utf8.hpp"

namespace weir {

namespace {

void append_escape(std::string& out, char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    for (const auto& [raw, letter] : short_json_escapes) {
        if (raw == c) {
            out.append({'\\', letter});
            return;
        }
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append({'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 0xf]});
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

} // namespace

void append_json_escaped(std::string& out, std::string_view utf8) {
    for (const char c : utf8) {
        if (needs_escape(c))
            append_escape(out, c);
        else
            out.push_back(c);
    }
}

void append_json_string(std::string& out, std::string_view text) {
    out.push_back('"');
    if (is_utf8(text))
        append_json_escaped(out, text);
    else
        append_json_escaped(out, repaired_utf8(text));
    out.push_back('"');
}

} // namespace weir

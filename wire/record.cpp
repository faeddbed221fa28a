#include "wire/record.hpp"

#include "wire/base64.hpp"
#include "wire/utf8.hpp"

#include <array>
#include <utility>

namespace weir {

namespace {

constexpr std::string_view data_prefix = R"({"weir":"escaped","data":")";
constexpr std::string_view base64_prefix = R"({"weir":"escaped","base64":")";
constexpr std::string_view suffix = R"("})";
constexpr std::string_view hex = "0123456789abcdef";

constexpr std::array<std::pair<char, char>, 7> short_escapes{{
    {'"', '"'},
    {'\\', '\\'},
    {'\b', 'b'},
    {'\t', 't'},
    {'\n', 'n'},
    {'\f', 'f'},
    {'\r', 'r'},
}};

void append_escaped(std::string& out, char c) {
    for (const auto& [raw, letter] : short_escapes) {
        if (raw == c) {
            out.append({'\\', letter});
            return;
        }
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append({'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 0xf]});
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// Takes one escape off the front of `text`, its backslash already gone.
std::optional<char> take_escaped(std::string_view& text) {
    if (text.empty()) {
        return std::nullopt;
    }
    for (const auto& [raw, letter] : short_escapes) {
        if (letter == text.front()) {
            text.remove_prefix(1);
            return raw;
        }
    }
    if (!text.starts_with("u00") || text.size() < 5) {
        return std::nullopt;
    }
    const auto high = hex.find(text[3]);
    const auto low = hex.find(text[4]);
    if (high == hex.npos || low == hex.npos) {
        return std::nullopt;
    }
    text.remove_prefix(5);
    return static_cast<char>(high << 4 | low);
}

std::optional<std::string> unescape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        char c = text.front();
        text.remove_prefix(1);
        if (c == '\\') {
            const auto escaped = take_escaped(text);
            if (!escaped) {
                return std::nullopt;
            }
            c = *escaped;
        }
        out.push_back(c);
    }
    return out;
}

} // namespace

void append_escaped_record(std::string& out, std::string_view message) {
    if (!is_utf8(message)) {
        out.append(base64_prefix);
        append_base64(out, message);
        out.append(suffix);
        return;
    }
    out.append(data_prefix);
    for (const char c : message) {
        if (needs_escape(c)) {
            append_escaped(out, c);
        } else {
            out.push_back(c);
        }
    }
    out.append(suffix);
}

std::string escape_record(std::string_view message) {
    std::string out;
    append_escaped_record(out, message);
    return out;
}

std::optional<std::string> unescape_record(std::string_view record) {
    if (!record.ends_with(suffix)) {
        return std::nullopt;
    }
    const std::string_view body = record.substr(0, record.size() - suffix.size());
    std::optional<std::string> message;
    if (body.starts_with(data_prefix)) {
        message = unescape(body.substr(data_prefix.size()));
    } else if (body.starts_with(base64_prefix)) {
        message = from_base64(body.substr(base64_prefix.size()));
    }
    // Only what append_escaped_record() writes counts, so that no other line is ever taken for it.
    if (!message || message->find('\n') == message->npos || escape_record(*message) != record) {
        return std::nullopt;
    }
    return message;
}

} // namespace weir

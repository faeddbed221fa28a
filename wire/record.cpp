#include "wire/record.hpp"

#include "wire/base64.hpp"
#include "wire/json_text.hpp"
#include "wire/utf8.hpp"

namespace weir {

namespace {

constexpr std::string_view data_prefix = R"({"weir":"escaped","data":")";
constexpr std::string_view base64_prefix = R"({"weir":"escaped","base64":")";
constexpr std::string_view suffix = R"("})";
constexpr std::string_view hex = "0123456789abcdef";

// Takes one escape off the front of `text`, its backslash already gone.
std::optional<char> take_escaped(std::string_view& text) {
    if (text.empty()) {
        return std::nullopt;
    }
    for (const auto& [raw, letter] : short_json_escapes) {
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
    append_json_escaped(out, message);
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

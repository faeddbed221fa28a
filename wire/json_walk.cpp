#include "wire/json_walk.hpp"

#include <boost/json/parse.hpp>

namespace weir {

namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Behind the string that begins at `at`; npos where it does not end.
std::size_t string_end(std::string_view text, std::size_t at) {
    for (++at; at < text.size(); ++at) {
        if (text[at] == '"')
            return at + 1;
        if (text[at] == '\\')
            ++at;
    }
    return text.npos;
}

} // namespace

void skip_json_blanks(std::string_view& text) {
    std::size_t at = 0;
    while (at < text.size() && is_blank(text[at]))
        ++at;
    text.remove_prefix(at);
}

std::string_view take_json_string(std::string_view& text) {
    const std::size_t end = text.starts_with('"') ? string_end(text, 0) : text.npos;
    if (end == text.npos)
        return {};
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(end);
    return taken;
}

std::string_view take_json_value(std::string_view& text) {
    std::size_t depth = 0;
    std::size_t at = 0;
    for (bool inside = true; inside && at < text.size();) {
        switch (text[at]) {
        case '"':
            at = string_end(text, at);
            if (at == text.npos)
                return {};
            break;
        case '{':
        case '[':
            ++depth;
            ++at;
            break;
        case '}':
        case ']':
            inside = depth > 0;
            depth -= inside ? 1 : 0;
            at += inside ? 1 : 0;
            break;
        case ',':
            inside = depth > 0;
            at += inside ? 1 : 0;
            break;
        default:
            ++at;
        }
    }
    if (depth != 0)
        return {};
    std::string_view taken = text.substr(0, at);
    text.remove_prefix(at);
    while (!taken.empty() && is_blank(taken.back()))
        taken.remove_suffix(1);
    return taken;
}

std::string json_string_text(std::string_view quoted) {
    boost::system::error_code fault;
    const boost::json::value parsed = boost::json::parse({quoted.data(), quoted.size()}, fault);
    if (fault || !parsed.is_string())
        return std::string(quoted);
    return std::string(parsed.get_string().begin(), parsed.get_string().end());
}

// An escape is longer than what it stands for: names of the same length have none.
bool is_json_name(std::string_view quoted, std::string_view name) {
    const std::string_view inner = quoted.substr(1, quoted.size() - 2);
    if (inner.size() <= name.size())
        return inner == name;
    return inner.find('\\') != inner.npos && json_string_text(quoted) == name;
}

} // namespace weir

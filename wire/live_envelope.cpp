#include "wire/live_envelope.hpp"

#include "wire/base64.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>
#include <utility>

namespace weir {

namespace {

constexpr std::string_view blank = " \t\r\n";

void skip_blanks(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
}

// Takes a string off the front, its quotes with it; empty where none stands there.
std::string_view take_string(std::string_view& text) {
    if (!text.starts_with('"'))
        return {};
    for (std::size_t at = text.find_first_of("\"\\", 1); at != text.npos;
         at = text.find_first_of("\"\\", at)) {
        if (text[at] == '"') {
            const std::string_view taken = text.substr(0, at + 1);
            text.remove_prefix(at + 1);
            return taken;
        }
        at += 2;
    }
    return {};
}

// Takes a value off the front, whatever its kind, without judging what stands inside it.
std::string_view take_value(std::string_view& text) {
    if (text.starts_with('"'))
        return take_string(text);
    const std::string_view all = text;
    std::size_t depth = 0;
    while (!text.empty()) {
        const char next = text.front();
        if (depth == 0 && (next == ',' || next == '}' || next == ']'))
            break;
        if (next == '"') {
            if (take_string(text).empty())
                return {};
            continue;
        }
        if (next == '{' || next == '[')
            ++depth;
        if (next == '}' || next == ']')
            --depth;
        text.remove_prefix(1);
    }
    if (depth != 0)
        return {};
    std::string_view taken = all.substr(0, all.size() - text.size());
    taken = taken.substr(0, taken.find_last_not_of(blank) + 1);
    return taken;
}

// Calls on_member(name with its quotes, value) for each member of the object that `text` is. False:
// it is none, or on_member said so.
template <class OnMember>
bool walk_object(std::string_view text, OnMember on_member) {
    skip_blanks(text);
    if (!text.starts_with('{'))
        return false;
    char before = '{';
    do {
        text.remove_prefix(1);
        skip_blanks(text);
        if (before == '{' && text.starts_with('}'))
            break;
        const std::string_view name = take_string(text);
        skip_blanks(text);
        if (name.empty() || !text.starts_with(':'))
            return false;
        text.remove_prefix(1);
        skip_blanks(text);
        const std::string_view value = take_value(text);
        if (value.empty() || !on_member(name, value))
            return false;
        skip_blanks(text);
        before = text.empty() ? '\0' : text.front();
    } while (before == ',');
    if (!text.starts_with('}'))
        return false;
    text.remove_prefix(1);
    return text.find_first_not_of(blank) == text.npos;
}

bool read_number(std::string_view text, std::uint64_t& into) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), into);
    return fault == std::errc() && end == text.data() + text.size();
}

// Of a JSON string; what is none stays as it is.
std::string plain(std::string_view quoted) {
    boost::system::error_code fault;
    const boost::json::value parsed = boost::json::parse({quoted.data(), quoted.size()}, fault);
    if (fault || !parsed.is_string())
        return std::string(quoted);
    return std::string(parsed.get_string().begin(), parsed.get_string().end());
}

} // namespace

std::string live_envelope::event() const {
    if (!data.starts_with('"'))
        return std::string(data);
    std::string text = plain(data);
    if (base64)
        if (std::optional<std::string> bytes = from_base64(text))
            return *std::move(bytes);
    return text;
}

std::optional<live_envelope> read_live_envelope(std::string_view text) {
    live_envelope found;
    bool first = true;
    bool has_time = false;
    const bool walked = walk_object(text, [&](std::string_view name, std::string_view value) {
        if (std::exchange(first, false))
            return name == "\"seq\"" && read_number(value, found.seq);
        if (name == "\"time\"")
            has_time = true;
        else if (name == "\"data\"")
            found.data = value;
        else if (name == "\"encoding\"")
            found.base64 = value == "\"base64\"";
        return true;
    });
    if (!walked || !has_time || found.data.empty())
        return std::nullopt;
    return found;
}

std::optional<live_notice> read_live_notice(std::string_view text) {
    live_notice found;
    bool first = true;
    bool known = false;
    const bool walked = walk_object(text, [&](std::string_view name, std::string_view value) {
        if (std::exchange(first, false)) {
            const bool gap = value == "\"gap\"";
            found.what = gap ? live_notice::kind::gap : live_notice::kind::restart;
            known = value == "\"restart\"";
            return name == "\"weir\"" && (gap || known);
        }
        known = known || (name == "\"missed\"" && read_number(value, found.missed));
        return true;
    });
    if (!walked || !known)
        return std::nullopt;
    return found;
}

} // namespace weir

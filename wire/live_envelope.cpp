#include "wire/live_envelope.hpp"

#include "wire/base64.hpp"
#include "wire/json_walk.hpp"

#include <charconv>
#include <utility>

namespace weir {

namespace {

bool read_number(std::string_view text, std::uint64_t& into) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), into);
    return fault == std::errc() && end == text.data() + text.size();
}

} // namespace

std::string live_envelope::event() const {
    if (!data.starts_with('"'))
        return std::string(data);
    std::string text = json_string_text(data);
    if (base64)
        if (std::optional<std::string> bytes = from_base64(text))
            return *std::move(bytes);
    return text;
}

std::optional<live_envelope> read_live_envelope(std::string_view text) {
    live_envelope found;
    bool first = true;
    bool has_time = false;
    const bool walked = walk_json_object(text, [&](std::string_view name, std::string_view value) {
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
    const bool walked = walk_json_object(text, [&](std::string_view name, std::string_view value) {
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

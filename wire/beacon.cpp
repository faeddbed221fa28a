#include "wire/beacon.hpp"

#include "wire/form_fields.hpp"
#include "wire/http_head.hpp"
#include "wire/json_text.hpp"
#include "wire/utc_time.hpp"
#include "wire/utf8.hpp"

#include <set>

namespace weir {

namespace {

void append_path_text(std::string& out, std::string_view as_sent) {
    append_json_string(out, percent_decoded(as_sent).value_or(std::string(as_sent)));
}

void append_browser(std::string& out, const browser& from) {
    out += "{\"name\":";
    append_json_string(out, from.name);
    out += ",\"version\":";
    append_json_string(out, from.version);
    out += ",\"os\":";
    append_json_string(out, from.system);
    out += '}';
}

} // namespace

std::optional<beacon_path> parse_beacon_path(std::string_view path) {
    constexpr std::string_view root = "/r/";
    if (!path.starts_with(root))
        return std::nullopt;
    path.remove_prefix(root.size());
    const std::size_t first = path.find('/');
    const std::size_t second = first == path.npos ? first : path.find('/', first + 1);
    if (second == path.npos)
        return std::nullopt;
    const beacon_path out{path.substr(0, first), path.substr(first + 1, second - first - 1),
                          path.substr(second + 1)};
    const bool whole = !out.app.empty() && !out.account.empty() && !out.type.empty() &&
                       out.type.find('/') == out.type.npos;
    return whole ? std::optional(out) : std::nullopt;
}

std::optional<std::string> beacon_user_agent(std::string_view query) {
    while (auto field = next_form_field(query))
        if (field->name == "ua")
            return std::move(field->value);
    return std::nullopt;
}

std::string beacon_event(const beacon_path& path, std::string_view query, const browser& from,
                         std::chrono::system_clock::time_point now) {
    std::string out = "{\"time\":\"";
    append_utc_time(out, now);
    out += "\",\"type\":";
    append_path_text(out, path.type);
    out += ",\"data\":{\"app\":";
    append_path_text(out, path.app);
    out += ",\"account\":";
    append_path_text(out, path.account);
    out += ",\"browser\":";
    append_browser(out, from);
    std::set<std::string, std::less<>> taken{"app", "account", "browser", "ua"};
    while (auto field = next_form_field(query)) {
        // Repaired first: two names that differ only in what is replaced are one in the JSON.
        const auto [name, is_new] = taken.insert(repaired_utf8(field->name));
        if (!is_new)
            continue;
        out += ',';
        append_json_string(out, *name);
        out += ':';
        append_json_string(out, field->value);
    }
    out += "}}";
    return out;
}

} // namespace weir

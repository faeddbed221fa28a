#include "wire/member_path.hpp"

#include "base/error.hpp"
#include "wire/json_walk.hpp"
#include "wire/utf8.hpp"

#include <algorithm>

namespace weir {

member_path::member_path(std::string_view text) : names_(1) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size())
            names_.back() += text[++i];
        else if (text[i] == '.')
            names_.emplace_back();
        else
            names_.back() += text[i];
    }
    const bool has_empty = std::any_of(names_.begin(), names_.end(),
                                       [](const std::string& name) { return name.empty(); });
    if (has_empty || !is_utf8(text)) // in bytes that are not UTF-8 no JSON has a name
        throw usage_error("'" + std::string(text) +
                          "' is no member: a name, or a.b for b within a");
}

std::optional<std::string_view> member_path::find_in(std::string_view object) const {
    std::optional<std::string_view> found = object;
    for (const std::string& name : names_) {
        const std::string_view within = *found;
        found.reset();
        walk_json_object(within, [&](std::string_view key, std::string_view value) {
            if (is_json_name(key, name))
                found = value;
            return true;
        });
        if (!found)
            break;
    }
    return found;
}

std::string value_text(std::string_view json) {
    if (!json.starts_with('"'))
        return std::string(json);
    if (json.find('\\') == json.npos)
        return std::string(json.substr(1, json.size() - 2));
    return json_string_text(json);
}

} // namespace weir

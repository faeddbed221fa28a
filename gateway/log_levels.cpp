#include "gateway/log_levels.hpp"

#include "base/options.hpp"
#include "gateway/registry.hpp"

#include <algorithm>

namespace weir {

namespace {

void check_component(std::string_view name) {
    std::vector<std::string_view> known{"weir"};
    for (const listener_kind& kind : listener_kinds())
        known.push_back(kind.flag);
    for (const sink_kind& kind : sink_kinds())
        known.push_back(kind.flag);
    if (std::ranges::find(known, name) == known.end())
        throw usage_error("'" + std::string(name) +
                          "' is no component: a flag of a listener or a "
                          "sink without its dashes, or weir" +
                          did_you_mean(name, known));
}

} // namespace

void from_text(std::string_view text, log_levels& to) {
    log_levels read;
    bool first = true;
    for (std::size_t end = 0; end != text.npos; first = false) {
        end = text.find(',');
        const std::string_view part = text.substr(0, end);
        text.remove_prefix(end == text.npos ? 0 : end + 1);
        const std::size_t equals = part.find('=');
        if (equals == part.npos && !first)
            throw usage_error("'" + std::string(part) + "' is no COMPONENT=LEVEL");
        if (equals == part.npos) {
            from_text(part, read.general);
            continue;
        }
        check_component(part.substr(0, equals));
        from_text(part.substr(equals + 1), read.of[std::string(part.substr(0, equals))]);
    }
    to = std::move(read);
}

std::string to_text(const log_levels& value) {
    std::string out = to_text(value.general);
    for (const auto& [component, level] : value.of)
        out += "," + component + "=" + to_text(level);
    return out;
}

} // namespace weir

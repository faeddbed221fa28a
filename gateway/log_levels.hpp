// The levels of the log as users write them, on the command line and at /log-level: one for all,
// and after commas others for some components: "info,redis=debug,http=warn".
#pragma once

#include "base/log.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

// Found where spdlog's own type lives.
namespace spdlog::level {
constexpr std::array<std::pair<std::string_view, level_enum>, 6> choices(level_enum) {
    return {{{"trace", trace},
             {"debug", debug},
             {"info", info},
             {"warn", warn},
             {"error", err},
             {"off", off}}};
}
} // namespace spdlog::level

namespace weir {

// A component is a flag of a listener or a sink, without the dashes, or "weir", which is all else.
// Throws usage_error.
void from_text(std::string_view text, log_levels& to);
std::string to_text(const log_levels& value);

} // namespace weir

// How the log looks on stderr: text, coloured on a terminal unless NO_COLOR is set, or JSON, one
// object a line with the members time (RFC 3339), level, component and message.
#pragma once

#include "base/log.hpp"

#include <array>
#include <memory>
#include <spdlog/formatter.h>
#include <string_view>
#include <utility>

namespace weir {

enum class log_format { text, json };
constexpr std::array<std::pair<std::string_view, log_format>, 2> choices(log_format) {
    return {{{"text", log_format::text}, {"json", log_format::json}}};
}

// Called once, before anything runs. `above_status`: each line first wipes the status line.
void start_logging(const log_levels& levels, log_format format, bool above_status = false);

std::unique_ptr<spdlog::formatter> make_log_formatter(log_format format, bool above_status = false);

} // namespace weir

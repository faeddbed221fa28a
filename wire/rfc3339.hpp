// Times as events carry them: 2013-02-01T09:05:00.25+01:00 (RFC 3339, section 5.6). Pure, usable
// from any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace weir {

// In UTC, without the fraction; a leap second is the second before it. Nothing where it is no such
// time, or before the year 1.
std::optional<std::chrono::sys_seconds> parse_rfc3339(std::string_view text);

} // namespace weir

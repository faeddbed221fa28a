// The numbers of a /metrics page, both ways. Pure functions, usable from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

// A decimal number, with a sign and an exponent as it likes, or NaN, Inf and Infinity in any case.
// What is too small is zero; what is too large for a double is nothing, as is everything else.
std::optional<double> parse_prometheus_value(std::string_view text);

// Timestamps, as milliseconds since 1970: a whole number of them (0.0.4), or seconds with a
// fraction (OpenMetrics), of which what is below a millisecond is rounded off.
std::optional<std::int64_t> parse_prometheus_milliseconds(std::string_view text);
std::optional<std::int64_t> parse_prometheus_seconds(std::string_view text);

// As short as it can be without losing anything: 1.5, 3, 1e+21, NaN, +Inf, -Inf.
void append_prometheus_value(std::string& out, double value);

} // namespace weir

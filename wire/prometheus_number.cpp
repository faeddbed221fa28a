#include "wire/prometheus_number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <iterator>
#include <limits>

namespace weir {

namespace {

// `lower` is in lower case.
bool is_word(std::string_view text, std::string_view lower) {
    return std::ranges::equal(text, lower, [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

std::optional<double> parse_decimal(std::string_view text) {
    const bool begins = !text.empty() && ((text[0] >= '0' && text[0] <= '9') || text[0] == '.');
    if (!begins)
        return std::nullopt;
    double value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, fault] = std::from_chars(text.data(), last, value);
    if (end != last || fault == std::errc::invalid_argument)
        return std::nullopt;
    if (fault == std::errc::result_out_of_range) // too large, or too small: it does not say which
        value = std::strtod(std::string(text).c_str(), nullptr);
    if (std::isinf(value))
        return std::nullopt;
    return value;
}

} // namespace

std::optional<double> parse_prometheus_value(std::string_view text) {
    const bool negative = text.starts_with('-');
    const bool with_sign = negative || text.starts_with('+');
    if (with_sign)
        text.remove_prefix(1);
    if (is_word(text, "nan"))
        return with_sign ? std::nullopt
                         : std::optional<double>(std::numeric_limits<double>::quiet_NaN());
    std::optional<double> value;
    if (is_word(text, "inf") || is_word(text, "infinity"))
        value = std::numeric_limits<double>::infinity();
    else
        value = parse_decimal(text);
    if (value && negative)
        value = -*value;
    return value;
}

std::optional<std::int64_t> parse_prometheus_milliseconds(std::string_view text) {
    std::int64_t value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, fault] = std::from_chars(text.data(), last, value);
    if (text.empty() || end != last || fault != std::errc())
        return std::nullopt;
    return value;
}

std::optional<std::int64_t> parse_prometheus_seconds(std::string_view text) {
    constexpr double most = 9.2e18; // milliseconds, just below what 64 bits hold
    const std::optional<double> seconds = parse_prometheus_value(text);
    if (!seconds || !(std::abs(*seconds) <= most / 1000))
        return std::nullopt;
    return static_cast<std::int64_t>(std::llround(*seconds * 1000));
}

void append_prometheus_value(std::string& out, double value) {
    if (std::isnan(value))
        out += "NaN";
    else if (std::isinf(value))
        out += value < 0 ? "-Inf" : "+Inf";
    else
        fmt::format_to(std::back_inserter(out), "{}", value);
}

} // namespace weir

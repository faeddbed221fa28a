#include "base/units.hpp"

#include "base/error.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace weir {

namespace {

using unit = std::pair<std::string_view, std::uint64_t>;

// Splits "64KiB" into 64 and the factor of KiB.
template <std::size_t N>
std::uint64_t parse_with_unit(std::string_view text, const std::array<unit, N>& units,
                              const char* expected) {
    const std::string wrong = "'" + std::string(text) + "' is " + expected;
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc())
        throw usage_error(wrong);
    const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
    for (const auto& [name, factor] : units) {
        if (name != suffix)
            continue;
        if (number > std::numeric_limits<std::int64_t>::max() / factor)
            throw usage_error("'" + std::string(text) + "' is too large");
        return number * factor;
    }
    if (suffix.empty() && number == 0)
        return 0;
    throw usage_error(wrong);
}

template <std::size_t N>
std::string with_largest_unit(std::uint64_t number, const std::array<unit, N>& units) {
    for (const auto& [name, factor] : units)
        if (number != 0 && number % factor == 0)
            return std::to_string(number / factor) + std::string(name);
    return std::to_string(number);
}

constexpr std::array<unit, 10> size_names{{{"", 1},
                                           {"B", 1},
                                           {"K", 1u << 10},
                                           {"KiB", 1u << 10},
                                           {"M", 1u << 20},
                                           {"MiB", 1u << 20},
                                           {"G", 1u << 30},
                                           {"GiB", 1u << 30},
                                           {"T", 1ull << 40},
                                           {"TiB", 1ull << 40}}};
constexpr std::array<unit, 4> size_units{
    {{"GiB", 1u << 30}, {"MiB", 1u << 20}, {"KiB", 1u << 10}, {"B", 1}}};
constexpr std::array<unit, 5> time_units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};

} // namespace

byte_size parse_size(std::string_view text) {
    return {parse_with_unit(text, size_names, "no size (write 512, 64KiB, 1MiB or 2GiB)")};
}

duration parse_duration(std::string_view text) {
    return duration(parse_with_unit(text, time_units, "no time (write 250ms, 10s, 5m, 1h or 1d)"));
}

std::uint64_t parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size())
        throw usage_error("'" + std::string(text) + "' is no whole number");
    return number;
}

bool parse_switch(std::string_view text) {
    if (text == "on" || text == "true" || text == "yes" || text == "1")
        return true;
    if (text == "off" || text == "false" || text == "no" || text == "0")
        return false;
    throw usage_error("'" + std::string(text) + "' is neither on nor off");
}

std::string to_string(byte_size size) { return with_largest_unit(size.bytes, size_units); }

std::string to_string(duration time) {
    return with_largest_unit(static_cast<std::uint64_t>(time.count()), time_units);
}

} // namespace weir

#include "wire/rfc3339.hpp"

#include <algorithm>

namespace weir {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes exactly `digits` of them off the front.
bool take_number(std::string_view& text, std::size_t digits, unsigned least, unsigned most,
                 unsigned& to) {
    if (text.size() < digits || !std::all_of(text.begin(), text.begin() + digits, is_digit))
        return false;
    to = 0;
    for (; digits > 0; --digits) {
        to = to * 10 + static_cast<unsigned>(text.front() - '0');
        text.remove_prefix(1);
    }
    return to >= least && to <= most;
}

bool take_one_of(std::string_view& text, std::string_view choices) {
    if (text.empty() || choices.find(text.front()) == choices.npos)
        return false;
    text.remove_prefix(1);
    return true;
}

bool take_fraction(std::string_view& text) {
    if (!take_one_of(text, "."))
        return true;
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto digits = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(digits);
    return digits > 0;
}

bool take_offset(std::string_view& text, std::chrono::minutes& to) {
    if (take_one_of(text, "Zz"))
        return true;
    const bool west = text.starts_with('-');
    unsigned hours = 0;
    unsigned minutes = 0;
    if (!take_one_of(text, "+-") || !take_number(text, 2, 0, 23, hours) ||
        !take_one_of(text, ":") || !take_number(text, 2, 0, 59, minutes))
        return false;
    to = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    if (west)
        to = -to;
    return true;
}

} // namespace

std::optional<std::chrono::sys_seconds> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    unsigned y = 0, m = 0, d = 0, hour = 0, minute = 0, second = 0;
    minutes offset{0};
    const bool taken = take_number(text, 4, 1, 9999, y) && take_one_of(text, "-") &&
                       take_number(text, 2, 1, 12, m) && take_one_of(text, "-") &&
                       take_number(text, 2, 1, 31, d) && take_one_of(text, "Tt") &&
                       take_number(text, 2, 0, 23, hour) && take_one_of(text, ":") &&
                       take_number(text, 2, 0, 59, minute) && take_one_of(text, ":") &&
                       take_number(text, 2, 0, 60, second) && take_fraction(text) &&
                       take_offset(text, offset) && text.empty();
    const year_month_day date(year(static_cast<int>(y)), month(m), day(d));
    if (!taken || !date.ok())
        return std::nullopt;
    return sys_days(date) + hours(hour) + minutes(minute) + seconds(std::min(second, 59u)) - offset;
}

} // namespace weir

#include "sinks/retry_policy.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace weir {

namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// "Fri, 20 Nov 2026 18:45:01 GMT"
std::optional<wall_time> parse_http_date(const std::string& text) {
    int day = 0, year = 0, hour = 0, minute = 0, second = 0, length = 0;
    std::array<char, 4> month{};
    if (std::sscanf(text.c_str(), "%*3s, %2d %3s %4d %2d:%2d:%2d GMT%n", &day, month.data(), &year,
                    &hour, &minute, &second, &length) != 6 ||
        static_cast<std::size_t>(length) != text.size())
        return std::nullopt;
    const auto* const name = std::ranges::find(months, std::string_view(month.data()));
    if (name == months.end())
        return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(year),
        std::chrono::month(static_cast<unsigned>(name - months.begin() + 1)),
        std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

bool worth_another_try(unsigned status) {
    return status == 0 || status == 408 || status == 429 || status >= 500;
}

} // namespace

retry_verdict retry_policy::next(const http_outcome& outcome, time now) {
    using kind = retry_verdict::kind;
    if (outcome.status >= 200 && outcome.status < 300)
        return {kind::delivered};
    if (!worth_another_try(outcome.status))
        return {kind::rejected};
    const std::chrono::steady_clock::duration left = deadline_ - now;
    const duration asked = outcome.retry_after.value_or(duration(0));
    if (left <= left.zero() || asked > left)
        return {kind::gave_up};
    return {kind::again,
            std::min<std::chrono::steady_clock::duration>(left, std::max(waits_.next(), asked))};
}

std::optional<duration> parse_retry_after(std::string_view value, wall_time now) {
    constexpr duration longest = std::chrono::hours(24 * 365);
    if (value.empty())
        return std::nullopt;
    if (std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) {
        if (value.size() > 8)
            return longest;
        return std::min<duration>(longest, std::chrono::seconds(std::stol(std::string(value))));
    }
    const std::optional<wall_time> date = parse_http_date(std::string(value));
    if (!date)
        return std::nullopt;
    return std::clamp<duration>(*date - now, duration(0), longest);
}

} // namespace weir

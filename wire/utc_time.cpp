#include "wire/utc_time.hpp"

#include <fmt/format.h>
#include <iterator>

namespace weir {

void append_utc_time(std::string& out, std::chrono::system_clock::time_point when) {
    const auto now = std::chrono::floor<std::chrono::milliseconds>(when);
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date(today);
    const std::chrono::hh_mm_ss time(now - today);
    fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                   static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                   static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
                   time.seconds().count(), time.subseconds().count());
}

} // namespace weir

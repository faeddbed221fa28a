#include "sinks/rotation.hpp"

#include "sinks/compress.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <limits>

namespace weir {

namespace {

constexpr std::size_t stamp_size = 20; // 20261120T184501.123Z

std::string to_stamp(wall_time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}.{:03}Z", int(date.year()),
                       unsigned(date.month()), unsigned(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

std::optional<wall_time> from_stamp(const std::string& text) {
    int year = 0, hour = 0, minute = 0, second = 0, milli = 0;
    unsigned month = 0, day = 0;
    if (std::sscanf(text.c_str(), "%4d%2u%2uT%2d%2d%2d.%3dZ", &year, &month, &day, &hour, &minute,
                    &second, &milli) != 7)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
    if (!date.ok())
        return std::nullopt;
    const wall_time time = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                           std::chrono::minutes(minute) + std::chrono::seconds(second) +
                           std::chrono::milliseconds(milli);
    // Only what to_stamp writes is a stamp.
    return to_stamp(time) == text ? std::optional(time) : std::nullopt;
}

// events.ndjson: "events" and ".ndjson".
struct name_parts {
    explicit name_parts(const std::string& path) {
        const std::filesystem::path file = std::filesystem::path(path).filename();
        front = file.stem().string() + ".";
        back = file.extension().string();
    }
    std::string front;
    std::string back;
};

bool remove_suffix(std::string& text, std::string_view suffix) {
    if (!text.ends_with(suffix))
        return false;
    text.resize(text.size() - suffix.size());
    return true;
}

std::filesystem::path folder_of(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    return folder.empty() ? std::filesystem::path(".") : folder;
}

} // namespace

std::uint64_t rotation_rule::room(std::uint64_t size_now) const {
    if (size == 0)
        return std::numeric_limits<std::uint64_t>::max();
    return size - std::min(size, size_now);
}

bool rotation_rule::due(std::uint64_t size_now, wall_time began, wall_time now) const {
    const std::optional<wall_time> at = next(began);
    return size_now > 0 && at && now >= *at;
}

std::optional<wall_time> rotation_rule::next(wall_time began) const {
    if (every.count() == 0)
        return std::nullopt;
    const auto since = began.time_since_epoch();
    return wall_time(since - since % every + every);
}

std::string name_with_stamp(const std::string& path, wall_time stamp) {
    const name_parts parts(path);
    return (std::filesystem::path(path).parent_path() /
            (parts.front + to_stamp(stamp) + parts.back))
        .string();
}

std::optional<rotated_file> as_rotated(const std::string& path, const std::string& candidate) {
    const name_parts parts(path);
    std::string name = std::filesystem::path(candidate).filename().string();
    const std::size_t stamped = parts.front.size() + stamp_size;
    if (name.size() < stamped || !name.starts_with(parts.front))
        return std::nullopt;
    const std::optional<wall_time> stamp = from_stamp(name.substr(parts.front.size(), stamp_size));
    std::string rest = name.substr(stamped);
    if (!stamp || !rest.starts_with(parts.back))
        return std::nullopt;
    rest.erase(0, parts.back.size());
    rotated_file found{candidate, *stamp, false, false};
    found.unfinished = remove_suffix(rest, unfinished_suffix);
    found.compressed = rest == suffix(compression::gzip) || rest == suffix(compression::zstd);
    if (rest.empty() ? found.unfinished : !found.compressed)
        return std::nullopt;
    return found;
}

std::vector<rotated_file> list_rotated(const std::string& path) {
    std::vector<rotated_file> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_of(path)))
        if (auto rotated = as_rotated(path, entry.path().string()))
            found.push_back(std::move(*rotated));
    std::ranges::sort(found, {}, [](const rotated_file& f) { return std::pair(f.stamp, f.path); });
    return found;
}

std::string rotated_name(const std::string& path, wall_time now,
                         const std::vector<rotated_file>& existing) {
    wall_time stamp = now;
    if (!existing.empty())
        stamp = std::max(now, existing.back().stamp + std::chrono::milliseconds(1));
    return name_with_stamp(path, stamp);
}

std::vector<rotated_file> beyond(unsigned keep, const std::vector<rotated_file>& existing) {
    if (keep == 0 || existing.size() <= keep)
        return {};
    return {existing.begin(), existing.end() - keep};
}

} // namespace weir

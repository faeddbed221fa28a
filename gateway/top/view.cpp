#include "gateway/top/view.hpp"

#include "gateway/status_line.hpp"
#include "gateway/top/table.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace weir::top {

namespace {

constexpr std::string_view unknown = "-";

std::string bytes_text(double n) {
    constexpr std::string_view units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    for (; n >= 1023.5 && unit + 1 < std::size(units); n /= 1024)
        ++unit;
    return fmt::format("{:.{}f}{}", n, unit > 0 && n < 9.95 ? 1 : 0, units[unit]);
}

std::string time_text(double seconds) {
    if (!std::isfinite(seconds))
        return ">5m";
    if (seconds < 1)
        return fmt::format("{:g}ms", seconds * 1000);
    return fmt::format("{:g}s", seconds);
}

std::string up_text(double seconds) {
    const auto whole = static_cast<std::int64_t>(std::max(0.0, seconds));
    if (whole < 60)
        return fmt::format("{}s", whole);
    if (whole < 3600)
        return fmt::format("{}m{:02}s", whole / 60, whole % 60);
    if (whole < 86'400)
        return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
    return fmt::format("{}d{:02}h", whole / 86'400, whole / 3600 % 24);
}

const flow* find(const std::map<flow_name, flow>& among, const flow_name& name) {
    const auto found = among.find(name);
    return found == among.end() ? nullptr : &found->second;
}

// A counter that went back is a weir that was started anew.
std::optional<double> rate(double now, std::optional<double> before, double seconds) {
    if (!before || seconds <= 0 || now < *before)
        return std::nullopt;
    return (now - *before) / seconds;
}

template <class Text>
std::string or_unknown(std::optional<double> value, Text text) {
    return value ? text(*value) : std::string(unknown);
}

template <class Text>
std::string rate_text(const flow& now, const flow* before, double flow::*what, double seconds,
                      Text text) {
    return or_unknown(
        rate(now.*what, before ? std::optional(before->*what) : std::nullopt, seconds), text);
}

std::string name_text(const flow_name& name) { return name.first + " " + name.second; }

std::vector<std::string> reasons_in(std::string_view what, const std::map<flow_name, flow>& flows) {
    std::vector<std::string> lines;
    for (const auto& [name, each] : flows) {
        std::string reasons;
        for (const auto& [reason, count] : each.reasons)
            if (count > 0)
                reasons += fmt::format("{}{:.0f} {}", reasons.empty() ? "" : ", ", count, reason);
        if (!reasons.empty())
            lines.push_back(fmt::format("{} {}: {}", what, name_text(name), reasons));
    }
    return lines;
}

std::vector<std::string> head_of(const look& at, const std::string& from) {
    const snapshot& now = at.now;
    const auto cpu =
        rate(now.cpu_seconds, at.before ? std::optional(at.before->cpu_seconds) : std::nullopt,
             at.seconds);
    std::vector<std::string> lines;
    if (!at.trouble.empty())
        lines = {at.trouble, ""};
    lines.push_back(
        fmt::format("weir {} at {}  up {}", now.version, from, up_text(at.clock - now.started)));
    lines.push_back(
        fmt::format("queue {:.0f} batches, {}  cpu {}  memory {}  files {:.0f} of {:.0f}",
                    now.queue_batches, bytes_text(now.queue_bytes),
                    or_unknown(cpu, [](double n) { return fmt::format("{:.0f}%", n * 100); }),
                    bytes_text(now.resident), now.open_files, now.most_files));
    return lines;
}

table listeners_of(const look& at) {
    table out("LISTENER",
              {{"IN/s", 6, 0}, {"BYTES/s", 7, 4}, {"IN", 6, 2}, {"OPEN", 5, 3}, {"REFUSED", 7, 1}});
    for (const auto& [name, each] : at.now.listeners) {
        const flow* const before = at.before ? find(at.before->listeners, name) : nullptr;
        out.add(name_text(name), each.messages + each.connections + each.given_up() == 0,
                {rate_text(each, before, &flow::messages, at.seconds, short_number),
                 rate_text(each, before, &flow::bytes, at.seconds, bytes_text),
                 short_number(each.messages), short_number(each.connections),
                 short_number(each.given_up())});
    }
    return out;
}

table sinks_of(const look& at) {
    table out("SINK", {{"OUT/s", 6, 0},
                       {"BYTES/s", 7, 7},
                       {"OUT", 6, 5},
                       {"PENDING", 7, 2},
                       {"LOST", 6, 1},
                       {"RETRIES", 7, 4},
                       {"p50", 6, 6},
                       {"p99", 6, 3}});
    for (const auto& [name, each] : at.now.sinks) {
        const flow* const before = at.before ? find(at.before->sinks, name) : nullptr;
        out.add(name_text(name), each.messages + each.pending + each.given_up() == 0,
                {rate_text(each, before, &flow::messages, at.seconds, short_number),
                 rate_text(each, before, &flow::bytes, at.seconds, bytes_text),
                 short_number(each.messages), short_number(each.pending),
                 short_number(each.given_up()), short_number(each.retries),
                 or_unknown(delivery_quantile(each, before, 0.5), time_text),
                 or_unknown(delivery_quantile(each, before, 0.99), time_text)});
    }
    return out;
}

} // namespace

std::vector<std::string> table_of(const look& at, const std::string& from, const window& fits) {
    table listeners = listeners_of(at);
    table sinks = sinks_of(at);
    const std::size_t widest = std::max(listeners.widest_name(), sinks.widest_name());
    const std::size_t name_width =
        std::min({widest, listeners.fit(fits.columns, widest), sinks.fit(fits.columns, widest)});
    std::vector<std::string> reasons = reasons_in("refused", at.now.listeners);
    std::ranges::move(reasons_in("lost", at.now.sinks), std::back_inserter(reasons));

    std::vector<std::string> lines = head_of(at, from);
    // Two heads, each with a line before it, and the first of the reasons.
    const std::size_t fixed = lines.size() + 4 + (reasons.empty() ? 0 : 2);
    const std::size_t room = fits.rows > fixed + 2 ? fits.rows - fixed : 2;
    const std::size_t for_listeners =
        std::min(listeners.rows(), std::max(room / 2, room - std::min(room, sinks.rows())));
    lines.emplace_back();
    listeners.append_to(lines, name_width, for_listeners);
    lines.emplace_back();
    sinks.append_to(lines, name_width, room - for_listeners);
    if (!reasons.empty())
        lines.emplace_back();
    std::ranges::move(reasons, std::back_inserter(lines));
    return lines;
}

std::string cut_to(std::string_view line, std::size_t columns) {
    std::string out;
    for (const char c : line) {
        const auto byte = static_cast<unsigned char>(c);
        const bool begins = (byte & 0xc0) != 0x80; // a code point
        if (begins && columns-- == 0)
            break;
        out += byte < 0x20 || byte == 0x7f ? '?' : c;
    }
    return out;
}

} // namespace weir::top

#include "gateway/top/view.hpp"

#include "gateway/status_line.hpp"

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

std::string name_text(const flow_name& name) { return name.first + " " + name.second; }

std::size_t widest(const snapshot& of) {
    std::size_t width = 8;
    for (const auto* flows : {&of.listeners, &of.sinks})
        for (const auto& [name, ignored] : *flows)
            width = std::max(width, name_text(name).size());
    return std::min<std::size_t>(width, 40);
}

std::string short_name(const flow_name& name, std::size_t width) {
    const std::string text = name_text(name);
    return text.size() > width ? text.substr(0, width - 1) + "~" : text;
}

void append_reasons(std::vector<std::string>& lines, std::string_view what,
                    const std::map<flow_name, flow>& flows) {
    for (const auto& [name, each] : flows) {
        std::string reasons;
        for (const auto& [reason, count] : each.reasons)
            if (count > 0)
                reasons += fmt::format("{}{:.0f} {}", reasons.empty() ? "" : ", ", count, reason);
        if (!reasons.empty())
            lines.push_back(fmt::format("{} {}: {}", what, name_text(name), reasons));
    }
}

} // namespace

std::vector<std::string> table_of(const look& at, const std::string& from) {
    const snapshot& now = at.now;
    const std::size_t width = widest(now);
    std::vector<std::string> lines;
    const auto cpu =
        rate(now.cpu_seconds, at.before ? std::optional(at.before->cpu_seconds) : std::nullopt,
             at.seconds);
    lines.push_back(
        fmt::format("weir {} at {}  up {}", now.version, from, up_text(at.clock - now.started)));
    lines.push_back(
        fmt::format("queue {:.0f} batches, {}  cpu {}  memory {}  files {:.0f} of {:.0f}",
                    now.queue_batches, bytes_text(now.queue_bytes),
                    or_unknown(cpu, [](double n) { return fmt::format("{:.0f}%", n * 100); }),
                    bytes_text(now.resident), now.open_files, now.most_files));
    lines.emplace_back();

    lines.push_back(fmt::format("{:<{}} {:>8} {:>9} {:>8} {:>8} {:>8}", "LISTENER", width, "IN/s",
                                "BYTES/s", "IN", "OPEN", "REFUSED"));
    const auto rates = [&](const flow& each, const flow* before) {
        return std::pair(
            or_unknown(rate(each.messages, before ? std::optional(before->messages) : std::nullopt,
                            at.seconds),
                       short_number),
            or_unknown(
                rate(each.bytes, before ? std::optional(before->bytes) : std::nullopt, at.seconds),
                bytes_text));
    };
    for (const auto& [name, each] : now.listeners) {
        const flow* const before = at.before ? find(at.before->listeners, name) : nullptr;
        const auto [messages, bytes] = rates(each, before);
        lines.push_back(fmt::format(
            "{:<{}} {:>8} {:>9} {:>8} {:>8.0f} {:>8}", short_name(name, width), width, messages,
            bytes, short_number(each.messages), each.connections, short_number(each.given_up())));
    }
    lines.emplace_back();

    lines.push_back(fmt::format("{:<{}} {:>8} {:>9} {:>8} {:>8} {:>8} {:>8} {:>7} {:>7}", "SINK",
                                width, "OUT/s", "BYTES/s", "OUT", "PENDING", "LOST", "RETRIES",
                                "p50", "p99"));
    for (const auto& [name, each] : now.sinks) {
        const flow* const before = at.before ? find(at.before->sinks, name) : nullptr;
        const auto [messages, bytes] = rates(each, before);
        lines.push_back(fmt::format("{:<{}} {:>8} {:>9} {:>8} {:>8} {:>8} {:>8} {:>7} {:>7}",
                                    short_name(name, width), width, messages, bytes,
                                    short_number(each.messages), short_number(each.pending),
                                    short_number(each.given_up()), short_number(each.retries),
                                    or_unknown(delivery_quantile(each, before, 0.5), time_text),
                                    or_unknown(delivery_quantile(each, before, 0.99), time_text)));
    }
    std::vector<std::string> reasons;
    append_reasons(reasons, "refused", now.listeners);
    append_reasons(reasons, "lost", now.sinks);
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

#include "sinks/live_query.hpp"

#include "wire/http_head.hpp"

#include <algorithm>
#include <charconv>

namespace weir {

namespace {

constexpr std::size_t most_patterns = 64;

std::optional<std::uint64_t> number_from(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

// Nothing where there is no such name. Broken escapes are kept, and fit nowhere.
std::optional<std::string> value_of(std::string_view query, std::string_view name) {
    const auto raw = query_value(query, name);
    if (!raw)
        return std::nullopt;
    return percent_decoded(*raw).value_or(std::string(*raw));
}

// False where it is neither of the two.
bool read_switch(const std::optional<std::string>& value, bool& to) {
    if (!value || *value == "0" || *value == "off")
        return true;
    to = value->empty() || *value == "1" || *value == "on";
    return to;
}

bool read_topics(std::string_view list, std::vector<std::string>& to) {
    for (bool more = true; more;) {
        const std::size_t comma = list.find(',');
        more = comma != list.npos;
        const std::string_view pattern = list.substr(0, comma);
        list.remove_prefix(more ? comma + 1 : list.size());
        const std::string_view name = pattern.substr(pattern.starts_with('!') ? 1 : 0);
        if (name.empty() || name.find('*') < name.size() - 1)
            return false;
        to.emplace_back(pattern);
    }
    std::sort(to.begin(), to.end());
    to.erase(std::unique(to.begin(), to.end()), to.end());
    return to.size() <= most_patterns;
}

} // namespace

live_query parse_live_query(live_format how, const http_query& asked) {
    live_query out;
    const auto value = [&](std::string_view name) { return value_of(asked.query, name); };
    bool raw = false;
    if (!read_switch(value("raw"), raw))
        out.fault = "raw must be 1 or 0";
    out.key.format = how == live_format::sse && raw ? live_format::lines : how;
    if (!read_switch(value("meta"), out.key.meta))
        out.fault = "meta must be 1 or 0";
    if (const auto topics = value("topic"); topics && !read_topics(*topics, out.key.topics))
        out.fault = "topic must be at most 64 names after commas, with * at the end or ! before";
    if (const auto last = value("last"); last && !(out.from.last = number_from(*last)))
        out.fault = "last must be a number";
    if (const auto since = value("since"); since && !(out.from.since = number_from(*since)))
        out.fault = "since must be a number";
    if (out.from.last && out.from.since)
        out.fault = "last and since exclude one another";
    if (const auto id = number_from(asked.last_event_id))
        out.from = {std::nullopt, id};
    return out;
}

} // namespace weir

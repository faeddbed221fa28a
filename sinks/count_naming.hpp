// How the counters' keys and fields are named, for who counts and for who shows the counts:
//
//     PREFIX:ACCOUNT:TOPIC:YEAR[:MONTH[:DAY]]      the chart `track`
//     funnels:ACCOUNT:TOPIC:YEAR[:MONTH]           the chart `funnels`
//
// A separator or a '%' within an account or a topic is written %XX, so that no name can stand for
// another. Immutable; usable from any thread.
#pragma once

#include "base/options.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

enum class chart { track, funnels };
constexpr std::array<std::pair<std::string_view, chart>, 2> choices(chart) {
    return {{{"track", chart::track}, {"funnels", chart::funnels}}};
}

constexpr std::string_view all_accounts = "all";
constexpr std::string_view unique_topic = "unique";

struct count_naming {
    std::string prefix = "track"; // may be empty
    std::string separator = ":";
    bool padded = false;

    // The start of every key of a chart, with the separator behind it; empty without a prefix.
    std::string start(chart of) const;
    std::string escaped(std::string_view name) const;
    std::optional<std::string> unescaped(std::string_view name) const;
    std::string number(unsigned n) const; // a month, day or hour

    // What stands between the separators of `key` behind the chart's start.
    std::optional<std::vector<std::string_view>> parts(chart of, std::string_view key) const;

    void check() const; // throws usage_error
};

void declare_naming(option_set& set, count_naming& o);

} // namespace weir

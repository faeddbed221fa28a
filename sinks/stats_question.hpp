// What a request asks of the counters, and the answers to it. Pure; usable from any thread.
//
//     PREFIX/CHART[/ACCOUNT[/EVENT]]                   what there is
//     PREFIX/CHART/ACCOUNT/EVENT/YEAR[/MONTH[/DAY]]    the counts
//
// with ?callback=NAME as JSONP. Each part of the path is decoded for itself, so that a name may
// hold a slash, as %2F.
#pragma once

#include "base/http_routes.hpp"
#include "sinks/stats_options.hpp"
#include "wire/resp.hpp"

#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weir {

struct stats_question {
    chart of = chart::track;
    std::vector<std::string> names; // account, event
    std::vector<unsigned> date;     // year, month, day
    std::string host;               // for links
    std::string callback;           // empty: plain JSON

    bool lists() const { return date.empty(); }
    // The key of the counts, or what all keys of a list begin with.
    std::string key(const count_naming& naming) const;
    // The keys one level below the counts that may exist, by month or day.
    std::vector<std::string> keys_below(const count_naming& naming) const;
};

// Or the answer that says what is wrong.
std::variant<stats_question, http_answer> parse_stats_question(const http_query& query,
                                                               const stats_options& options);

// A pattern of SCAN (a glob) that matches what begins with `text`, whatever it holds.
std::string scan_pattern(std::string_view text);

// Of the keys that SCAN gave, what a list is to name: accounts, events or years.
void collect_names(const stats_question& question, const count_naming& naming,
                   const std::vector<resp_value>& keys, std::set<std::string>& into);

http_answer stats_list(const stats_question& question, const stats_options& options,
                       const std::set<std::string>& names, bool truncated);
// `fields` as HGETALL gave them; `below[i]` is whether month or day i + 1 has counts.
http_answer stats_counts(const stats_question& question, const stats_options& options,
                         const std::vector<resp_value>& fields, const std::vector<bool>& below);
http_answer stats_fault(unsigned status, std::string_view why); // JSON

} // namespace weir

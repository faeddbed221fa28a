#include "gateway/top/options.hpp"

#include "gateway/client/command_line.hpp"

namespace weir::top {

using namespace client;

namespace {

constexpr std::string_view introduction =
    R"(Shows what a running weir takes in, hands on and loses, from its /metrics.

Usage: weir top ADDR|URL [FLAGS]

  weir top 127.0.0.1:8080
  weir top unix:/run/weir/admin.sock
  weir top https://events.example.org/metrics --token s3cret

A second's numbers each second, until q or Ctrl-C. Where stdout is no terminal, and with --once, it
looks twice, a second apart, prints one table and ends.

)";

constexpr std::string_view status = R"(
Exit status: 0 it was seen, 1 nobody answered or it was no weir, 2 a wrong command line.
)";

} // namespace

void declare(option_set& set, top_options& o) {
    set.add("once", o.once, "", "print one table and end");
    declare(set, o.access);
}

bool read_words(std::span<const std::string> words, top_options& into) {
    option_set set;
    declare(set, into);
    std::vector<std::string> others;
    if (!read_flags(words, "top", set, others))
        return false;
    if (others.size() == 1 && others[0].starts_with("unix:")) {
        into.from = {others[0], protocol::http, parse_address(others[0]), "/metrics"};
        complete(into.access, into.from);
        return true;
    }
    if (others.size() == 1 && others[0].find("://") == std::string::npos)
        others[0].insert(0, "http://");
    into.from = the_url(others, "top", "127.0.0.1:8080");
    must(into.from.scheme == protocol::http, "/metrics is at http:// or https://");
    complete(into.access, into.from);
    std::string& target = into.from.target;
    if (target.empty() || target == "/" || target.starts_with("/?"))
        target.replace(0, target.empty() ? 0 : 1, "/metrics");
    return true;
}

std::string top_help() {
    top_options defaults;
    option_set set;
    declare(set, defaults);
    return help(introduction, set, status);
}

} // namespace weir::top

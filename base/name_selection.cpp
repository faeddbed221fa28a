#include "base/name_selection.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace weir {

namespace {

// Where it does not fit, the last star takes one character more: no step further back is needed.
bool fits(std::string_view pattern, std::string_view name) {
    std::size_t at = 0;
    std::size_t next = 0;
    std::size_t star = pattern.npos;
    std::size_t behind_star = 0; // of the name
    while (next < name.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            behind_star = next;
        } else if (at < pattern.size() && pattern[at] == name[next]) {
            ++at;
            ++next;
        } else if (star != pattern.npos) {
            at = star + 1;
            next = ++behind_star;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == pattern.npos;
}

bool any_fits(const std::vector<std::string>& patterns, std::string_view name) {
    return std::ranges::any_of(patterns,
                               [name](const std::string& each) { return fits(each, name); });
}

} // namespace

name_selection::name_selection(const std::vector<std::string>& patterns) {
    for (const std::string& several : patterns) {
        std::string_view rest = several;
        for (bool more = true; more;) {
            const std::size_t end = rest.find('|');
            std::string_view pattern = rest.substr(0, end);
            more = end != rest.npos;
            rest.remove_prefix(more ? end + 1 : rest.size());
            std::vector<std::string>& to = pattern.starts_with('!') ? out_ : in_;
            pattern.remove_prefix(pattern.starts_with('!') ? 1 : 0);
            if (pattern.empty())
                throw usage_error("a name is missing in '" + several + "'");
            to.emplace_back(pattern);
        }
    }
}

bool name_selection::matches(std::string_view name) const {
    return (in_.empty() || any_fits(in_, name)) && !any_fits(out_, name);
}

} // namespace weir

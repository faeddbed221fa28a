#include "base/topic_filter.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace weir {

topic_filter::topic_filter(const std::vector<std::string>& patterns) {
    for (const std::string& each : patterns)
        add(each);
}

topic_filter topic_filter::from_list(std::string_view patterns) {
    topic_filter filter;
    for (;;) {
        const std::size_t comma = patterns.find(',');
        filter.add(patterns.substr(0, comma));
        if (comma == patterns.npos)
            return filter;
        patterns.remove_prefix(comma + 1);
    }
}

void topic_filter::add(std::string_view text) {
    const std::string_view whole = text;
    std::vector<pattern>& to = text.starts_with('!') ? out_ : in_;
    if (text.starts_with('!'))
        text.remove_prefix(1);
    const bool prefix = text.ends_with('*');
    if (prefix)
        text.remove_suffix(1);
    if ((text.empty() && !prefix) || text.find('*') != text.npos)
        throw usage_error("'" + std::string(whole) +
                          "' is no topic: a name, a* for all that begin so, or ! and one of them");
    to.push_back({std::string(text), prefix});
}

bool topic_filter::any(const std::vector<pattern>& of, std::string_view topic) {
    return std::any_of(of.begin(), of.end(),
                       [topic](const pattern& each) { return each.matches(topic); });
}

bool topic_filter::matches(std::string_view topic) const {
    return (in_.empty() || any(in_, topic)) && !any(out_, topic);
}

std::string topic_filter::text() const {
    std::vector<std::string> all;
    for (const pattern& each : in_)
        all.push_back(each.name + (each.prefix ? "*" : ""));
    for (const pattern& each : out_)
        all.push_back("!" + each.name + (each.prefix ? "*" : ""));
    std::sort(all.begin(), all.end());
    std::string joined;
    for (const std::string& each : all)
        joined += (joined.empty() ? "" : ",") + each;
    return joined;
}

} // namespace weir

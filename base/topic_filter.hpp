// Which topics somebody wants: names, `a*` for all that begin so, `!a` (and `!a*`) for those left
// out. Without a name that includes, all are in that are not left out; an event without a topic has
// the topic "". Immutable; usable from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

class topic_filter {
public:
    topic_filter() = default;
    // Throws usage_error: an empty pattern, or a `*` that is not its end.
    explicit topic_filter(const std::vector<std::string>& patterns);
    // The same, with commas between them.
    static topic_filter from_list(std::string_view patterns);

    bool empty() const { return in_.empty() && out_.empty(); } // matches all
    bool matches(std::string_view topic) const;

    // Two filters with the same text let the same through.
    std::string text() const;

private:
    struct pattern {
        std::string name;
        bool prefix = false;
        bool matches(std::string_view topic) const {
            return prefix ? topic.starts_with(name) : topic == name;
        }
    };
    static bool any(const std::vector<pattern>& of, std::string_view topic);
    void add(std::string_view text);

    std::vector<pattern> in_;
    std::vector<pattern> out_;
};

} // namespace weir

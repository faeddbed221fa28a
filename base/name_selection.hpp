// Which names somebody wants: names with `*` anywhere for any characters, `!` before those that are
// left out, `|` between several. Without one that includes, all are in that are not left out.
// Immutable; usable from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

class name_selection {
public:
    name_selection() = default;
    explicit name_selection(const std::vector<std::string>& patterns); // throws usage_error

    bool matches(std::string_view name) const;

private:
    std::vector<std::string> in_;
    std::vector<std::string> out_;
};

} // namespace weir

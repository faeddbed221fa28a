// What CLI11 finds wrong with a command line, in weir's words.
#pragma once

#include <string>
#include <string_view>

namespace weir {

inline std::string parse_fault(std::string what) {
    constexpr std::string_view no_switch = "Could not convert: "; // "--check = later"
    if (what.starts_with(no_switch))
        if (const std::size_t equals = what.find(" = "); equals != what.npos)
            return what.substr(no_switch.size(), equals - no_switch.size()) + ": takes no value";
    constexpr std::string_view missing = "1 required TEXT missing"; // "--udp: …"
    if (what.ends_with(missing))
        what.replace(what.size() - missing.size(), missing.size(), "needs a value");
    return what;
}

} // namespace weir

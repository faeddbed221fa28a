// The lines of a text that may have several, as the faults of a file do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

inline std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t end = 0; end != text.npos;
         text.remove_prefix(end == text.npos ? 0 : end + 1)) {
        end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
    }
    return lines;
}

} // namespace weir

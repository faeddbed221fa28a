// One body, many messages. Pure functions, usable from any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace weir {

// Writes the lines of `body` to `arena`, each followed by '\n': a CR before the LF is dropped, an
// empty line is none, a last line needs no LF. `arena` has room for body.size() + 1 bytes.
struct compacted_lines {
    std::size_t bytes = 0;
    std::size_t messages = 0;
};
compacted_lines compact_lines(std::string_view body, char* arena);

// The elements of a JSON array (RFC 8259), each as it stands in `json`, without the whitespace
// around it. Nothing where `json` is no JSON, or no array.
std::optional<std::vector<std::string_view>> split_json_array(std::string_view json);

} // namespace weir

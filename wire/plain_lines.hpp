// Counting lines many bytes at a time: for the common stream, which already stands in arena form.
#pragma once

#include <cstddef>
#include <optional>

namespace weir {

// The number of LFs in data[0, size), if none ends an empty line and none follows a CR; else, that
// is where something has to be taken out, nothing. `before` is the byte in front of data[0].
std::optional<std::size_t> count_plain_lines(const char* data, std::size_t size, char before);

} // namespace weir

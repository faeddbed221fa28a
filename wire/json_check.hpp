// Whether bytes are one JSON value (RFC 8259), at most 200 levels deep. Builds nothing.
#pragma once

#include <string_view>

namespace weir {

bool is_json(std::string_view text);

} // namespace weir

// Whether bytes are UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
// Pure, usable from any thread.
#pragma once

#include <string_view>

namespace weir {

bool is_utf8(std::string_view bytes);

} // namespace weir

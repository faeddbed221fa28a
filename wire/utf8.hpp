// Whether bytes are UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
// Pure, usable from any thread.
#pragma once

#include <string>
#include <string_view>

namespace weir {

bool is_utf8(std::string_view bytes);

// The same bytes where they are UTF-8. Else each longest piece that could have begun a character,
// and each byte that can't, becomes one U+FFFD, as browsers do it (Unicode, section 3.9).
std::string repaired_utf8(std::string_view bytes);

} // namespace weir

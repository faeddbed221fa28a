// Base64 (RFC 4648, section 4, padded). Pure functions, usable from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir {

void append_base64(std::string& out, std::string_view bytes);

// Nothing where `text` is not exactly what append_base64() writes.
std::optional<std::string> from_base64(std::string_view text);

} // namespace weir

// The `type` of a JSON event: what names its topic where nobody else does. Builds no document.
#pragma once

#include <string>
#include <string_view>

namespace weir {

// The member `type` of the object that `text` is, where that is a string; the last one, where there
// are several. Else empty: no JSON (RFC 8259), nested more than 200 deep, no object, none in it.
std::string json_type(std::string_view text);

} // namespace weir

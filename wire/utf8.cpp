#include "wire/utf8.hpp"

#include <simdjson.h>

namespace weir {

bool is_utf8(std::string_view bytes) { return simdjson::validate_utf8(bytes); }

} // namespace weir

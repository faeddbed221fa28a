// The manual page weir(1), from the same declarations as everything else.
#pragma once

#include <string>

namespace weir {

std::string man_text(); // roff with the man macros

} // namespace weir

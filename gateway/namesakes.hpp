// Whether the books of two could not be told apart: those of one kind that are called the same.
#pragma once

#include "gateway/settings.hpp"

#include <string>
#include <vector>

namespace weir {

// A line for each pair of those whose URLs, as far as they may be shown, are the same. Throws
// usage_error where two were given the same name.
std::vector<std::string> namesakes(const settings& of);

} // namespace weir

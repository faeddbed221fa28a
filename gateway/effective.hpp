// What would run, with every default in it and secrets hidden: for `weir check` and --check.
#pragma once

#include "gateway/settings.hpp"

#include <string>

namespace weir {

std::string effective_toml(const settings& s);  // a configuration file that says the same
std::string effective_flags(const settings& s); // a flag a line

} // namespace weir

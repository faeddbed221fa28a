// Options as a configuration file has them.
#pragma once

#include "base/options.hpp"

#include <string>
#include <string_view>

namespace weir {

// A string of TOML that gives this text, with "${" in it kept from the environment.
std::string toml_string(std::string_view text);

// What an option is now: 65536, true, "64MiB", ["::1/128", "10.0.0.0/8"]. Empty where it is empty.
std::string toml_value(const option& declared);

} // namespace weir

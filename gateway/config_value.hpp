// Values of a configuration file, and the texts that options take. Main thread.
#pragma once

#include "base/options.hpp"

#include <string>
#include <string_view>
#include <toml++/toml.h>

namespace weir {

// A string with its ${NAME} filled in, a number or a boolean as the option would take it as text. A
// TIME that is a number is in seconds; a secret that is "file:PATH" is what stands in that file,
// without the line end behind it. Throws usage_error where such a value can't be meant.
std::string text_of(const toml::node& value, const option& declared);

} // namespace weir

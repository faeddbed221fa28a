// Options as text: what stands between the commas of a flag, and what an option is called in a
// file. Pure functions, of use on any thread.
#pragma once

#include "base/options.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir {

// Splits at commas; "\," is a comma of the value and "\\" a backslash. At least one part.
std::vector<std::string> split_values(std::string_view text);
std::string escape_value(std::string_view value); // so that it can stand between commas

// Its name in a file. What comes first in a flag has none of its own: "listen" for an ADDR, else
// the metavar in small letters, "path" for PATH.
std::string key_of(const option& declared);

// Whether no one may see it. `set` must be of an object that nobody needs: it is tried out.
bool is_secret(const option& declared);

} // namespace weir

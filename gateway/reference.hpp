// The pages that come from the declarations of kinds, options and commands alone: what they share,
// and docs/reference.md, which a test compares with it.
#pragma once

#include "base/options.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace weir {

// Markdown, as `weir docs` prints it.
std::string reference_text();

// Calls back with the options of a run, then with those of its call alone, at their defaults.
void describe_run(const std::function<void(const option_set&)>& to);

} // namespace weir

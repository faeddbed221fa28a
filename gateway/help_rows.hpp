// The two columns of every --help.
#pragma once

#include "base/options.hpp"

#include <string>
#include <string_view>

namespace weir {

// What is too long for the right column goes on below it.
void add_help_row(std::string& out, std::size_t indent, std::string_view name,
                  std::string_view text);

// A row for each option that is a flag of its own.
void add_flag_rows(std::string& out, const option_set& set);

// What an option is unless told: "64MiB"; "" where that is nothing, or a list.
std::string default_text(const option& declared);
std::string default_of(const option& declared); // " [64MiB]" or ""

} // namespace weir

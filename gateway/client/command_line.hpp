// The words behind `weir bench`, `weir tail` and `weir send`: flags, which their options declare,
// and what belongs to no flag. Everything here throws usage_error.
#pragma once

#include "base/options.hpp"
#include "gateway/client/url.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::client {

// The flags' texts into `set`, what belongs to no flag into `others`. False: --help was asked for,
// and is all there is to do.
bool read_flags(std::span<const std::string> words, std::string_view command, option_set& set,
                std::vector<std::string>& others);

// The one word that belongs to no flag.
url the_url(const std::vector<std::string>& others, std::string_view command,
            std::string_view example);

void must(bool holds, const std::string& otherwise);
void check_range(std::string_view flag, std::uint64_t value, std::uint64_t least,
                 std::uint64_t most);

// An introduction, a row for each flag, and what the exit status means.
std::string help(std::string_view introduction, const option_set& set, std::string_view status);

} // namespace weir::client

// The nearest right word to a wrong one, for error messages.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace weir {

// The candidate with the smallest edit distance, one that contains the word counting as near; ""
// where none is near enough to be meant.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

// ", did you mean 'X'?" or "".
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

} // namespace weir

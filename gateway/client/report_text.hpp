// Parts of what the commands report in the end, for people and as JSON. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::client {

std::string json_text(std::string_view text);  // quoted
std::string with_commas(std::uint64_t number); // 1,234,567
std::string plural(std::uint64_t count, std::string_view noun);
void add_row(std::string& out, std::string_view name, std::string_view text);

} // namespace weir::client

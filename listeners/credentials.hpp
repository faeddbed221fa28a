// What a port that asks for a token makes of the credentials it is given. Pure, any thread.
#pragma once

#include <string_view>

namespace weir {

// In a time that says nothing about where the two differ.
bool same_secret(std::string_view one, std::string_view other);

// The credentials behind `scheme`, as "Bearer" (RFC 9110, section 11.4); empty where the field says
// another.
std::string_view credentials(std::string_view authorization, std::string_view scheme);

} // namespace weir

// A number that is usually round: 200k, 1M, 1.5M.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::client {

struct amount {
    std::uint64_t value = 0;
    friend bool operator==(amount, amount) = default;
};
void from_text(std::string_view text, amount& to); // throws usage_error
std::string to_text(amount value);

} // namespace weir::client

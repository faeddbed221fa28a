#include "gateway/client/amount.hpp"

#include "base/error.hpp"

#include <charconv>
#include <cmath>
#include <utility>

namespace weir::client {

void from_text(std::string_view text, amount& to) {
    double number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const double factor = unit.empty()  ? 1
                          : unit == "k" ? 1e3
                          : unit == "M" ? 1e6
                          : unit == "G" ? 1e9
                                        : 0;
    number *= factor;
    if (fault != std::errc() || factor == 0 || number < 0 || number != std::floor(number) ||
        number > 1e15)
        throw usage_error("'" + std::string(text) + "' is no number (write 500, 200k or 1.5M)");
    to.value = static_cast<std::uint64_t>(number);
}

std::string to_text(amount value) {
    for (const auto& [factor, unit] :
         {std::pair{1'000'000'000u, "G"}, {1'000'000u, "M"}, {1'000u, "k"}})
        if (value.value != 0 && value.value % factor == 0)
            return std::to_string(value.value / factor) + unit;
    return std::to_string(value.value);
}

} // namespace weir::client

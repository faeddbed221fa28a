#include "gateway/client/report_text.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace weir::client {

std::string json_text(std::string_view text) {
    return boost::json::serialize(boost::json::string(text));
}

std::string with_commas(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3)
        text.insert(at - 3, ",");
    return text;
}

std::string plural(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", with_commas(count), noun, count == 1 ? "" : "s");
}

void add_row(std::string& out, std::string_view name, std::string_view text) {
    out += fmt::format("{:<9}{}\n", name, text);
}

} // namespace weir::client

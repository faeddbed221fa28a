#include "wire/form_fields.hpp"

#include "wire/hex.hpp"

#include <algorithm>

namespace weir {

std::optional<form_field> next_form_field(std::string_view& query) {
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (pair.empty())
            continue;
        const std::size_t equals = pair.find('=');
        const std::string_view value =
            equals == pair.npos ? std::string_view() : pair.substr(equals + 1);
        return form_field{form_decoded(pair.substr(0, equals)), form_decoded(value)};
    }
    return std::nullopt;
}

std::string form_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool escape = text[at] == '%' && at + 2 < text.size();
        const int high = escape ? hex_value(text[at + 1]) : -1;
        const int low = escape ? hex_value(text[at + 2]) : -1;
        if (high >= 0 && low >= 0) {
            decoded += static_cast<char>(high * 16 + low);
            at += 2;
        } else {
            decoded += text[at] == '+' ? ' ' : text[at];
        }
    }
    return decoded;
}

} // namespace weir

#include "base/option_text.hpp"

#include <cctype>

namespace weir {

std::vector<std::string> split_values(std::string_view text) {
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool more = i + 1 < text.size();
        if (text[i] == '\\' && more && (text[i + 1] == ',' || text[i + 1] == '\\'))
            parts.back() += text[++i];
        else if (text[i] == ',')
            parts.emplace_back();
        else
            parts.back() += text[i];
    }
    return parts;
}

std::string escape_value(std::string_view value) {
    std::string out;
    for (char c : value) {
        if (c == ',' || c == '\\')
            out += '\\';
        out += c;
    }
    return out;
}

std::string key_of(const option& declared) {
    if (!declared.name.empty())
        return std::string(declared.name);
    if (declared.metavar == "ADDR")
        return "listen";
    std::string key;
    for (char c : declared.metavar) {
        const auto byte = static_cast<unsigned char>(c);
        key += std::isalnum(byte) ? static_cast<char>(std::tolower(byte)) : '-';
    }
    return key;
}

bool is_secret(const option& declared) {
    if (declared.is_switch || declared.is_list)
        return false;
    try {
        declared.set("x");
    } catch (const usage_error&) {
        return false;
    }
    return declared.show() == std::vector<std::string>{"***"};
}

} // namespace weir

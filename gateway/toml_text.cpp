#include "gateway/toml_text.hpp"

#include <fmt/format.h>

namespace weir {

std::string toml_string(std::string_view text) {
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"' || c == '\\')
            out += '\\';
        if (c == '$' && text.substr(i).starts_with("${"))
            out += '$';
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
            out += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        else
            out += c;
    }
    return out + '"';
}

namespace {

// Numbers may stand as they are, but not with a zero in front, which TOML has no use for.
bool is_number(const std::string& text) {
    return !text.empty() && text.size() < 19 && (text == "0" || text[0] != '0') &&
           text.find_first_not_of("0123456789") == text.npos;
}

std::string typed(const option& declared, const std::string& text) {
    if (declared.is_switch)
        return text == "on" ? "true" : "false";
    return is_number(text) ? text : toml_string(text);
}

} // namespace

std::string toml_value(const option& declared) {
    std::string all;
    for (const std::string& each : declared.show())
        all += (all.empty() ? "" : ", ") + typed(declared, each);
    return declared.is_list && !all.empty() ? "[" + all + "]" : all;
}

} // namespace weir

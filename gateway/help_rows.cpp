#include "gateway/help_rows.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace weir {

void add_help_row(std::string& out, std::size_t indent, std::string_view name,
                  std::string_view text) {
    constexpr std::size_t column = 34;
    constexpr std::size_t width = 100;
    std::string line = std::string(indent, ' ') + std::string(name);
    const auto new_line = [&] {
        out += line + "\n";
        line = std::string(column - 1, ' ');
    };
    if (line.size() >= column)
        new_line();
    line.resize(column - 1, ' ');
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (line.size() + 1 + end > width)
            new_line();
        line += " " + std::string(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    out += line + "\n";
}

void add_flag_rows(std::string& out, const option_set& set) {
    for (const option& declared : set.options())
        add_help_row(out, 2, fmt::format("--{} {}", declared.name, declared.metavar),
                     std::string(declared.help) + (declared.is_switch ? "" : default_of(declared)));
}

std::string default_text(const option& declared) {
    std::string text;
    for (const std::string& one : declared.show())
        text += (text.empty() ? "" : ",") + one;
    return declared.is_list ? std::string() : text;
}

std::string default_of(const option& declared) {
    const std::string text = default_text(declared);
    return text.empty() ? "" : " [" + text + "]";
}

} // namespace weir

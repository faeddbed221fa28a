#include "sinks/count_naming.hpp"

#include "wire/http_head.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr std::string_view funnels_prefix = "funnels";
constexpr std::size_t longest_separator = 8;
constexpr std::size_t longest_prefix = 64;

} // namespace

std::string count_naming::start(chart of) const {
    const std::string first = of == chart::track ? prefix : std::string(funnels_prefix);
    return first.empty() ? first : first + separator;
}

std::string count_naming::escaped(std::string_view name) const {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    out.reserve(name.size());
    for (const char c : name) {
        if (c != '%' && separator.find(c) == separator.npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out.append({'%', hex[byte >> 4], hex[byte & 0xf]});
    }
    return out;
}

std::optional<std::string> count_naming::unescaped(std::string_view name) const {
    auto plain = percent_decoded(name);
    if (plain && escaped(*plain) != name) // not one of ours
        plain.reset();
    return plain;
}

std::string count_naming::number(unsigned n) const {
    return (padded && n < 10 ? "0" : "") + std::to_string(n);
}

std::optional<std::vector<std::string_view>> count_naming::parts(chart of,
                                                                 std::string_view key) const {
    const std::string front = start(of);
    if (!key.starts_with(front))
        return std::nullopt;
    key.remove_prefix(front.size());
    std::vector<std::string_view> out;
    for (std::size_t end = 0; end != key.npos; key.remove_prefix(end + separator.size())) {
        end = key.find(separator);
        out.push_back(key.substr(0, end));
        if (end == key.npos)
            break;
    }
    return out;
}

void count_naming::check() const {
    const bool fit = std::ranges::all_of(separator, [](char c) {
        return c > ' ' && c <= '~' && c != '%' && !(c >= '0' && c <= '9') &&
               !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z');
    });
    if (!fit || separator.empty() || separator.size() > longest_separator)
        throw usage_error("option key-separator: 1 to 8 characters that are neither letters nor "
                          "digits nor %");
    if (prefix.size() > longest_prefix)
        throw usage_error("option prefix: at most 64 characters");
    if ((prefix + separator).starts_with(start(chart::funnels)))
        throw usage_error("option prefix: funnels is the other chart's");
}

void declare_naming(option_set& set, count_naming& o) {
    set.add("prefix", o.prefix, "TEXT",
            "what the keys of the events' counts begin with; may be empty");
    set.add("key-separator", o.separator, "TEXT", "between the parts of a key");
    set.add("padded", o.padded, "on|off", "months, days and hours in two digits");
}

} // namespace weir

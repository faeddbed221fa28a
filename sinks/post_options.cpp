#include "sinks/post_options.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>

namespace weir {

namespace {

// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

// What weir itself has to get right, or the request breaks.
constexpr std::array<std::string_view, 7> own_headers{"Content-Length",
                                                      "Transfer-Encoding",
                                                      "Content-Encoding",
                                                      "Connection",
                                                      "Expect",
                                                      "Upgrade",
                                                      "TE"};

} // namespace

void from_text(std::string_view text, http_header& to) {
    const std::size_t colon = text.find(':');
    const std::string name(text.substr(0, colon));
    if (colon == text.npos || !is_token(name))
        throw usage_error("a header is written 'Name: value'");
    std::string_view value = text.substr(colon + 1);
    while (value.starts_with(' ') || value.starts_with('\t'))
        value.remove_prefix(1);
    while (value.ends_with(' ') || value.ends_with('\t'))
        value.remove_suffix(1);
    for (const char c : value)
        if ((c >= 0 && c < ' ' && c != '\t') || c == '\x7f')
            throw usage_error("the header " + name + " has a control character in its value");
    for (const std::string_view own : own_headers)
        if (boost::beast::iequals(name, own))
            throw usage_error("the header " + std::string(own) + " is weir's own to set");
    to = {name, std::string(value)};
}

std::string to_text(const http_header& value) { return value.name + ": ***"; }

} // namespace weir

#include "wire/http_url.hpp"

#include "wire/base64.hpp"
#include "wire/http_head.hpp"

#include <algorithm>
#include <optional>

namespace weir {

namespace {

std::string authorization_of(std::string_view user_and_password) {
    const std::optional<std::string> plain = percent_decoded(user_and_password);
    if (!plain)
        throw usage_error("the user or password of the URL has a '%' without two hex digits");
    const std::size_t colon = plain->find(':');
    return basic_authorization(plain->substr(0, colon),
                               colon == plain->npos ? "" : plain->substr(colon + 1));
}

std::uint16_t parse_port(std::string_view text, const std::string& host) {
    std::uint64_t port = 0;
    try {
        port = parse_number(text);
    } catch (const usage_error&) {
        port = 0;
    }
    if (port == 0 || port > 65'535)
        throw usage_error("the URL's port after '" + host + "' is no port (1 to 65535)");
    return static_cast<std::uint16_t>(port);
}

bool is_host(std::string_view host, bool bracketed) {
    return !host.empty() && std::ranges::all_of(host, [bracketed](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '.' || c == '-' || c == '_' || (bracketed && c == ':');
    });
}

// Host and port.
void parse_authority(std::string_view text, http_url& to) {
    const bool bracketed = text.starts_with('[');
    const std::size_t end = bracketed ? text.find(']') : text.find(':');
    if (bracketed && end == text.npos)
        throw usage_error("the URL's IPv6 address has no closing bracket");
    to.host = text.substr(bracketed ? 1 : 0, end == text.npos ? end : end - (bracketed ? 1 : 0));
    if (!is_host(to.host, bracketed))
        throw usage_error("the URL has no valid host (write http://HOST/PATH)");
    text.remove_prefix(std::min(text.size(), end == text.npos ? end : end + (bracketed ? 1 : 0)));
    to.port = to.tls ? 443 : 80;
    if (text.starts_with(':'))
        to.port = parse_port(text.substr(1), to.host);
    else if (!text.empty())
        throw usage_error("the URL has something else than a port after its host");
}

} // namespace

std::string basic_authorization(std::string_view user, std::string_view password) {
    std::string header = "Basic ";
    append_base64(header, std::string(user).append(":").append(password));
    return header;
}

std::string http_url::host_header() const {
    const std::string name = host.find(':') == host.npos ? host : "[" + host + "]";
    return port == (tls ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

std::string http_url::shown() const {
    return (tls ? "https://" : "http://") + host_header() + target.substr(0, target.find('?'));
}

http_url parse_http_url(std::string_view text) {
    http_url url;
    url.tls = text.starts_with("https://");
    if (!url.tls && !text.starts_with("http://"))
        throw usage_error("a URL begins with http:// or https://");
    text.remove_prefix(url.tls ? 8 : 7);
    if (std::ranges::any_of(text, [](char c) { return c <= ' ' || c == '\x7f'; }))
        throw usage_error("the URL has a space or control character in it (write %20)");
    if (text.find('#') != text.npos)
        throw usage_error("the URL has a '#' in it (write %23)");
    const std::size_t path = std::min(text.find_first_of("/?"), text.size());
    std::string_view authority = text.substr(0, path);
    const std::size_t at = authority.rfind('@');
    if (at != authority.npos) {
        url.authorization = authorization_of(authority.substr(0, at));
        authority.remove_prefix(at + 1);
    }
    parse_authority(authority, url);
    url.target = text.substr(path);
    if (!url.target.starts_with('/'))
        url.target.insert(0, "/");
    return url;
}

std::string to_text(const http_url& value) {
    if (value.host.empty())
        return {};
    std::string text = value.shown();
    if (!value.authorization.empty())
        text.insert(text.find("//") + 2, "***@");
    if (value.target.find('?') != value.target.npos)
        text += "?***";
    return text;
}

} // namespace weir

#include "gateway/client/url.hpp"

#include <algorithm>

namespace weir::client {

namespace {

constexpr std::uint16_t own_port(bool tls) { return tls ? 443 : 80; }

bool has_port(std::string_view authority) {
    const std::size_t bracket = authority.rfind(']');
    return authority.find(':', bracket == authority.npos ? 0 : bracket) != authority.npos;
}

} // namespace

std::string url::host() const { return where.host.empty() ? "localhost" : where.host; }

std::string url::host_header() const {
    if (where.is_unix())
        return "localhost";
    address named = where;
    named.host = host();
    std::string text = to_string(named);
    if (where.port == own_port(tls))
        text.erase(text.rfind(':'));
    return text;
}

std::string url::shown() const { return text.substr(0, text.find('?')); }

url parse_url(std::string_view text) {
    const std::string quoted = "'" + std::string(text.substr(0, text.find('?'))) + "'";
    const std::size_t colon = text.find("://");
    if (colon == text.npos)
        throw usage_error(quoted + " is no URL (write udp://HOST:PORT, tcp://HOST:PORT, "
                                   "http://HOST:PORT/PATH or ws://HOST:PORT/PATH)");
    std::string_view scheme = text.substr(0, colon);
    url parsed{std::string(text), {}, {}, {}, scheme == "https" || scheme == "wss"};
    if (parsed.tls)
        scheme.remove_suffix(1);
    try {
        from_text(scheme, parsed.scheme);
    } catch (const usage_error&) {
        constexpr std::array<std::string_view, 6> schemes{"udp",   "tcp", "http",
                                                          "https", "ws",  "wss"};
        throw usage_error(quoted + ": '" + std::string(scheme) +
                          "' is none of udp, tcp, http, https, ws, wss" +
                          did_you_mean(scheme, schemes));
    }
    std::string_view rest = text.substr(colon + 3);
    if (rest.starts_with("unix:") && parsed.scheme != protocol::tcp)
        throw usage_error(quoted + ": only tcp:// goes to a unix socket");
    const bool has_target = parsed.scheme == protocol::http || parsed.scheme == protocol::ws;
    std::string authority(rest);
    if (has_target) {
        const std::size_t path = std::min(rest.find_first_of("/?"), rest.size());
        parsed.target = rest.substr(path);
        if (parsed.target.starts_with('?'))
            parsed.target.insert(0, "/");
        authority.resize(path);
        if (authority.find('@') != authority.npos)
            throw usage_error("a URL with a user or password is not for this (there is --token)");
        if (!has_port(authority))
            authority += ":" + std::to_string(own_port(parsed.tls));
    } else if (rest.ends_with('/') && !rest.starts_with("unix:")) {
        authority.pop_back();
    }
    if (std::ranges::any_of(text, [](char c) { return c <= ' ' || c == '\x7f'; }))
        throw usage_error(quoted + " has a space or control character in it (write %20)");
    if (has_target && text.find('#') != text.npos)
        throw usage_error(quoted + " has a '#', which is for browsers");
    try {
        parsed.where = parse_address(authority);
    } catch (const usage_error& wrong) {
        throw usage_error(quoted + ": " + wrong.what());
    }
    if (!parsed.where.is_unix() && parsed.where.port == 0)
        throw usage_error(quoted + " has no port to send to");
    return parsed;
}

} // namespace weir::client

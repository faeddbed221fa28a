#include "gateway/bench/url.hpp"

#include <algorithm>

namespace weir::bench {

url parse_url(std::string_view text) {
    const std::string quoted = "'" + std::string(text) + "'";
    const std::size_t colon = text.find("://");
    if (colon == text.npos)
        throw usage_error(quoted + " is no URL (write udp://HOST:PORT, tcp://HOST:PORT, "
                                   "http://HOST:PORT/PATH or ws://HOST:PORT/PATH)");
    const std::string_view scheme = text.substr(0, colon);
    if (scheme == "https" || scheme == "wss")
        throw usage_error(quoted + ": there is no TLS here, only http:// and ws://");
    url parsed{std::string(text), {}, {}, {}};
    try {
        from_text(scheme, parsed.scheme);
    } catch (const usage_error& wrong) {
        throw usage_error(quoted + ": " + wrong.what());
    }
    std::string_view rest = text.substr(colon + 3);
    if (rest.starts_with("unix:") && parsed.scheme != protocol::tcp)
        throw usage_error(quoted + ": only tcp:// goes to a unix socket");
    const bool has_target = parsed.scheme == protocol::http || parsed.scheme == protocol::ws;
    if (has_target) {
        const std::size_t path = std::min(rest.find_first_of("/?"), rest.size());
        parsed.target = rest.substr(path);
        if (parsed.target.starts_with('?'))
            parsed.target.insert(0, "/");
        rest = rest.substr(0, path);
    } else if (rest.ends_with('/') && !rest.starts_with("unix:")) {
        rest.remove_suffix(1);
    }
    if (std::ranges::any_of(text, [](char c) { return c <= ' ' || c == '\x7f'; }))
        throw usage_error(quoted + " has a space or control character in it (write %20)");
    try {
        parsed.where = parse_address(rest);
    } catch (const usage_error& wrong) {
        throw usage_error(quoted + ": " + wrong.what());
    }
    if (!parsed.where.is_unix() && parsed.where.port == 0)
        throw usage_error(quoted + " has no port to send to");
    return parsed;
}

} // namespace weir::bench

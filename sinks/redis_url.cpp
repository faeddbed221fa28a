#include "sinks/redis_url.hpp"

#include "wire/http_head.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr unsigned most_database = 65'535;
constexpr std::size_t most_path = 107; // unix(7)

bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::uint64_t number_of(std::string_view text, std::uint64_t least, std::uint64_t most,
                        const char* what) {
    try {
        const std::uint64_t number = parse_number(text);
        if (number >= least && number <= most)
            return number;
    } catch (const usage_error&) { // said below, without the text
    }
    throw usage_error(std::string("the URL's ") + what + " is none (" + std::to_string(least) +
                      " to " + std::to_string(most) + ")");
}

// User and password, up to the last @ before the path.
void take_login(std::string_view& text, std::size_t end, redis_url& to) {
    const std::size_t at = text.substr(0, end).rfind('@');
    if (at == text.npos)
        return;
    const std::string_view login = text.substr(0, at);
    text.remove_prefix(at + 1);
    const std::size_t colon = login.find(':');
    if (colon == login.npos)
        throw usage_error("the URL has a user without a password (write USER:PASSWORD@)");
    const auto user = percent_decoded(login.substr(0, colon));
    const auto password = percent_decoded(login.substr(colon + 1));
    if (!user || !password)
        throw usage_error("the user or password of the URL has a '%' without two hex digits");
    to.user = *user;
    to.password = *password;
    if (to.password.empty())
        throw usage_error("the URL's password is empty");
}

void parse_host(std::string_view text, redis_url& to) {
    const bool bracketed = text.starts_with('[');
    const std::size_t end = bracketed ? text.find(']') : std::min(text.find(':'), text.size());
    if (end == text.npos)
        throw usage_error("the URL's IPv6 address has no closing bracket");
    to.host = text.substr(bracketed ? 1 : 0, end - (bracketed ? 1 : 0));
    const bool valid = !to.host.empty() && std::ranges::all_of(to.host, [bracketed](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '.' || c == '-' || c == '_' || (bracketed && c == ':');
    });
    if (!valid)
        throw usage_error("the URL has no valid host (write redis://HOST:PORT/DB)");
    text.remove_prefix(end + (bracketed ? 1 : 0));
    if (take_prefix(text, ":"))
        to.port = static_cast<std::uint16_t>(number_of(text, 1, 65'535, "port"));
    else if (!text.empty())
        throw usage_error("the URL has something else than a port after its host");
}

void parse_path(std::string_view text, redis_url& to) {
    const std::size_t query = std::min(text.find('?'), text.size());
    to.path = text.substr(0, query);
    text.remove_prefix(query);
    if (to.path.empty() || to.path.size() > most_path)
        throw usage_error("a unix socket's path has 1 to 107 characters");
    if (take_prefix(text, "?db="))
        to.database = static_cast<unsigned>(number_of(text, 0, most_database, "database"));
    else if (!text.empty())
        throw usage_error("behind a unix socket's path stands nothing but ?db=N");
}

} // namespace

std::string redis_url::shown() const {
    const std::string number = std::to_string(database);
    if (!path.empty())
        return "redis+unix://" + path + (database == 0 ? "" : "?db=" + number);
    const std::string name = host.find(':') == host.npos ? host : "[" + host + "]";
    return (tls ? "rediss://" : "redis://") + name + ":" + std::to_string(port) + "/" + number;
}

redis_url parse_redis_url(std::string_view text) {
    redis_url url;
    if (std::ranges::any_of(text, [](char c) { return (c >= 0 && c <= ' ') || c == '\x7f'; }))
        throw usage_error("the URL has a space or control character in it (write %20)");
    if (take_prefix(text, "redis+unix://")) {
        take_login(text, text.find('/'), url);
        parse_path(text, url);
        return url;
    }
    if (take_prefix(text, "unix:")) {
        parse_path(text, url);
        return url;
    }
    url.tls = text.starts_with("rediss://");
    if (!url.tls && !text.starts_with("redis://"))
        throw usage_error("a Redis is redis://HOST:PORT/DB, rediss://HOST:PORT/DB or unix:PATH");
    text.remove_prefix(url.tls ? 9 : 8);
    take_login(text, text.find('/'), url);
    const std::size_t slash = std::min(text.find('/'), text.size());
    parse_host(text.substr(0, slash), url);
    text.remove_prefix(slash);
    if (text.size() > 1)
        url.database =
            static_cast<unsigned>(number_of(text.substr(1), 0, most_database, "database"));
    return url;
}

std::string to_text(const redis_url& value) {
    if (value.empty())
        return {};
    std::string text = value.shown();
    if (!value.password.empty())
        text.insert(text.find("//") + 2, ":***@");
    return text;
}

} // namespace weir

#include "listeners/scrape_options.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace weir {

namespace {

constexpr duration longest_default_timeout = std::chrono::seconds(10);
constexpr duration longest_time = std::chrono::hours(24 * 365);
// The shortest line becomes 13 times as long in JSON, and an event has at most 1 GiB.
constexpr byte_size largest_page = 64_MiB;

// What can stand in a header's value without ending it.
bool is_printable(std::string_view text) {
    return std::ranges::none_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
}

void need(bool right, const char* what) {
    if (!right)
        throw usage_error(what);
}

} // namespace

duration scrape_options::time_limit() const {
    return timeout.count() > 0 ? timeout : std::min(every, longest_default_timeout);
}

std::string scrape_options::target() const { return name.empty() ? url.shown() : name; }

std::string scrape_options::authorization() const {
    if (!token.empty())
        return "Bearer " + token.value;
    return user.empty() ? url.authorization : basic_authorization(user, password.value);
}

void scrape_options::check() const {
    need(every.count() > 0 && every <= longest_time, "option every: must be from 1ms to 8760h");
    need(timeout <= every, "option timeout: must be at most every, for no two scrapes of a target "
                           "are under way at once");
    need(max_size.bytes > 0 && max_size.bytes <= largest_page.bytes,
         "option max-size: must be from 1B to 64MiB");
    need(user.find(':') == std::string::npos, "option user: must not have a ':' in it");
    need(password.empty() || !user.empty() || !url.authorization.empty(),
         "option password: needs user");
    const int ways =
        (user.empty() ? 0 : 1) + (token.empty() ? 0 : 1) + (url.authorization.empty() ? 0 : 1);
    need(ways <= 1, "give a user in the URL, or user, or token, but only one of them");
    need(password.empty() || url.authorization.empty(),
         "give the password in the URL, where the user is");
    need(is_printable(token.value), "option token: must not have a control character in it");
    tls.check(url.tls, "https");
}

// Accept is Prometheus' own, so that every exporter knows it.
std::string scrape_request(const scrape_options& o) {
    std::string head = fmt::format("GET {} HTTP/1.1\r\n"
                                   "Host: {}\r\n"
                                   "User-Agent: weir/" WEIR_VERSION "\r\n"
                                   "Accept: application/openmetrics-text;version=1.0.0,"
                                   "application/openmetrics-text;version=0.0.1;q=0.75,"
                                   "text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\n"
                                   "Accept-Encoding: gzip\r\n"
                                   "X-Prometheus-Scrape-Timeout-Seconds: {}\r\n",
                                   o.url.target, o.url.host_header(),
                                   static_cast<double>(o.time_limit().count()) / 1000);
    if (const std::string authorization = o.authorization(); !authorization.empty())
        head += "Authorization: " + authorization + "\r\n";
    return head + "\r\n";
}

} // namespace weir

// Where a Redis is: redis[s]://[[USER]:PASSWORD@]HOST[:PORT][/DB], unix:PATH or
// redis+unix://[[USER]:PASSWORD@]PATH[?db=DB]. The password is a secret and never shown.
#pragma once

#include "base/options.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

struct redis_url {
    bool tls = false;
    std::string host; // without the brackets of an IPv6 address
    std::uint16_t port = 6379;
    std::string path; // not empty: a unix socket, host and port mean nothing
    std::string user;
    std::string password; // empty: no AUTH
    unsigned database = 0;

    bool empty() const { return host.empty() && path.empty(); }
    std::string shown() const; // without user and password
};

redis_url parse_redis_url(std::string_view text); // throws usage_error, which shows no secret

inline void from_text(std::string_view text, redis_url& to) { to = parse_redis_url(text); }
std::string to_text(const redis_url& value); // with *** for what is not shown

} // namespace weir

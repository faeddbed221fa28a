// Where a POST goes: http[s]://[USER[:PASSWORD]@]HOST[:PORT][/PATH][?QUERY] (RFC 3986, without a
// fragment). User, password and query may be secrets and are never shown.
#pragma once

#include "base/options.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

struct post_url {
    bool tls = false;
    std::string host; // without the brackets of an IPv6 address
    std::uint16_t port = 0;
    std::string target = "/";  // path and query, as they go into the request line
    std::string authorization; // "Basic …" or empty

    std::string host_header() const; // with the port where it is not the scheme's own
    std::string shown() const;       // without anything that may be a secret
};

post_url parse_post_url(std::string_view text); // throws usage_error, which shows no secret

inline void from_text(std::string_view text, post_url& to) { to = parse_post_url(text); }
std::string to_text(const post_url& value); // with *** for what is not shown

} // namespace weir

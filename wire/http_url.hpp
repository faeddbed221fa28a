// Where a request goes: http[s]://[USER[:PASSWORD]@]HOST[:PORT][/PATH][?QUERY] (RFC 3986, without a
// fragment). User, password and query may be secrets and are never shown. Pure functions.
#pragma once

#include "base/options.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

struct http_url {
    bool tls = false;
    std::string host; // without the brackets of an IPv6 address
    std::uint16_t port = 0;
    std::string target = "/";  // path and query, as they go into the request line
    std::string authorization; // "Basic …" or empty

    std::string host_header() const; // with the port where it is not the scheme's own
    std::string shown() const;       // without anything that may be a secret
};

// RFC 7617: "Basic …", for a user without a colon in it.
std::string basic_authorization(std::string_view user, std::string_view password);

http_url parse_http_url(std::string_view text); // throws usage_error, which shows no secret

inline void from_text(std::string_view text, http_url& to) { to = parse_http_url(text); }
std::string to_text(const http_url& value); // with *** for what is not shown

} // namespace weir

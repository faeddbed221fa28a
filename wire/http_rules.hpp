// The rules of a request's head that Beast 1.81 leaves to others, checked on the raw bytes before
// Beast sees them (RFC 9112, sections 2.2, 3.2, 5 and 6; RFC 9110, section 7.2). They leave no two
// ways to read where a request ends, so that nothing can be smuggled past whoever stands before us.
//
// Refused: a CR or LF alone, NUL and other controls; whitespace before the colon; obs-fold; more
// than 100 fields; a missing (HTTP/1.1), second or malformed Host; a Transfer-Encoding that is not
// exactly `chunked`, or stands twice, beside a Content-Length or in HTTP/1.0; a Content-Length that
// stands twice or is not digits alone.
//
// Pure functions, usable from any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace weir {

// What is wrong with a request. The reason is a literal, and may be told to the peer.
struct http_fault {
    unsigned status;
    std::string_view reason;
    friend bool operator==(const http_fault&, const http_fault&) = default;
};

constexpr std::size_t most_http_fields = 100;

// `head` is the request line and the fields, with the empty line that ends them.
std::optional<http_fault> http_rules_fault(std::string_view head);

// A field's line without its CRLF: token ":" value, without controls but the tab (section 5).
struct http_field {
    std::string_view name;
    std::string_view value; // without the whitespace around it
};
std::optional<http_field> parse_http_field(std::string_view line);

bool is_http_token(std::string_view text);                               // RFC 9110, section 5.6.2
bool equals_ignoring_case(std::string_view one, std::string_view other); // ASCII

} // namespace weir

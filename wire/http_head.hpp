// A request's head, read: the rules first, then Beast's parser, which allocates nothing here, for
// every text is a view into the bytes that were parsed (RFC 9112, sections 3 and 6; RFC 9110).
// Usable from any thread.
#pragma once

#include "wire/http_rules.hpp"
#include "wire/trace_context.hpp"

#include <ostream> // which verb.hpp uses and does not include

#include <boost/beast/http/verb.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

using http_method = boost::beast::http::verb;

struct http_head {
    http_method method = http_method::unknown;
    std::string_view path;  // as sent; "*" for OPTIONS *
    std::string_view query; // as sent, without '?'
    std::string_view host;  // the target's own where it has one, else Host's

    bool http_1_0 = false;
    bool keep_alive = true;
    bool expects_continue = false;
    bool wants_websocket = false; // Connection: Upgrade and Upgrade: websocket
    bool chunked = false;
    std::optional<std::uint64_t> content_length;

    // Empty where the field is absent.
    std::string_view origin;
    std::string_view authorization;
    std::string_view content_type;
    std::string_view content_encoding;
    std::string_view user_agent;       // the first
    std::string_view preflight_method; // Access-Control-Request-Method
    std::string_view websocket_key;
    std::string_view websocket_version;
    std::string_view last_event_id;

    trace_fields trace;

    bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

// Nothing where all is well, and `into` is filled then. `head` as for http_rules_fault.
std::optional<http_fault> parse_http_head(std::string_view head, http_head& into);

// %XX taken out. Nothing where the escapes are broken.
std::optional<std::string> percent_decoded(std::string_view text);

// The first value of `name` in a query, as sent; nothing where it is not there.
std::optional<std::string_view> query_value(std::string_view query, std::string_view name);

} // namespace weir
